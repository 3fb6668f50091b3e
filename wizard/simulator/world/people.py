"""Who writes and is written to, and why a message goes no further."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from wizard.simulator.world import fake_ids

_CODES = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True)
class Customer:
    """A person on WhatsApp; the number is in digits alone, the name may be unknown.

    Who shares no number has an empty one, and a `scoped_id` that they are known by.
    """

    wa_id: str = "16505550148"
    name: str = "Sheena Nelson"
    scoped_id: str = ""
    username: str = ""

    @property
    def user_id(self) -> str:
        """The business-scoped id that stands beside the number since 2026."""
        return self.scoped_id or "US." + fake_ids.digits(self.wa_id, "user", 20)

    @property
    def key(self) -> str:
        """What the person is known by: the number, or the id where there is none."""
        return self.wa_id or self.user_id

    def card(self) -> dict[str, object]:
        told = {"name": self.name, "username": self.username}
        profile = {name: value for name, value in told.items() if value}
        card: dict[str, object] = {"profile": profile} if profile else {}
        return {**card, **self.named("wa_id", "user_id")}

    def named(self, number: str, user_id: str) -> dict[str, str]:
        """Number and id under these names; what is not known is left out, and never empty."""
        return {**({number: self.wa_id} if self.wa_id else {}), user_id: self.user_id}


HIDDEN = Customer("", "Noor", "US." + "1349120865" + "5302741918", "noor.k")
"""Somebody who took a username, and whose number Meta shares with nobody."""


class SendError(NamedTuple):
    """Why a message that was accepted goes no further."""

    code: int
    title: str
    details: str

    def entry(self) -> dict[str, object]:
        data = {"details": self.details}
        said = {"code": self.code, "title": self.title, "message": self.title}
        return {**said, "error_data": data, "href": _CODES}


WINDOW_CLOSED = SendError(
    131047,
    "Re-engagement message",
    "Message failed to send because more than 24 hours have passed since the customer last replied"
    " to this number.",
)


class OutboundMessage(NamedTuple):
    """A message of the business; `category` is what it is billed as."""

    id: str
    to: Customer
    category: str = "service"
    opaque: str = ""
    """What the business wants to hear again with each status."""

    def pricing(self) -> dict[str, object]:
        free = self.category == "service"
        kind = "free_customer_service" if free else "regular"
        head = {"billable": not free, "pricing_model": "PMP"}
        return {**head, "category": self.category, "type": kind}
