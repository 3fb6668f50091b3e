"""A request's body, read within limits of size, time and what is held at once."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from wizard.webhook.errors import RefusedError

if TYPE_CHECKING:
    from starlette.types import Receive

MOST_BYTES = 3 * 1024 * 1024
"""Meta's limit: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview"""

_MOST_AT_ONCE = 16 * MOST_BYTES


class BodyReader:
    """Reads bodies, several at a time, and knows how much it holds."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._held = 0

    async def read(self, receive: Receive, declared: int | None) -> bytes:
        """The body as it came; `declared` is Content-Length. Raises `RefusedError`."""
        if declared is not None and declared > MOST_BYTES:
            raise RefusedError("too_large", 413)
        body = bytearray()
        try:
            async with asyncio.timeout(self._patience):
                await self._fill(body, receive)
        except TimeoutError:
            raise RefusedError("too_slow", 408) from None
        finally:
            self._held -= len(body)
        return bytes(body)

    async def _fill(self, body: bytearray, receive: Receive) -> None:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RefusedError("incomplete", None)
            piece = message.get("body", b"")
            body += piece
            self._held += len(piece)
            more = message.get("more_body", False)
            if len(body) > MOST_BYTES:
                raise RefusedError("too_large", 413)
            if self._held > _MOST_AT_ONCE:
                raise RefusedError("busy", 503)
