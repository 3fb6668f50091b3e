"""What decides whether a message of the business goes out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from wizard.simulator.world.people import Customer, SendError

_WINDOW = 24 * 3600.0
_MAX_INBOUND = 10_000
ANYBODY = "any"


@dataclass(eq=False)
class SendingRules:
    """The state behind sending; every part of it may be changed at any time."""

    allowed_recipients: list[str] = field(default_factory=lambda: [Customer().wa_id])
    """Whom a test number may write to: digits, as somebody typed them into the dashboard, or
    `any` for everybody."""
    added_recipients: list[str] = field(default_factory=list)
    """Those of them that were named by whoever runs the simulator."""
    restricted: tuple[str, ...] = ()
    """What the numbers begin with to which this business may not write."""
    unpaid: bool = False
    """Whether an own number lacks a way to pay; a test number needs none."""
    error: SendError | None = None
    """Why whatever is accepted fails afterwards."""
    pins: dict[str, str] = field(default_factory=dict)
    """The PIN of each number that has two-step verification, by the number's ID."""
    last_heard: dict[tuple[str, str], float] = field(default_factory=dict)
    """When each person last wrote to each number, by its ID and what they are known by."""
    inbound: dict[str, str] = field(default_factory=dict)
    """The number's ID that each message of a customer was written to, by the message's id."""
    customers: dict[str, Customer] = field(default_factory=dict)
    """Who has written, by their user ID."""

    def allow(self, numbers: Sequence[str]) -> None:
        """Adds recipients, in digits; `any` stands for everybody."""
        self.allowed_recipients += numbers
        self.added_recipients += [one for one in numbers if one != ANYBODY]

    def hear(self, phone_id: str, sender: Customer, message_id: str, now: float) -> None:
        """Somebody wrote, which opens the window."""
        self.last_heard[phone_id, sender.key] = now
        self.customers[sender.user_id] = sender
        self.inbound[message_id] = phone_id
        while len(self.inbound) > _MAX_INBOUND:
            del self.inbound[next(iter(self.inbound))]

    def find_customer(self, user_id: str) -> Customer | None:
        """Who has written, or may be written to, by their user ID."""
        if found := self.customers.get(user_id):
            return found
        known = (Customer(number, name="") for number in self.allowed_recipients)
        return next((one for one in known if one.user_id == user_id), None)

    def is_allowed(self, person: Customer, given: str) -> bool:
        """Whether a test number may write to them: who shares no number has written first."""
        if ANYBODY in self.allowed_recipients or given in self.allowed_recipients:
            return True
        return not person.wa_id and person.user_id in self.customers

    def is_window_open(self, phone_id: str, known_by: str, now: float) -> bool:
        """Whether this person wrote within the last 24 hours."""
        last = self.last_heard.get((phone_id, known_by))
        return last is not None and now - last < _WINDOW
