"""The calls by which one callback is examined."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from wizard.checks.callback.deliveries import Delivered, Tried
from wizard.checks.callback.handshake import SLOW
from wizard.values.credentials import Secret
from wizard.webhook.probe import (
    TIMEOUT,
    USER_AGENT,
    ProbeError,
    ProbeResponse,
    deliver,
    handshake,
)
from wizard.webhook.sample import SAMPLE, signatures

_AT_ONCE = 6


@dataclass
class CallbackProbes:
    """Each gives an answer, or the error in place of one. Few go out at a time."""

    url: str
    token: Secret | None
    secret: Secret | None
    marker: str | None = None
    limit: float = TIMEOUT
    _few: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))

    async def handshake(
        self,
        token: Secret | None = None,
        *,
        url: str | None = None,
        mode: str = "subscribe",
        agent: str = USER_AGENT,
    ) -> Tried:
        sent = token or self.token or random_token()
        call = handshake(
            url or self.url, sent, mode=mode, marker=self.marker, agent=agent, limit=self.limit
        )
        return await self._tried(call)

    async def get_bare(self, url: str | None = None) -> Tried:
        """A GET without any of the three parameters."""
        call = handshake(url or self.url, None, marker=self.marker, limit=self.limit)
        return await self._tried(call)

    async def post(self, secret: Secret | None) -> Tried:
        """Meta's sample, signed with this secret, or not at all."""
        signed = signatures(secret, SAMPLE) if secret else None
        return await self._tried(
            deliver(self.url, SAMPLE, signed, marker=self.marker, limit=self.limit)
        )

    async def delivered(self) -> Delivered:
        """What Meta's sample meets, side by side; what has no clear answer, once more alone."""
        signed = [self.post(self.secret)] if self.secret else []
        unsigned, forged, *rest = await asyncio.gather(
            self.post(None), self.post(random_token()), *signed
        )
        told = Delivered(unsigned, forged, *rest)
        if told.signed is not None and not _settled(told.signed):
            return replace(told, signed=await self.post(self.secret))
        if told.signed is None and not _settled(unsigned):
            return replace(told, unsigned=await self.post(None))
        return told

    async def delivered_alone(self) -> Delivered:
        """The same one after another, for a server that is slow."""
        signed = await self.post(self.secret) if self.secret else None
        unsigned = await self.post(None)
        return Delivered(unsigned, unsigned, signed)

    async def post_best(self) -> Tried:
        """Meta's sample, signed if that can be."""
        return await self.post(self.secret)

    @property
    def slashed(self) -> str:
        """The URL with a slash at its path's end, or without the one that is there."""
        parts = urlsplit(self.url)
        path = parts.path.rstrip("/") if parts.path.endswith("/") else f"{parts.path}/"
        return parts._replace(path=path).geturl()

    @property
    def beside(self) -> str:
        """A path in the same folder that nobody has."""
        parts = urlsplit(self.url)
        folder = parts.path.rstrip("/").rpartition("/")[0]
        return parts._replace(path=f"{folder}/{secrets.token_hex(6)}").geturl()

    async def _tried(self, call: Awaitable[ProbeResponse]) -> Tried:
        try:
            async with self._few:
                return await call
        except ProbeError as error:
            return error


def _settled(tried: Tried) -> bool:
    """Whether a call made beside others needs no second try: these together may have been too
    much for a small server."""
    return isinstance(tried, ProbeResponse) and tried.status != 429 and tried.seconds <= SLOW


def random_token() -> Secret:
    """A token, or a secret, that nobody has."""
    return Secret(secrets.token_hex(16))
