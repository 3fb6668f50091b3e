"""The connections to Graph, and how many of them there may be."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from wizard import __version__
from wizard.graph.errors import GraphError, Reason
from wizard.graph.rate_limits import RateLimits
from wizard.support.http_clients import CertificatesError, ProxyError, new_client

if TYPE_CHECKING:
    import httpx

AGENT = f"whatsapp-wizard/{__version__}"
_HEADERS = {"User-Agent": AGENT, "Accept": "application/json", "Accept-Encoding": "identity"}


class Pool:
    """Connections to one base URL, opened when first used.

    Many may share it: then it has at most `most` requests under way at once, keeps to what Meta's
    headers allow, and `peak` is the most that there were. Who made it closes it.

    Shared, it gives each request under way a client of its own, and so a connection of its own: for
    every request and every answer httpcore looks at each connection that its pool has, which is a
    third of the work where there are 24.
    """

    def __init__(self, base_url: str, most: int | None = None) -> None:
        self.base_url = base_url
        self.peak = 0
        self.asked = 0
        self._places = asyncio.Semaphore(most) if most else None
        self._usage = RateLimits() if most else None
        self._clients: list[httpx.AsyncClient] = []
        self._idle: list[httpx.AsyncClient] = []
        self._opening = asyncio.Lock()
        self._under_way = 0

    @asynccontextmanager
    async def slot(self, app: str, path: str) -> AsyncIterator[httpx.AsyncClient]:
        """Waits for a place among the requests under way, for as long as it takes, and yields the
        client for one. Raises `GraphError` where Meta allows this app, or the account of this path,
        no more calls, and where the environment's certificates or proxy can't be used."""
        if self._places is None or self._usage is None:
            yield await self._common_client()
            return
        self._usage.check(app, path)
        if pause := self._usage.pause(app, path):
            await asyncio.sleep(pause)
        async with self._places:
            self._usage.check(app, path)  # it may have been used up while this one waited
            client = await self._idle_client()
            self._under_way += 1
            self.peak, self.asked = max(self.peak, self._under_way), self.asked + 1
            try:
                yield client
            finally:
                self._under_way -= 1
                self._idle.append(client)

    def update_limits(
        self, app: str, path: str, headers: Mapping[str, str], *, refused: bool
    ) -> None:
        """Takes in what an answer tells of the calls that are left."""
        if self._usage is not None:
            (self._usage.refused if refused else self._usage.update)(app, path, headers)

    async def close(self) -> None:
        for client in self._clients:
            await client.aclose()

    async def _common_client(self) -> httpx.AsyncClient:
        async with self._opening:
            return self._clients[0] if self._clients else await self._open()

    async def _idle_client(self) -> httpx.AsyncClient:
        # Opened one after another: the first reads the root certificates, for all.
        async with self._opening:
            return self._idle.pop() if self._idle else await self._open()

    async def _open(self) -> httpx.AsyncClient:
        client = await _new_client(self.base_url)
        self._clients.append(client)
        return client


async def _new_client(base_url: str) -> httpx.AsyncClient:
    # No limit of the client's: one is set around the whole request.
    try:
        return await new_client(base_url, headers=_HEADERS, timeout=None)
    except CertificatesError as error:
        raise GraphError(Reason.TLS, f"{error}.") from None
    except ProxyError as error:
        raise GraphError(Reason.PROXY, f"{error}") from None
