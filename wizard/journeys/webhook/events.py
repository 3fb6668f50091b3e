"""What happens on a connection, as it happens."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TypeAlias

from wizard.findings import Finding
from wizard.journeys.webhook.registration import ForeignCallback
from wizard.tunnel.tunnel import TunnelChange
from wizard.webhook.event_queue import Delivery, Handshake, Rejected
from wizard.webhook.event_text import TOO_COMPLEX
from wizard.webhook.forward import Forwarded

_MOST_UNREAD = 1000

REASONS = {
    "missing_parameter": "a parameter of the verification request is missing",
    "wrong_mode": "hub.mode is not subscribe",
    "wrong_token": "another verify token",
    "wrong_token_case": "the verify token differs in capital letters",
    "wrong_token_whitespace": "the verify token differs in whitespace",
    "unsigned": "no signature",
    "signature_mismatch": "signed with another App Secret, or changed on the way",
    "too_large": "larger than Meta's 3 MB",
    "too_large_unchecked": "larger than 256 KB, and no App Secret to check it",
    "too_complex": TOO_COMPLEX,
    "too_slow": "it arrived too slowly",
    "incomplete": "it stopped halfway",
    "content_type": "its content type is not JSON",
    "host": "sent to another host's name",
    "not_json": "its body is not what Meta sends",
    "busy": "too many at once",
    "malformed": "not valid HTTP",
}
"""Why a handshake or a body was turned away, in words for people."""


@dataclass(frozen=True)
class Ready:
    """The way is open: Meta is to call the one, and this machine listens at the other."""

    callback_url: str
    local_url: str
    forward_to: str | None = None


@dataclass(frozen=True)
class DeliveryForwarded:
    """A delivery was passed on to somebody's own app."""

    delivery: Delivery
    answer: Forwarded


Event: TypeAlias = (
    Finding
    | Ready
    | ForeignCallback
    | Handshake
    | Delivery
    | Rejected
    | DeliveryForwarded
    | TunnelChange
)


class Events:
    """What happens on a connection, for one reader.

    What comes in from outside waits for the reader, so that a flood stays in the endpoint's
    inbox, which has bounds; what the connection itself has to say never waits.
    """

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[tuple[Event | BaseException | None, bool]] = asyncio.Queue()
        self._room = asyncio.Semaphore(_MOST_UNREAD)
        self._over = False
        self._taken = False

    def emit(self, event: Event | BaseException | None) -> None:
        """An error is raised where the reader is; `None` is the end."""
        self._waiting.put_nowait((event, False))

    async def pass_in(self, event: Event) -> None:
        await self._room.acquire()
        self._waiting.put_nowait((event, True))

    @property
    def has_more(self) -> bool:
        """Whether the reader has not taken all there is."""
        return not self._waiting.empty()

    async def read(self) -> None:
        """Returns when the reader has taken all there is."""
        await self._waiting.join()

    def __aiter__(self) -> Events:
        return self

    async def __anext__(self) -> Event:
        if self._over:
            raise StopAsyncIteration
        if self._taken:
            self._waiting.task_done()
            self._taken = False
        event, counted = await self._waiting.get()
        self._taken = True
        if counted:
            self._room.release()
        if event is None:
            self._over = True
            raise StopAsyncIteration
        if isinstance(event, BaseException):
            raise event
        return event
