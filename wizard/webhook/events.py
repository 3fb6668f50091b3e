"""Meta's envelope: its signature, and what is in it."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn, TypeAlias

from wizard.credentials import Secret
from wizard.webhook.kinds import dig, kind_of, text_of, word

SAMPLE_NUMBER_ID = "123456123"
SAMPLE_ENTRY_ID = "0"


class EnvelopeError(ValueError):
    """This body is nothing that Meta sends; the text quotes nothing of it. `is_object` tells a
    JSON object, which an envelope of tomorrow may be."""

    def __init__(self, message: str, *, is_object: bool = False) -> None:
        super().__init__(message)
        self.is_object = is_object


@dataclass(frozen=True)
class InboundMessage:
    """A message that somebody wrote.

    `kind` is Meta's word (text, image, button, reaction …) or `unknown`, `text` what there is to
    show of it. `sender` is a number, or since 2026 perhaps a business-scoped id alone. `is_sample`
    tells what the dashboard's "Test" button sends. Strings are as the writer made them: a
    terminal needs control characters taken out.
    """

    id: str
    sender: str
    name: str
    kind: str
    text: str
    number_id: str
    timestamp: datetime | None
    raw: Mapping[str, Any]
    is_sample: bool = False


@dataclass(frozen=True)
class StatusUpdate:
    """How far a message of ours has come; `status` may be a word that nobody knows yet."""

    id: str
    recipient: str
    status: str
    number_id: str
    error_code: int | None
    error_title: str
    timestamp: datetime | None
    raw: Mapping[str, Any]
    is_sample: bool = False


@dataclass(frozen=True)
class OtherChange:
    """A change that is neither; `raw` is the change with its field and value."""

    field: str
    raw: Mapping[str, Any]
    is_sample: bool = False


WebhookEvent: TypeAlias = InboundMessage | StatusUpdate | OtherChange


def sign(secret: Secret, body: bytes) -> str:
    """The value of `X-Hub-Signature-256` for these very bytes.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    key = secret.reveal().encode(errors="surrogatepass")
    return f"sha256={hmac.new(key, body, hashlib.sha256).hexdigest()}"


def verify_signature(secret: Secret, body: bytes, header: str | None) -> bool:
    """Whether the header was made from this body with this secret; in constant time."""
    given = (header or "").encode(errors="surrogatepass")
    return hmac.compare_digest(sign(secret, body).encode(), given)


def read_events(body: bytes) -> list[WebhookEvent]:
    """Everything in the body, in its order: many entries, many changes in each.

    Parts that are missing or of another shape are tolerated. Raises `EnvelopeError` where the
    whole is no JSON object with a list `entry`.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
    """
    envelope = _parse(body)
    entries = envelope.get("entry") if isinstance(envelope, dict) else None
    if not isinstance(entries, list):
        is_object = isinstance(envelope, dict)
        raise EnvelopeError("The body has no list of entries.", is_object=is_object)
    return [event for entry in _objects(entries) for event in _of_entry(entry)]


def _parse(body: bytes) -> object:
    try:
        parsed: object = json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        # "from None": the decoder's own error carries the whole body.
        raise EnvelopeError("The body is not JSON.") from None
    return parsed


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _of_entry(entry: dict[str, Any]) -> Iterator[WebhookEvent]:
    for change in _objects(entry.get("changes")):
        number_id = word(dig(change, "value", "metadata", "phone_number_id"))
        sample = word(entry.get("id")) == SAMPLE_ENTRY_ID or number_id == SAMPLE_NUMBER_ID
        yield from _of_change(change, number_id, sample)


def _of_change(change: dict[str, Any], number_id: str, sample: bool) -> Iterator[WebhookEvent]:
    field = word(change.get("field"))
    value = change.get("value")
    told: list[WebhookEvent] = []
    if field == "messages" and isinstance(value, dict):
        contacts = _objects(value.get("contacts"))
        told += [_message(m, contacts, number_id, sample) for m in _objects(value.get("messages"))]
        told += [_status(s, number_id, sample) for s in _objects(value.get("statuses"))]
    yield from told or [OtherChange(field, change, sample)]


def _message(
    message: dict[str, Any], contacts: list[dict[str, Any]], number_id: str, sample: bool
) -> InboundMessage:
    contact = _contact(message, contacts)
    sender = (
        word(message.get("from"))
        or word(message.get("from_user_id"))
        or word(contact.get("wa_id"))
        or word(contact.get("user_id"))
    )
    return InboundMessage(
        id=word(message.get("id")),
        sender=sender,
        name=word(dig(contact, "profile", "name")),
        kind=kind_of(message),
        text=text_of(message),
        number_id=number_id,
        timestamp=_time(message.get("timestamp")),
        raw=message,
        is_sample=sample,
    )


def _contact(message: dict[str, Any], contacts: list[dict[str, Any]]) -> dict[str, Any]:
    """The sender's own contact; where nothing names it, the only one there is."""
    for theirs, own in (("wa_id", "from"), ("user_id", "from_user_id")):
        for contact in contacts:
            if word(contact.get(theirs)) and word(contact.get(theirs)) == word(message.get(own)):
                return contact
    return contacts[0] if len(contacts) == 1 else {}


def _status(status: dict[str, Any], number_id: str, sample: bool) -> StatusUpdate:
    error = next(iter(_objects(status.get("errors"))), {})
    return StatusUpdate(
        id=word(status.get("id")),
        recipient=word(status.get("recipient_id")) or word(status.get("recipient_user_id")),
        status=word(status.get("status")) or "unknown",
        number_id=number_id,
        error_code=_number(error.get("code")),
        error_title=word(error.get("title")) or word(error.get("message")),
        timestamp=_time(status.get("timestamp")),
        raw=status,
        is_sample=sample,
    )


def _objects(value: object) -> list[dict[str, Any]]:
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def _number(value: object) -> int | None:
    try:
        return int(word(value))
    except ValueError:
        return None


def _time(value: object) -> datetime | None:
    seconds = _number(value)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None
