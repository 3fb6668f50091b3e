"""The connections to Graph, and how many of them there may be."""

from __future__ import annotations

import asyncio
import logging
import os
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from typing import TYPE_CHECKING

from wizard import __version__
from wizard.graph.errors import GraphError, Reason
from wizard.graph.rate_limits import RateLimits
from wizard.support.proxies import proxy_for
from wizard.support.threads import run_in_thread

if TYPE_CHECKING:
    import httpx

AGENT = f"whatsapp-wizard/{__version__}"
_HEADERS = {"User-Agent": AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}
_LIMIT = 10.0


class Pool:
    """Connections to one base URL, opened when first used.

    Many may share it: then it has at most `most` requests under way at once, keeps to what Meta's
    headers allow, and `peak` is the most that there were. Who made it closes it.
    """

    def __init__(self, base_url: str, most: int | None = None) -> None:
        self.base_url = base_url
        self.peak = 0
        self.asked = 0
        self._places = asyncio.Semaphore(most) if most else None
        self._usage = RateLimits() if most else None
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self._under_way = 0

    @asynccontextmanager
    async def slot(self, app: str, path: str) -> AsyncIterator[None]:
        """Waits for a place among the requests under way, for as long as it takes. Raises
        `GraphError` where Meta allows this app, or the account of this path, no more calls."""
        if self._places is None or self._usage is None:
            yield
            return
        self._usage.check(app, path)
        if pause := self._usage.pause(app, path):
            await asyncio.sleep(pause)
        async with self._places:
            self._usage.check(app, path)  # it may have been used up while this one waited
            self._under_way += 1
            self.peak, self.asked = max(self.peak, self._under_way), self.asked + 1
            try:
                yield
            finally:
                self._under_way -= 1

    def update_limits(
        self, app: str, path: str, headers: Mapping[str, str], *, refused: bool
    ) -> None:
        """Takes in what an answer tells of the calls that are left."""
        if self._usage is not None:
            (self._usage.refused if refused else self._usage.update)(app, path, headers)

    async def client(self) -> httpx.AsyncClient:
        """Raises `GraphError` where the environment's certificates or proxy can't be used."""
        async with self._opening:
            if self._client is None:
                self._client = await _new_client(self.base_url)
            return self._client

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()


async def _new_client(base_url: str) -> httpx.AsyncClient:
    # Importing httpx and reading the root certificates take 0.1 s: not on the event loop.
    try:
        context = await run_in_thread(lambda: _tls_context(base_url), timeout=_LIMIT)
    except (OSError, ssl.SSLError) as error:
        raise GraphError(Reason.TLS, f"SSL_CERT_FILE can't be used: {error}.") from None
    import httpx

    # The one logs whole addresses, the other Meta's headers, which may repeat a token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        return httpx.AsyncClient(
            verify=context,
            timeout=None,  # noqa: S113 - the limit is set around the whole request # nosec B113
            proxy=proxy_for(base_url),
            trust_env=False,
            headers={
                "User-Agent": AGENT,
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise GraphError(
            Reason.PROXY, f"The proxy in the environment can't be used: {error}"
        ) from None


def _tls_context(base_url: str) -> ssl.SSLContext:
    if base_url.lower().startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and is not needed
    return _context_for(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _context_for(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context()
