"""Who writes and is written to, and why a message goes no further."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.simulator.world import fake_ids

_CODES = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"


@dataclass(frozen=True)
class Customer:
    """A person on WhatsApp; the number is in digits alone, the name may be unknown."""

    wa_id: str = "16505550148"
    name: str = "Sheena Nelson"

    @property
    def user_id(self) -> str:
        """The business-scoped id that stands beside the number since 2026."""
        return "US." + fake_ids.digits(self.wa_id, "user", 20)

    def card(self) -> dict[str, object]:
        profile = {"profile": {"name": self.name}} if self.name else {}
        return {**profile, "wa_id": self.wa_id, "user_id": self.user_id}


@dataclass(frozen=True)
class SendError:
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


@dataclass(frozen=True)
class OutboundMessage:
    """A message of the business; `category` is what it is billed as."""

    id: str
    to: Customer
    category: str = "service"

    def pricing(self) -> dict[str, object]:
        free = self.category == "service"
        kind = "free_customer_service" if free else "regular"
        head = {"billable": not free, "pricing_model": "PMP"}
        return {**head, "category": self.category, "type": kind}
