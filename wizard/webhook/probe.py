"""Plays Meta's part towards a callback URL, and says what came back."""

from __future__ import annotations

import asyncio
import secrets
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wizard.credentials import Secret
from wizard.webhook.endpoint import MARKER_HEADER

if TYPE_CHECKING:
    import httpx

USER_AGENT = "facebookplatform/1.0 (+http://developers.facebook.com)"
PATIENCE = 6.0
"""Seconds that Meta was seen to wait: "Operation timed out after 6000 milliseconds"."""

_MOST_BYTES = 64 * 1024


class Failure(StrEnum):
    """Why there was no answer; each is a finding `webhook.<failure>`."""

    DNS = "dns"
    CONNECT = "connect"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_EXPIRED = "tls_expired"
    TLS_HOSTNAME = "tls_hostname"
    TIMEOUT = "timeout"


class ProbeError(Exception):
    """No answer came; the text holds no token."""

    def __init__(self, failure: Failure, detail: str) -> None:
        super().__init__(detail)
        self.failure = failure
        self.detail = detail


@dataclass(frozen=True)
class Answer:
    """What the endpoint answered to a handshake with this challenge."""

    challenge: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


async def shake_hands(
    url: str,
    verify_token: Secret,
    *,
    mode: str = "subscribe",
    marker: str | None = None,
    limit: float = PATIENCE,
) -> Answer:
    """A handshake as Meta does it: three parameters, a fresh challenge of digits, Meta's user
    agent, redirects not followed, certificates checked. `marker` is our endpoint's, by which it
    knows that it is not Meta who calls. Raises `ProbeError`.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    challenge = str(secrets.randbelow(9 * 10**9) + 10**9)
    begun = time.monotonic()
    try:
        async with asyncio.timeout(limit):
            status, headers, body = await _get(url, verify_token, mode, challenge, marker)
    except TimeoutError:
        raise ProbeError(Failure.TIMEOUT, f"No answer within {limit:g} seconds.") from None
    return Answer(challenge, status, headers, body, time.monotonic() - begun)


async def _get(
    url: str, verify_token: Secret, mode: str, challenge: str, marker: str | None
) -> tuple[int, dict[str, str], bytes]:
    import httpx

    query = {
        "hub.mode": mode,
        "hub.challenge": challenge,
        "hub.verify_token": verify_token.reveal(),
    }
    try:
        async with (
            httpx.AsyncClient(
                timeout=None,  # noqa: S113 - the limit is set around the whole request
                trust_env=not _is_loopback(url),
                headers={"User-Agent": USER_AGENT, "Accept": "*/*"}
                | ({MARKER_HEADER: marker} if marker else {}),
            ) as client,
            client.stream("GET", url, params=query) as response,
        ):
            return response.status_code, dict(response.headers), await _read(response)
    except httpx.TimeoutException:
        raise TimeoutError from None
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise _failure(error, url) from None


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            break
    return bytes(body)


def _failure(error: Exception, url: str) -> ProbeError:
    host = urlsplit(url).hostname or url
    causes = list(_causes(error))
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return ProbeError(Failure.DNS, f"{host} has no address.")
    tls = next((c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None)
    if tls is not None:
        said = tls.verify_message
        failure = {10: Failure.TLS_EXPIRED, 62: Failure.TLS_HOSTNAME, 64: Failure.TLS_HOSTNAME}
        return ProbeError(failure.get(tls.verify_code, Failure.TLS_UNTRUSTED), f"{host}: {said}.")
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return ProbeError(Failure.TLS_UNTRUSTED, f"{host} speaks no TLS that can be trusted.")
    return ProbeError(Failure.CONNECT, f"{host}: {type(error).__name__}.")


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return host == "localhost" or host.startswith("127.") or host == "::1"
