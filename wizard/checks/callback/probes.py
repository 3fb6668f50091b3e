"""The calls by which one callback is examined."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from wizard.checks.callback.limits import Pace, Tried
from wizard.values.credentials import Secret
from wizard.webhook.probe import (
    TIMEOUT,
    USER_AGENT,
    ProbeResponse,
    deliver,
    handshake,
)
from wizard.webhook.sample import plain_message, signatures


@dataclass
class CallbackProbes:
    """Each gives an answer, or the error in place of one."""

    url: str
    token: Secret | None
    secret: Secret | None
    marker: str | None = None
    limit: float = TIMEOUT
    may_deliver: bool = True
    pace: Pace = field(default_factory=Pace)

    async def handshake(
        self,
        token: Secret | None = None,
        *,
        url: str | None = None,
        mode: str = "subscribe",
        names: str = "hub.{}",
        host: str = "",
        agent: str = USER_AGENT,
    ) -> Tried:
        sent = token or self.token or random_token()
        return await self._tried(
            lambda: handshake(
                url or self.url,
                sent,
                mode=mode,
                names=names,
                host=host,
                marker=self.marker,
                agent=agent,
                limit=self.limit,
            )
        )

    async def get_bare(self, url: str | None = None) -> Tried:
        """A GET without any of the three parameters."""
        return await self._tried(
            lambda: handshake(url or self.url, None, marker=self.marker, limit=self.limit)
        )

    async def post(
        self, secret: Secret | None, body: bytes | None = None, *, url: str | None = None
    ) -> Tried:
        """A delivery, by default a message in plain ASCII, signed with this secret or not."""
        sent = plain_message() if body is None else body
        signed = signatures(secret, sent) if secret else None
        return await self._tried(
            lambda: deliver(
                url or self.url,
                sent,
                signed,
                marker=self.marker,
                secret=self.secret,
                limit=self.limit,
            )
        )

    async def post_best(self) -> Tried | None:
        """A message, signed if that can be; `None` where none may be sent."""
        return await self.post(self.secret) if self.may_deliver else None

    @property
    def root(self) -> str:
        """The host's own page."""
        return urlsplit(self.url)._replace(path="/", query="").geturl()

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

    async def _tried(self, call: Callable[[], Awaitable[ProbeResponse]]) -> Tried:
        return await self.pace.call(call)


def random_token() -> Secret:
    """A token, or a secret, that nobody has."""
    return Secret(secrets.token_hex(16))
