"""What decides whether a message of the business goes out."""

from __future__ import annotations

from dataclasses import dataclass, field

from wizard.simulator.world.people import Customer, SendError

_WINDOW = 24 * 3600.0


@dataclass(eq=False)
class SendingRules:
    """The state behind sending; every part of it may be changed at any time."""

    allowed_recipients: list[str] = field(default_factory=lambda: [Customer().wa_id])
    """Whom a test number may write to: digits, as somebody typed them into the dashboard."""
    restricted: tuple[str, ...] = ()
    """What the numbers begin with to which this business may not write."""
    unpaid: bool = False
    """Whether an own number lacks a way to pay; a test number needs none."""
    error: SendError | None = None
    """Why whatever is accepted fails afterwards."""
    pins: dict[str, str] = field(default_factory=dict)
    """The PIN of each number that has two-step verification, by the number's ID."""
    last_heard: dict[tuple[str, str], float] = field(default_factory=dict)
    """When each person last wrote to each number, by its ID and their number."""

    def is_window_open(self, phone_id: str, wa_id: str, now: float) -> bool:
        """Whether this person wrote within the last 24 hours."""
        last = self.last_heard.get((phone_id, wa_id))
        return last is not None and now - last < _WINDOW
