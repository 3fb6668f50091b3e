"""Plays Meta's part towards a callback URL, and says what came back."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import quote_plus, urlsplit

from wizard.values.credentials import Secret
from wizard.values.redaction import redact
from wizard.webhook.echo import without_parameters, without_query
from wizard.webhook.headers import MARKER_HEADER
from wizard.webhook.http_client import HttpResponse, request
from wizard.webhook.probe_errors import Failure, ProbeError

__all__ = [
    "TIMEOUT",
    "USER_AGENT",
    "Failure",
    "ProbeError",
    "ProbeResponse",
    "deliver",
    "handshake",
]

USER_AGENT = "facebookplatform/1.0 (+http://developers.facebook.com)"
DELIVERY_AGENT = "facebookexternalua"
TIMEOUT = 6.0
"""Seconds that Meta was seen to wait: "Operation timed out after 6000 milliseconds"."""

_HEADERS = {"Accept": "*/*", "Accept-Encoding": "deflate, gzip"}
_SHOWN = 8192
_LOWEST, _BEYOND = 10**9, 2**31
"""Of Meta's challenges, as far as anybody has shown one: ten digits that fit into 32 bits."""


@dataclass(frozen=True)
class ProbeResponse:
    """What the endpoint answered to a handshake with this challenge, or to a delivery, which has
    none. Body and headers may repeat what was sent: `text` and `header` are fit to be shown."""

    challenge: str
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    seconds: float
    sent: tuple[Secret, ...] = ()

    @property
    def echoes_challenge(self) -> bool:
        """Whether Meta would be content."""
        packed = self.headers.get("content-encoding", "")
        return self.status == 200 and not packed and self.body == self.challenge.encode()

    @cached_property
    def content(self) -> str:
        """The body as text, without the query that it may repeat; secrets may stand in it."""
        return without_query(self.body.decode(errors="replace"))

    @cached_property
    def text(self) -> str:
        """The beginning of the body as text, without the query that it may repeat, and with what
        is secret taken out of it."""
        return redact(without_query(self.body[:_SHOWN].decode(errors="replace")), self.sent)

    @cached_property
    def words(self) -> str:
        """As `text`, also without the parameters as the server has read them: what it says of
        its own."""
        return redact(without_parameters(self.body[:_SHOWN].decode(errors="replace")), self.sent)

    def header(self, name: str) -> str:
        """A header's value with what is secret taken out of it; empty where there is none."""
        return redact(self.headers.get(name.lower(), ""), self.sent)


async def handshake(
    url: str,
    verify_token: Secret | None,
    *,
    mode: str = "subscribe",
    names: str = "hub.{}",
    host: str = "",
    marker: str | None = None,
    agent: str = USER_AGENT,
    limit: float = TIMEOUT,
) -> ProbeResponse:
    """A handshake as Meta does it: three parameters, a fresh challenge of digits, Meta's user
    agent, redirects not followed, certificates checked. Without a token none of the three is
    sent. `names` is the form of the parameters' names, `host` what the Host header says in place
    of the URL's host. `marker` is our endpoint's, by which it knows that it is not Meta who
    calls. Raises `ProbeError`.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    challenge = str(_LOWEST + secrets.randbelow(_BEYOND - _LOWEST))
    headers = _HEADERS | {"User-Agent": agent} | ({MARKER_HEADER: marker} if marker else {})
    headers |= {"Host": host} if host else {}
    query = _query(mode, challenge, verify_token, names) if verify_token else ""
    asked = as_meta_asks(url, query)
    reply = await request("GET", asked, headers, limit=limit)
    return _answer(reply, challenge, verify_token)


async def deliver(
    url: str,
    body: bytes,
    signatures: Mapping[str, str] | None = None,
    *,
    marker: str | None = None,
    secret: Secret | None = None,
    limit: float = TIMEOUT,
) -> ProbeResponse:
    """A delivery as Meta does it, with these headers of its signature or with none; by its `marker`
    our endpoint knows it for a trial and tells nobody of it. `secret` is hidden in what is shown
    of the answer. Raises `ProbeError`."""
    own = {"User-Agent": DELIVERY_AGENT, "Content-Type": "application/json"}
    own |= {MARKER_HEADER: marker} if marker else {}
    headers = _HEADERS | own | dict(signatures or {})
    reply = await request("POST", as_meta_asks(url), headers, body, limit=limit)
    return _answer(reply, token=secret)


def as_meta_asks(url: str, query: str = "") -> str:
    """The address that Meta calls: a `+` in the path has become a space, and its own parameters
    follow those of the URL. What is no URL stays as it is."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return url
    both = "&".join(filter(None, (parts.query, query)))
    return parts._replace(path=parts.path.replace("+", "%20"), query=both, fragment="").geturl()


def _query(mode: str, challenge: str, token: Secret, names: str) -> str:
    # surrogateescape: a byte that was no UTF-8 goes out as it came in.
    sent = quote_plus(token.reveal(), errors="surrogateescape")
    pairs = (("mode", mode), ("challenge", challenge), ("verify_token", sent))
    return "&".join(f"{names.format(name)}={value}" for name, value in pairs)


def _answer(reply: HttpResponse, challenge: str = "", token: Secret | None = None) -> ProbeResponse:
    sent = (token,) if token is not None else ()
    return ProbeResponse(challenge, reply.status, reply.headers, reply.body, reply.seconds, sent)
