"""Who wrote lately, and so may be sent a text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from wizard.journeys.messages.recipients import Recipient, RecipientError, read_recipient
from wizard.support.texts import printable
from wizard.webhook.events import InboundMessage

OPEN = timedelta(hours=24)
"""https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages"""
_MOST = 500


@dataclass(frozen=True)
class RecentSender:
    """Somebody who wrote to the number with this ID, and when."""

    recipient: Recipient
    name: str
    number_id: str
    at: datetime

    @property
    def until(self) -> datetime:
        """When the window closes that the message opened."""
        return self.at + OPEN


class RecentSenders:
    """Everybody who wrote as far as this run heard; only so many, and the latest last."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], RecentSender] = {}

    def handle_event(self, message: InboundMessage, at: datetime) -> None:
        """Takes in a message that came at that time. Who shows no number can't be written to."""
        if message.is_sample or not (message.sender.isascii() and message.sender.isdigit()):
            return
        try:
            recipient = read_recipient(f"+{message.sender}")
        except RecipientError:
            return
        key = (message.number_id, recipient.digits)
        self._kept.pop(key, None)
        name = printable(message.name, 24)
        self._kept[key] = RecentSender(recipient, name, message.number_id, message.timestamp or at)
        if len(self._kept) > _MOST:
            del self._kept[next(iter(self._kept))]

    def last(self, number_id: str | None) -> RecentSender | None:
        """Who wrote to this number last."""
        return next((one for one in reversed(self._kept.values()) if _at(one, number_id)), None)

    def within(self, number_id: str | None, to: Recipient, now: datetime) -> RecentSender | None:
        """The recipient, in either form of the number, where the window is known to be open."""
        forms = {to.digits, to.other.digits if to.other else to.digits}
        wrote = (
            one
            for one in reversed(self._kept.values())
            if one.recipient.digits in forms and _at(one, number_id)
        )
        return next((one for one in wrote if now < one.until), None)


def _at(writer: RecentSender, number_id: str | None) -> bool:
    return writer.number_id in {"", number_id}
