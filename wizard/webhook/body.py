"""A request's body, read within limits of size, time and what is held at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.webhook.errors import RefusedError

if TYPE_CHECKING:
    from starlette.types import Receive

MOST_BYTES = 3 * 1024 * 1024
"""Meta's limit: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview"""

MOST_UNCHECKED_BYTES = 256 * 1024
"""Of what anybody may have sent, as long as there is no App Secret to check it with."""

_MOST_AT_ONCE = 16 * MOST_BYTES


class BodyReader:
    """Reads bodies, several at a time, and knows how much it holds."""

    def __init__(self, timeout: float) -> None:
        self._patience = timeout
        self._held = 0

    async def read(self, receive: Receive, declared: int | None, *, checked: bool) -> bytes:
        """The body as it came, which counts as held until it is released.

        `declared` is Content-Length; `checked` says whether there is a secret to check it with.
        Raises `RefusedError`, and then holds nothing.
        """
        limit = _Limit(MOST_BYTES if checked else MOST_UNCHECKED_BYTES)
        limit.check(declared or 0)
        body = bytearray()
        try:
            async with asyncio.timeout(self._patience):
                await self._fill(body, receive, limit)
        except BaseException as error:
            self.release(body)
            if isinstance(error, TimeoutError):
                raise RefusedError("too_slow", 408) from None
            raise
        return bytes(body)

    def release(self, body: bytes | bytearray) -> None:
        """Nothing more is done with a body."""
        self._held -= len(body)

    async def _fill(self, body: bytearray, receive: Receive, limit: _Limit) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RefusedError("incomplete", None)
            piece = message.get("body", b"")
            body += piece
            self._held += len(piece)
            more = message.get("more_body", False)
            limit.check(len(body))
            if self._held > _MOST_AT_ONCE:
                raise RefusedError("busy", 503)


@dataclass(frozen=True)
class _Limit:
    most: int

    def check(self, size: int) -> None:
        if size > MOST_BYTES:
            raise RefusedError("too_large", 413)
        if size > self.most:
            raise RefusedError("too_large_unchecked", 413)
