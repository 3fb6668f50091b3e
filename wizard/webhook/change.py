"""One change of a body, and the events that its parts become."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

from wizard.webhook.events import (
    MESSAGES,
    AccountError,
    InboundMessage,
    OtherChange,
    StatusUpdate,
)
from wizard.webhook.json_values import Path, dig, number, objects, word
from wizard.webhook.origins import SAMPLE_ENTRY_ID, SAMPLE_NUMBER_ID, Origin
from wizard.webhook.people import Contacts
from wizard.webhook.summary import message_text, message_type, summarize_change

STANDBY = "standby"
CONVERSATIONS = {MESSAGES, STANDBY}
"""The fields on which people write: `standby` while Meta Business Agent, or another app, holds the
conversation: https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/standby/"""

_Object = dict[str, Any]


class Change(NamedTuple):
    """A change with what its parts have in common; `value` and `path` are those of the object that
    holds the messages, `outer` and `outer_path` those of Meta's `value`."""

    field: str
    raw: _Object
    outer: _Object
    outer_path: Path
    value: _Object
    path: Path
    contacts: Contacts
    account_id: str
    number_id: str
    is_sample: bool

    @property
    def origin(self) -> Origin:
        has_messages = bool(self.outer.get("messages"))
        return Origin(self.field, self.account_id, self.number_id, has_messages)

    def message(self, message: _Object) -> InboundMessage:
        system = message.get("system")
        system = system if isinstance(system, dict) else {}
        person = self.contacts.person(word(message.get("from")), word(message.get("from_user_id")))
        user_id = person.user_id or word(system.get("user_id"))
        parent = word(message.get("from_parent_user_id")) or person.parent_user_id
        return InboundMessage(
            id=word(message.get("id")),
            sender=person.number or user_id,
            name=person.name,
            kind=message_type(message),
            text=message_text(message),
            number_id=self.number_id,
            timestamp=_time(message.get("timestamp")),
            raw=message,
            is_sample=self.is_sample,
            user_id=user_id,
            parent_user_id=parent or word(system.get("parent_user_id")),
            username=person.username,
            group_id=word(message.get("group_id")),
            field=self.field,
        )

    def status(self, status: _Object) -> StatusUpdate:
        error = next(iter(objects(status.get("errors"))), {})
        said = {name: word(status.get(name)) for name in _OF_STATUS}
        participant = said["recipient_participant_id"] or said["participant_recipient_id"]
        user_id, part_id = said["recipient_user_id"], said["recipient_participant_user_id"]
        is_group = bool(participant or part_id)
        person = (
            self.contacts.known(participant, part_id)
            if is_group
            else self.contacts.person(said["recipient_id"], user_id)
        )
        return StatusUpdate(
            id=word(status.get("id")),
            recipient=said["recipient_id"],
            status=word(status.get("status")) or "unknown",
            number_id=self.number_id,
            error_code=number(error.get("code")),
            error_title=word(error.get("title")) or word(error.get("message")),
            timestamp=_time(status.get("timestamp")),
            raw=status,
            is_sample=self.is_sample,
            recipient_user_id=user_id,
            recipient_type=said["recipient_type"],
            participant=participant,
            participant_user_id=part_id,
            name=person.name,
            username=person.username,
            field=self.field,
        )

    def error(self, error: _Object) -> AccountError:
        return AccountError(
            code=number(error.get("code")),
            title=word(error.get("title")) or word(error.get("message")),
            details=word(dig(error, "error_data", "details")),
            href=word(error.get("href")),
            number_id=self.number_id,
            field=self.field,
            raw=error,
            is_sample=self.is_sample,
        )

    def other(self, value: _Object) -> OtherChange:
        summary = summarize_change(self.field, value or self.raw.get("value"))
        return OtherChange(self.field, self.raw, self.is_sample, summary, self.number_id)


_OF_STATUS = (
    "recipient_id",
    "recipient_user_id",
    "recipient_type",
    "recipient_participant_id",
    "participant_recipient_id",
    "recipient_participant_user_id",
)


def open_change(raw: _Object, entry: _Object, path: Path) -> Change:
    """A change as it stands in its entry; every part of it may be missing."""
    outer = raw.get("value")
    outer = outer if isinstance(outer, dict) else {}
    field, at = word(raw.get("field")), (*path, "value")
    value, inner_path = outer, at
    if field == STANDBY and isinstance(outer.get(STANDBY), dict):
        # What another app holds lies one level deeper, with contacts of its own.
        value, inner_path = {"contacts": outer.get("contacts"), **outer[STANDBY]}, (*at, STANDBY)
        value = {name: part for name, part in value.items() if part is not None}
    number_id = word(dig(outer, "metadata", "phone_number_id")) or word(
        dig(outer, "recipient", "phone_number_id")
    )
    account_id = word(entry.get("id"))
    is_sample = account_id == SAMPLE_ENTRY_ID or number_id == SAMPLE_NUMBER_ID
    contacts = Contacts(value.get("contacts"))
    whose = (contacts, account_id, number_id, is_sample)
    return Change(field, raw, outer, at, value, inner_path, *whose)


def _time(value: object) -> datetime | None:
    seconds = number(value)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
