"""What an event says to a person, in one line that is fit for a terminal."""

from __future__ import annotations

from wizard.support.texts import printable
from wizard.webhook.events import (
    MESSAGES,
    AccountError,
    InboundMessage,
    OtherChange,
    StatusUpdate,
    WebhookEvent,
)
from wizard.webhook.people import at_username
from wizard.webhook.shape_check import Malformed
from wizard.webhook.summary import summarize_message

_MAX_ID = 200
"""Characters of an id that is shown whole: a business-scoped user ID has up to 131."""
_MAX_NAME = 24
_TAIL = 8

TOO_COMPLEX = "more parts, or deeper ones, than Meta sends"
_FAULTS = {
    "missing": "is missing",
    "too_long": "is too long",
    "too_deep": "is nested too deep",
    "unreadable_number": "is a number that no program can read",
}


def event_text(event: WebhookEvent, max_length: int, *, brief: bool = False) -> tuple[str, str]:
    """An event's kind and what it says. `brief` leaves out a user ID where there is a name: what
    is cut off later is then no part of it."""
    sample = "Meta's sample: " if event.is_sample else ""
    match event:
        case InboundMessage():
            kind, said = "message", _message(event, max_length, brief=brief)
        case StatusUpdate():
            kind, said = "status", _status(event)
        case AccountError():
            kind, said = "error", _error(event, max_length)
        case OtherChange():
            kind, said = "change", _change(event, max_length)
        case _:
            return "omitted", _omitted(event.count)
    return kind, sample + said


def malformed_text(fault: Malformed) -> str:
    """A fault in a body: where it stands and what is wrong with it."""
    where = printable(fault.path, 400) or "the body"
    if fault.reason == "wrong_type":
        return f"{where} is {fault.found}, not {fault.expected}"
    found = f" ({fault.found})" if fault.found else ""
    return f"{where} {_FAULTS[fault.reason]}{found}"


def _message(event: InboundMessage, max_length: int, *, brief: bool) -> str:
    name = printable(event.name, _MAX_NAME) or printable(at_username(event.username), 40)
    id_ = _shown_id(event.sender)
    if brief and name and not event.number:
        id_ = ""
    group = f"in group {printable(event.group_id, _MAX_ID)}" if event.group_id else ""
    said = printable(summarize_message(event.raw), max_length)
    return _where(event.field) + "  ".join(filter(None, [name, id_, group, said]))


def _status(event: StatusUpdate) -> str:
    to = event.participant or event.participant_user_id
    group = f"by participant {_shown_id(to)}" if to else ""
    why = f"{event.error_code}: {printable(event.error_title)}" if event.error_code else ""
    said = [printable(event.status, 20) or "unknown", message_id_text(event.id), group, why]
    return _where(event.field) + "  ".join(filter(None, said))


def _error(event: AccountError, max_length: int) -> str:
    code = "" if event.code is None else f"{event.code}:"
    said = " ".join(filter(None, [code, event.title]))
    details = event.details if event.details != event.title else ""
    told = f"{said} ({details})" if said and details else said or details
    return _where(event.field) + printable(told, max_length)


def _change(event: OtherChange, max_length: int) -> str:
    field = printable(event.field) or "field without a name"
    summary = printable(event.summary, max_length)
    return f"{field}: {summary}" if summary else field


def _omitted(count: int | None) -> str:
    if count is None:
        return f"the body was not read: {TOO_COMPLEX}"
    return f"{count:,} more in the same body, not shown"


def _where(field: str) -> str:
    """Where it did not come on `messages`: another app holds the conversation then."""
    return "" if field == MESSAGES else f"on {printable(field)}: "


def _shown_id(id_: str) -> str:
    shown = printable(id_, _MAX_ID)
    return f"+{shown}" if shown.isdigit() else shown


def message_id_text(id_: str) -> str:
    """The end of a message's id, by which people tell two of them apart."""
    return f"wamid…{printable(id_, 400)[-_TAIL:]}"
