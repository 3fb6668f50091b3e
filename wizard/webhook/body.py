"""A request's body, taken in within limits of size and of what is held at once."""

from __future__ import annotations

from wizard.webhook.errors import RefusedError

MOST_BYTES = 3 * 1024 * 1024
"""Meta's limit: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview"""

MOST_UNCHECKED_BYTES = 256 * 1024
"""Of what anybody may have sent, as long as there is no App Secret to check it with."""

_MOST_AT_ONCE = 16 * MOST_BYTES


class Bodies:
    """All that are on their way or being read, and how much they hold."""

    def __init__(self) -> None:
        self.held = 0

    def begin(self, declared: int | None, *, checked: bool) -> Body:
        """A body whose Content-Length is `declared`; `checked` says whether there is a secret to
        check it with. Raises `RefusedError`."""
        body = Body(self, MOST_BYTES if checked else MOST_UNCHECKED_BYTES)
        body.allow(declared or 0)
        return body


class Body:
    """One that grows piece by piece. What it holds counts until it is released."""

    def __init__(self, all_: Bodies, most: int) -> None:
        self._all = all_
        self._most = most
        self._pieces = bytearray()

    def __bytes__(self) -> bytes:
        return bytes(self._pieces)

    def allow(self, size: int) -> None:
        """Raises `RefusedError` where no body of this size is taken."""
        if size > MOST_BYTES:
            raise RefusedError("too_large", 413)
        if size > self._most:
            raise RefusedError("too_large_unchecked", 413)

    def add(self, piece: bytes) -> None:
        """Raises `RefusedError` where it has become too large, or all together have."""
        self._pieces += piece
        self._all.held += len(piece)
        if len(self._pieces) > self._most:
            self.allow(len(self._pieces))
        if self._all.held > _MOST_AT_ONCE:
            raise RefusedError("busy", 503)

    def release(self) -> None:
        """Nothing more is done with it."""
        self._all.held -= len(self._pieces)
        self._pieces = bytearray()
