"""Passes a delivery on to somebody's own app, byte for byte."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import urlsplit

from wizard.support.http_clients import CertificatesError, ProxyError, new_client
from wizard.webhook.event_queue import Delivery

if TYPE_CHECKING:
    import httpx

LIMIT = 10.0

ForwardFailure: TypeAlias = Literal["timeout", "connect", "broken_off", "bad_url", "behind"]
"""`behind` is never raised here: it was not sent, for too many before it wait for the app."""

_NAMES = {
    "content-type": "Content-Type",
    "user-agent": "User-Agent",
    "x-hub-signature": "X-Hub-Signature",
    "x-hub-signature-256": "X-Hub-Signature-256",
}


@dataclass(frozen=True)
class Forwarded:
    """What the app answered, or why it did not."""

    status: int | None
    duration_ms: int
    error: ForwardFailure | None = None


async def forward(delivery: Delivery, url: str, *, limit: float = LIMIT) -> Forwarded:
    """Posts the body with its signatures; redirects are not followed. Raises nothing."""
    begun = time.monotonic()
    status, error = await _outcome(delivery, url, limit)
    return Forwarded(status, round((time.monotonic() - begun) * 1000), error)


async def _outcome(
    delivery: Delivery, url: str, limit: float
) -> tuple[int | None, ForwardFailure | None]:
    try:
        client = await new_client(url, timeout=None)  # the limit is set around the whole request
    except ProxyError:
        return None, "connect"
    except CertificatesError:
        return None, "broken_off"
    import httpx

    try:
        async with asyncio.timeout(limit), client:
            return await _post(client, delivery, url), None
    except (TimeoutError, httpx.TimeoutException):
        return None, "timeout"
    except (httpx.ConnectError, httpx.ProxyError):
        return None, "connect"
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError, OverflowError):
        return None, "bad_url"
    except (httpx.HTTPError, OSError):
        return None, "broken_off"


async def _post(client: httpx.AsyncClient, delivery: Delivery, url: str) -> int:
    # Raises ValueError: a port beyond 65535 would leave a socket open in anyio.
    _ = urlsplit(url).port
    headers = [(_NAMES[name], value.encode("latin-1")) for name, value in delivery.headers]
    sending = client.stream("POST", url, content=delivery.body, headers=_encoded(headers))
    async with sending as response:
        return response.status_code


def _encoded(headers: list[tuple[str, bytes]]) -> httpx.Headers:
    import httpx

    return httpx.Headers([(name.encode(), value) for name, value in headers])
