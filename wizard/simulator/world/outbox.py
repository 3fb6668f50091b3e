"""What the business has sent, and the failures that await what it sends next."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from wizard.simulator.world.objects import Phone

_MAX_KEPT = 10_000


@dataclass(eq=False)
class Sent:
    """A message that was accepted; `request` is what was asked for, and the times are unset until
    it has come so far."""

    id: str
    phone: Phone
    to: str
    request: Mapping[str, Any] = field(repr=False)
    at: float
    category: str = "service"
    template_id: str | None = None
    delivered_at: float | None = None
    read_at: float | None = None
    status: str = "accepted"

    def reach(self, word: str, now: float) -> None:
        """It has come so far."""
        self.status = word
        if word == "delivered":
            self.delivered_at = now
        elif word == "read":
            self.read_at = now

    @property
    def type(self) -> str:
        return str(self.request.get("type") or "text")

    @property
    def text(self) -> str | None:
        """The words of a text message."""
        found = self.request.get("text")
        return str(found.get("body", "")) if isinstance(found, Mapping) else None


class Failure(NamedTuple):
    """What the next message meets: refused at once, or taken and failed `later`."""

    code: int
    title: str
    details: str = ""
    status: int = 400
    later: bool = False


@dataclass(eq=False)
class Outbox:
    """What was sent, and what the next messages are to meet."""

    sent: deque[Sent] = field(default_factory=lambda: deque(maxlen=_MAX_KEPT))
    failures: deque[Failure] = field(default_factory=deque)
    on_sent: list[Callable[[Sent], object]] = field(default_factory=list)
    """Told of each message, on the thread of whoever serves."""

    def add(self, sent: Sent) -> None:
        self.sent.append(sent)
        for told in self.on_sent:
            told(sent)
