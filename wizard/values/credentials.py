"""The six credentials, the machine's own one, and the masked type that carries secrets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, NoReturn, TypeAlias

MASK = "••••••••"


class Secret:
    """A value that shows itself to nobody who does not call `reveal()`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK})"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __len__(self) -> int:
        return len(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        from hmac import compare_digest  # with all that hashes, which few commands need

        # A stray byte on stdin arrives as a lone surrogate, which plain UTF-8 refuses.
        mine, theirs = (text.encode(errors="surrogatepass") for text in (self._value, other._value))
        return compare_digest(mine, theirs)

    def __hash__(self) -> int:
        return hash((Secret, self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")


Value: TypeAlias = str | Secret


class Credential(NamedTuple):
    """What is known of a credential before anybody has it."""

    name: str
    label: str
    short: str
    env: str
    step: str
    secret: bool = False

    def wrap(self, text: str) -> Value:
        """The text as this credential's value: masked where it is a secret."""
        return Secret(text) if self.secret else text


_ALL = (
    Credential("app_id", "App ID", "App", "WHATSAPP_APP_ID", "9.3"),
    Credential("app_secret", "App Secret", "Secret", "WHATSAPP_APP_SECRET", "9.5", secret=True),
    Credential(
        "access_token", "Access token", "Token", "WHATSAPP_ACCESS_TOKEN", "7.5", secret=True
    ),
    Credential("phone_number_id", "Phone number ID", "Phone", "WHATSAPP_PHONE_NUMBER_ID", "6.6"),
    Credential("waba_id", "WABA ID", "WABA", "WHATSAPP_WABA_ID", "6.6"),
    Credential(
        "verify_token", "Verify token", "Verify", "WHATSAPP_VERIFY_TOKEN", "8.3", secret=True
    ),
)

CREDENTIALS: Mapping[str, Credential] = {credential.name: credential for credential in _ALL}

NGROK_AUTHTOKEN = Credential(
    "ngrok_authtoken", "ngrok authtoken", "ngrok", "NGROK_AUTHTOKEN", "8.2", secret=True
)
"""Belongs to the machine, not to a profile."""

KEPT: Mapping[str, Credential] = {**CREDENTIALS, NGROK_AUTHTOKEN.name: NGROK_AUTHTOKEN}
"""All that a keyring may hold."""


def plain(value: Value) -> str:
    """The text itself, for the moment it is sent or stored."""
    return value.reveal() if isinstance(value, Secret) else value


def shown(value: Value | None) -> str:
    """A value as people may see it: masked where it is a secret, empty where there is none."""
    return "" if value is None else str(value)


@dataclass(frozen=True)
class Values:
    """Those of the six that are at hand; `None` stands for absent."""

    app_id: str | None = None
    app_secret: Secret | None = None
    access_token: Secret | None = None
    phone_number_id: str | None = None
    waba_id: str | None = None
    verify_token: Secret | None = None

    def get(self, name: str) -> Value | None:
        value: Value | None = getattr(self, CREDENTIALS[name].name)
        return value

    def with_(self, name: str, value: Value | None) -> Values:
        """A copy in which one credential has another value."""
        known: dict[str, Any] = dict(self.present())
        return Values(**known | {CREDENTIALS[name].name: value})

    def present(self) -> Iterator[tuple[str, Value]]:
        for part in fields(self):
            value = self.get(part.name)
            if value is not None:
                yield part.name, value
