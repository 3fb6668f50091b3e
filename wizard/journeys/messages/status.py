"""How far a message has come, from Meta's answer and from what webhooks say of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from wizard.findings import Finding
from wizard.journeys.messages.messages import MessageDraft, SendResult, heard_of
from wizard.webhook.events import StatusUpdate

STATUS_ORDER = ("sent", "delivered", "read")
"""The words of a message that goes well, in their order; Meta may leave out the first ones."""
_MOST_EARLY = 1000


@dataclass
class MessageTracker:
    """One message from the moment it was sent off. `times` tells when each word was said."""

    draft: MessageDraft
    app_id: str | None = None
    outcome: SendResult | None = None
    answered_at: datetime | None = None
    times: dict[str, datetime] = field(default_factory=dict)
    failed: Finding | None = None
    _early: deque[tuple[StatusUpdate, datetime]] = field(
        default_factory=lambda: deque(maxlen=_MOST_EARLY), repr=False
    )

    @property
    def id(self) -> str | None:
        """The message's, where Meta took it."""
        return self.outcome.id if self.outcome else None

    @property
    def furthest(self) -> int:
        """How many words of the way lie behind it: what was read was delivered."""
        return max(
            (STATUS_ORDER.index(word) + 1 for word in self.times if word in STATUS_ORDER), default=0
        )

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be expected."""
        refused = self.outcome is not None and self.outcome.id is None
        return refused or self.failed is not None or self.furthest == len(STATUS_ORDER)

    def answer(self, outcome: SendResult, at: datetime) -> None:
        """Takes in Meta's answer to the call."""
        self.outcome, self.answered_at = outcome, at
        while self._early:
            self.handle_event(*self._early.popleft())

    def handle_event(self, update: StatusUpdate, at: datetime) -> None:
        """Takes in a word that came at that time; it may come before the answer to the call."""
        if self.outcome is None:
            self._early.append((update, at))
        elif update.id and update.id == self.id:
            self.times.setdefault(update.status, update.timestamp or at)
            if update.status == "failed" and self.failed is None:
                self.failed = heard_of(update, self.draft, self.app_id)
