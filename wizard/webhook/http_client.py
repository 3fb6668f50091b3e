"""One request over HTTP, and whatever comes back, or why nothing does."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
import sys
import time
from collections.abc import Mapping
from contextlib import aclosing
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from wizard.support.imports import before_httpx
from wizard.support.proxies import proxy_for
from wizard.support.threads import run_in_thread
from wizard.support.unpacking import unpack
from wizard.webhook.address import resolve, split_url
from wizard.webhook.connection_errors import (
    UNCONNECTED,
    RequestTrace,
    classify_error,
    classify_timeout,
)
from wizard.webhook.probe_errors import Failure, ProbeError

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 64 * 1024
_OFF_THE_LOOP = 10.0
_LOCATION = "wizard.location"


@dataclass(frozen=True)
class HttpResponse:
    """What came back. Header names are in lower case; the body is unpacked where it could be."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


async def request(
    method: str, url: str, headers: Mapping[str, str], body: bytes = b"", *, limit: float
) -> HttpResponse:
    """One request: redirects not followed, certificates checked, at most 64 KB of the body. Raises
    `ProbeError`, whose text holds the host and nothing else of the URL.

    A proxy of the environment is used, but never towards this machine.
    """
    parts = split_url(url)
    client = await _client(url, limit)
    course = RequestTrace(method)
    begun = time.monotonic()
    try:
        async with asyncio.timeout(limit), client:
            await resolve(parts, limit)
            course.stage = UNCONNECTED
            request = client.build_request(
                method, url, headers=headers, content=body, extensions={"trace": course.trace}
            )
            reply = await _exchange(client, request)
    except TimeoutError:
        raise await classify_timeout(parts, course, limit) from None
    except Exception as error:
        trouble = await classify_error(error, parts, course)
        if trouble is None:
            raise
        raise trouble from None
    return HttpResponse(*reply, time.monotonic() - begun)


async def _exchange(
    client: httpx.AsyncClient, request: httpx.Request
) -> tuple[int, dict[str, str], bytes]:
    import httpx

    try:
        async with aclosing(await client.send(request, stream=True)) as response:
            raw = bytearray()
            async for chunk in response.aiter_raw():
                raw += chunk
                if len(raw) >= MOST_BYTES:
                    break
            told = {name.lower(): value for name, value in response.headers.items()}
            told |= response.extensions.get(_LOCATION, {})
            # What is left in that header keeps Meta from reading the body.
            packed = told.get("content-encoding", "")
            body, told["content-encoding"] = unpack(bytes(raw), packed, MOST_BYTES)
            return response.status_code, told, body
    except httpx.TimeoutException:
        raise TimeoutError from None


async def _client(url: str, limit: float) -> httpx.AsyncClient:
    # Importing httpx and reading the root certificates take 0.1 s: not on the event loop.
    before_httpx()
    try:
        is_quick = "httpx" in sys.modules and _is_plain(url)
        context = (
            _context(url)
            if is_quick
            else await run_in_thread(lambda: _context(url), timeout=_OFF_THE_LOOP)
        )
    except (OSError, ssl.SSLError) as error:
        raise ProbeError(Failure.HINDERED, f"SSL_CERT_FILE can't be used: {error}") from None
    import httpx

    # They log whole addresses, and the token stands in one.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        return httpx.AsyncClient(
            verify=context,
            # The limit is set around the whole request; but cut off in the middle of TLS, httpcore
            # leaves the socket open, so that it has to give up by itself, a little sooner.
            timeout=httpx.Timeout(None, connect=0.95 * limit),
            proxy=proxy_for(url),
            trust_env=False,
            event_hooks={"response": [_keep_location]},
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        # Not the error's own text: a proxy's address may bear a password.
        said = "The configured proxy type is not supported"
        raise ProbeError(Failure.HINDERED, said) from None


async def _keep_location(response: httpx.Response) -> None:
    """Sets Location aside: httpx raises where that is no URL, though nobody follows it."""
    if "location" in response.headers:
        response.extensions[_LOCATION] = {"location": response.headers.pop("location")}


def _is_plain(url: str) -> bool:
    return url.lower().startswith("http:")


@cache
def _no_context() -> ssl.SSLContext:
    """Trusts nobody, and is not needed."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _context(url: str) -> ssl.SSLContext:
    if _is_plain(url):
        return _no_context()
    return _context_for(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _context_for(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context()
