"""Meta's envelope: its signature, and what is in it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from itertools import chain, islice
from typing import Any, Literal, TypeAlias

from wizard.values.credentials import Secret
from wizard.webhook.envelope import parse_envelope
from wizard.webhook.message_types import dig, message_text, message_type, word

SAMPLE_NUMBER_ID = "123456123"
SAMPLE_ENTRY_ID = "0"

MAX_EVENTS = 1000
"""Meta puts up to 1,000 updates into one body:
https://developers.facebook.com/docs/graph-api/webhooks/getting-started"""


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


@dataclass(frozen=True)
class Omitted:
    """Events of this body that are not read one by one: `count` of them beyond `MAX_EVENTS`, or
    all, uncounted, where the body is `too_complex`."""

    count: int | None
    reason: Literal["too_many", "too_complex"]
    is_sample: bool = False


WebhookEvent: TypeAlias = InboundMessage | StatusUpdate | OtherChange | Omitted

_Maker: TypeAlias = Callable[[], WebhookEvent]


@dataclass(frozen=True)
class Reading:
    """What a body holds, in its order; `nodes` is the number of JSON values in it."""

    events: tuple[WebhookEvent, ...]
    nodes: int


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


def read_body(body: bytes) -> Reading:
    """Everything in the body, in its order: many entries, many changes in each.

    Of more than `MAX_EVENTS` the rest is counted, and told by an `Omitted` at the end. Parts that
    are missing or of another shape are tolerated. Takes time and memory that grow with the body
    alone. Raises `EnvelopeError` where the whole is no JSON object with a list `entry`, or is
    beyond the bounds of one.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
    """
    envelope = parse_envelope(body)
    makers = chain.from_iterable(map(_of_entry, _objects(envelope.entries)))
    events = [make() for make in islice(makers, MAX_EVENTS)]
    if rest := sum(1 for _ in makers):
        events.append(Omitted(rest, "too_many"))
    return Reading(tuple(events), envelope.nodes)


def read_events(body: bytes) -> list[WebhookEvent]:
    """The events of `read_body`."""
    return list(read_body(body).events)


def _of_entry(entry: dict[str, Any]) -> Iterator[_Maker]:
    for change in _objects(entry.get("changes")):
        number_id = word(dig(change, "value", "metadata", "phone_number_id"))
        sample = word(entry.get("id")) == SAMPLE_ENTRY_ID or number_id == SAMPLE_NUMBER_ID
        yield from _of_change(change, number_id, sample)


def _of_change(change: dict[str, Any], number_id: str, sample: bool) -> Iterator[_Maker]:
    field = word(change.get("field"))
    value = change.get("value")
    told = False
    if field == "messages" and isinstance(value, dict):
        contacts = _Contacts(value.get("contacts"))
        for message in _objects(value.get("messages")):
            told = True
            yield partial(_message, message, contacts, number_id, sample)
        for status in _objects(value.get("statuses")):
            told = True
            yield partial(_status, status, number_id, sample)
    if not told:
        yield partial(OtherChange, field, change, sample)


def _message(
    message: dict[str, Any], contacts: _Contacts, number_id: str, sample: bool
) -> InboundMessage:
    contact = contacts.of(message)
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
        kind=message_type(message),
        text=message_text(message),
        number_id=number_id,
        timestamp=_time(message.get("timestamp")),
        raw=message,
        is_sample=sample,
    )


class _Contacts:
    """The contacts of one change, found by their ids however many there are."""

    def __init__(self, value: object) -> None:
        self._all = _objects(value)

    def of(self, message: dict[str, Any]) -> dict[str, Any]:
        """The sender's own contact; where nothing names it, the only one there is."""
        for theirs, own in (("wa_id", "from"), ("user_id", "from_user_id")):
            contact = self._index.get((theirs, word(message.get(own))))
            if contact is not None:
                return contact
        return self._all[0] if len(self._all) == 1 else {}

    @cached_property
    def _index(self) -> dict[tuple[str, str], dict[str, Any]]:
        index: dict[tuple[str, str], dict[str, Any]] = {}
        for contact in self._all:
            for key in ("wa_id", "user_id"):
                if id_ := word(contact.get(key)):
                    index.setdefault((key, id_), contact)
        return index


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
