"""What the endpoint has to tell, in a queue that never grows beyond its bounds."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import OrderedDict, deque
from collections.abc import Iterable
from datetime import datetime
from typing import Literal, NamedTuple, TypeAlias

from wizard.webhook.events import InboundMessage, StatusUpdate, WebhookEvent
from wizard.webhook.origins import Origin
from wizard.webhook.shape_check import Malformed

HandshakeReason: TypeAlias = Literal[
    "missing_parameter", "wrong_mode", "wrong_token", "wrong_token_case", "wrong_token_whitespace"
]
RejectedReason: TypeAlias = Literal[
    "unsigned",
    "signature_mismatch",
    "too_large",
    "too_large_unchecked",
    "too_complex",
    "too_slow",
    "incomplete",
    "content_type",
    "host",
    "not_json",
    "busy",
    "malformed",
]
Signature: TypeAlias = Literal["valid", "unchecked"]

_MOST_EVENTS = 1000
_MOST_BYTES = 32 * 1024 * 1024
_BYTES_A_NODE = 64
_MOST_REMEMBERED = 10_000
_LONGEST_ID = 200


class Handshake(NamedTuple):
    """Somebody asked for verification; `own` where it was this program's probe."""

    ok: bool
    reason: HandshakeReason | None
    at: datetime
    user_agent: str
    own: bool = False


class Delivery(NamedTuple):
    """A body that was taken: its new events, and the bytes and headers as they came.

    `headers` holds the signatures, Content-Type and User-Agent alone. `malformed` is what in the
    body is not as Meta describes; `is_repeat` says that each of its events came before.
    """

    events: tuple[WebhookEvent, ...]
    body: bytes
    headers: tuple[tuple[str, str], ...]
    at: datetime
    signature: Signature
    nodes: int = 0
    """JSON values in the body."""
    malformed: tuple[Malformed, ...] = ()
    is_repeat: bool = False
    origins: tuple[Origin, ...] = ()
    """Where its changes come from."""

    @property
    def weight(self) -> int:
        """About how many bytes of memory it takes."""
        return len(self.body) + self.nodes * _BYTES_A_NODE


class Rejected(NamedTuple):
    """A body that was turned away; `status` is `None` where nobody was left to answer."""

    reason: RejectedReason
    status: int | None
    at: datetime


Received: TypeAlias = Handshake | Delivery | Rejected


class EventQueue:
    """An async iterator that ends once it is closed and empty.

    Where nobody reads, the oldest go, and `dropped` counts them.
    """

    def __init__(self, most: int = _MOST_EVENTS, most_bytes: int = _MOST_BYTES) -> None:
        self.dropped = 0
        self._most = most
        self._most_bytes = most_bytes
        self._bytes = 0
        self._waiting: deque[Received] = deque()
        self._news = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, received: Received) -> list[Received]:
        """Returns those that went to make room."""
        waiting, gone = self._waiting, []
        waiting.append(received)
        self._bytes += _weight(received)
        while len(waiting) > self._most or (self._bytes > self._most_bytes and len(waiting) > 1):
            gone.append(self._take())
            self.dropped += 1
        self._news.set()
        return gone

    def close(self) -> None:
        self._closed = True
        self._news.set()

    def __aiter__(self) -> EventQueue:
        return self

    async def __anext__(self) -> Received:
        while not self._waiting:
            if self._closed:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._take()

    def _take(self) -> Received:
        received = self._waiting.popleft()
        self._bytes -= _weight(received)
        return received


class Deduplicator:
    """Which messages and statuses have come already: Meta may deliver one several times.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """

    def __init__(self, most: int = _MOST_REMEMBERED) -> None:
        self._most = most
        self._keys: OrderedDict[tuple[str, ...], None] = OrderedDict()

    def new_events(self, events: Iterable[WebhookEvent]) -> tuple[WebhookEvent, ...]:
        """Those that have not come before."""
        return tuple(event for event in events if self._is_new(event))

    def _is_new(self, event: WebhookEvent) -> bool:
        key = _key(event)
        if key is None:
            return True
        if key in self._keys:
            self._keys.move_to_end(key)
            return False
        self._keys[key] = None
        if len(self._keys) > self._most:
            self._keys.popitem(last=False)
        return True


def _key(event: WebhookEvent) -> tuple[str, ...] | None:
    # The dashboard's "Test" button sends one id again and again, each time on purpose.
    if not isinstance(event, (InboundMessage, StatusUpdate)) or event.is_sample or not event.id:
        return None
    key: tuple[str, ...] = (event.field, event.number_id, event.id)
    if isinstance(event, StatusUpdate):
        # A message to a group has one status for each participant.
        key += ("status", event.status, event.participant, event.participant_user_id)
        # A payment stays `pending` for each attempt, and `captured` for each refund.
        if payment := event.raw.get("payment"):
            key += (json.dumps(payment),)
    return key if sum(map(len, key)) <= _LONGEST_ID else tuple(map(_short, key))


def _short(id_: str) -> str:
    """The id, or its hash: ten thousand ids are remembered, and each may be as long as a body."""
    return id_ if len(id_) <= _LONGEST_ID else hashlib.sha256(id_.encode()).hexdigest()


def _weight(received: Received) -> int:
    return received.weight if isinstance(received, Delivery) else 0
