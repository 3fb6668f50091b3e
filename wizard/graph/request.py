"""One request to Graph, and the places where its secrets are revealed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from wizard.values.credentials import Secret


def app_token(app_id: str, secret: Secret) -> Secret:
    """The token with which an app speaks for itself.

    https://developers.facebook.com/docs/facebook-login/guides/access-tokens#apptokens
    """
    return Secret(f"{app_id}|{secret.reveal()}")


@dataclass(frozen=True)
class Request:
    """`token` goes into the header; `params` and `secrets`, those that are secret, into the body
    of a POST and else into the address. `json` is a body of its own, with secrets anywhere in it.
    """

    method: str
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    token: Secret | None = None
    secrets: Mapping[str, Secret] = field(default_factory=dict)
    json: Mapping[str, Any] | None = None

    @property
    def sent(self) -> list[Secret]:
        """What must not stand in anything that is said of this request."""
        token = [self.token] if self.token else []
        return [*self.secrets.values(), *token, *_secrets(self.json)]

    def headers(self) -> dict[bytes, bytes]:
        bearer = f"Bearer {self.token.reveal()}".encode(errors="replace") if self.token else b""
        return {b"Authorization": bearer} if bearer else {}

    def query(self) -> dict[str, str]:
        """The parameters that go into the address."""
        in_body = self.method == "POST" or self.json is not None
        return {} if in_body else self._revealed()

    def content(self) -> dict[str, Any]:
        """The parameters that go into the body, as httpx takes them."""
        if self.json is not None:
            return {"json": {**_plain(self.json), **self._revealed()}}
        return {"data": self._revealed()} if self.method == "POST" else {}

    def _revealed(self) -> dict[str, str]:
        revealed = {name: secret.reveal() for name, secret in self.secrets.items()}
        return {**self.params, **revealed}

    def proven(self, secret: Secret) -> Request:
        """The same with the proof that an app may demand of whoever uses a token of its own.

        https://developers.facebook.com/docs/facebook-login/security
        """
        import hashlib  # few apps demand it
        import hmac

        token = self.token.reveal() if self.token else ""
        proof = hmac.new(secret.reveal().encode(), token.encode(), hashlib.sha256).hexdigest()
        return replace(self, secrets={**self.secrets, "appsecret_proof": Secret(proof)})


def _secrets(body: object) -> Iterator[Secret]:
    if isinstance(body, Secret):
        yield body
    elif isinstance(body, Mapping | list):
        for part in body.values() if isinstance(body, Mapping) else body:
            yield from _secrets(part)


def _plain(body: Any) -> Any:
    if isinstance(body, Mapping):
        return {name: _plain(part) for name, part in body.items()}
    if isinstance(body, list):
        return [_plain(part) for part in body]
    return body.reveal() if isinstance(body, Secret) else body
