"""What came in lately, and what one's own app answered to it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from wizard.journeys.webhook.events import DeliveryForwarded, Event
from wizard.tunnel.tunnel import TunnelChange
from wizard.webhook.event_queue import Delivery, Handshake, Rejected
from wizard.webhook.forward import Forwarded

Incoming: TypeAlias = Handshake | Delivery | Rejected | TunnelChange

_KEPT = 500
_KEPT_BYTES = 64 * 1024 * 1024
_SILENT = 2
"""Times in a row without an answer before somebody's own app is said to be silent."""


@dataclass(frozen=True, eq=False)
class TrafficEntry:
    """Something that came in, when, and what one's own app answered to it. `redact` takes our
    secrets out of what is shown of it."""

    serial: int
    at: datetime
    event: Incoming
    answer: Forwarded | None = None
    redact: Callable[[str], str] = str


class TrafficLog:
    """The last few hundred happenings, oldest first. Our own probes are none."""

    def __init__(self, redact: Callable[[str], str] = str) -> None:
        self._redact = redact
        self._kept: deque[TrafficEntry] = deque()
        self._bytes = 0
        self._serial = 0
        self._silences = 0

    def __iter__(self) -> Iterator[TrafficEntry]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def app_is_silent(self) -> bool:
        """Whether the app that events are passed on to has stopped answering."""
        return self._silences >= _SILENT

    @property
    def has_message(self) -> bool:
        """Whether anybody has written yet."""
        return any(isinstance(one.event, Delivery) for one in self._kept)

    def handle_event(self, event: Event, at: datetime) -> None:
        match event:
            case DeliveryForwarded():
                self._attach(event)
            case Delivery() | Rejected() | Handshake(own=False):
                self._keep(event, at)
            case TunnelChange(state) if state != "up":
                self._keep(event, at)

    def clear_failures(self) -> None:
        """Another app is to answer from now on."""
        self._silences = 0

    def _keep(self, event: Incoming, at: datetime) -> None:
        self._serial += 1
        self._kept.append(TrafficEntry(self._serial, at, event, redact=self._redact))
        self._bytes += _weight(event)
        while len(self) > _KEPT or (self._bytes > _KEPT_BYTES and len(self) > 1):
            self._bytes -= _weight(self._kept.popleft().event)

    def _attach(self, passed: DeliveryForwarded) -> None:
        self._silences = self._silences + 1 if passed.answer.status is None else 0
        for index in range(len(self._kept) - 1, -1, -1):
            if self._kept[index].event is passed.delivery:
                self._kept[index] = replace(self._kept[index], answer=passed.answer)
                return


def _weight(event: Incoming) -> int:
    return event.weight if isinstance(event, Delivery) else 0
