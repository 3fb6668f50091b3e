"""Who wrote lately, and so may be sent a text."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from wizard.journeys.messages.recipients import Recipient, RecipientError, read_recipient
from wizard.support.texts import printable
from wizard.webhook.events import MESSAGES, InboundMessage
from wizard.webhook.people import at_username

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
    user_id: str = ""

    @property
    def until(self) -> datetime:
        """When the window closes that the message opened."""
        return self.at + OPEN


class RecentSenders:
    """Everybody who wrote as far as this run heard; only so many, and the latest last."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], RecentSender] = {}

    def handle_event(self, message: InboundMessage, at: datetime) -> None:
        """Takes in a message that came at that time. Who shows no number is answered by user ID;
        who writes on standby is another app's to answer."""
        recipient = _recipient_of(message)
        if recipient is None or message.is_sample or message.field != MESSAGES:
            return
        key = (message.number_id, recipient.digits)
        self._kept.pop(key, None)
        name = printable(message.name or at_username(message.username), 24)
        at = message.timestamp or at
        self._kept[key] = RecentSender(recipient, name, message.number_id, at, message.user_id)
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
            if (one.recipient.digits in forms or one.user_id == to.digits) and _at(one, number_id)
        )
        return next((one for one in wrote if now < one.until), None)


def _recipient_of(message: InboundMessage) -> Recipient | None:
    """Whom to write to; `None` where nothing tells."""
    is_number = message.number.isascii() and message.number.isdigit()
    for text in filter(None, [f"+{message.number}" if is_number else "", message.user_id]):
        with suppress(RecipientError):
            return read_recipient(text)
    return None


def _at(writer: RecentSender, number_id: str | None) -> bool:
    return writer.number_id in {"", number_id}
