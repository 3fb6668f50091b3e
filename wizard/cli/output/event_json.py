"""What happens on a connection, as JSON for programs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeAlias

from wizard.cli.output.events import shared
from wizard.findings import Finding
from wizard.journeys.webhook.events import DeliveryForwarded, Event, Ready
from wizard.journeys.webhook.registration import ForeignCallback
from wizard.tunnel.tunnel import TunnelChange
from wizard.webhook.event_queue import Delivery, Handshake, Rejected
from wizard.webhook.events import (
    MESSAGES,
    AccountError,
    InboundMessage,
    OtherChange,
    StatusUpdate,
    WebhookEvent,
)
from wizard.webhook.json_values import dig, word
from wizard.webhook.message_types import message_facts
from wizard.webhook.shape_check import Malformed

Object: TypeAlias = dict[str, Any]
Parts: TypeAlias = tuple[Object, Object]
"""Of an object what others may have written, and what bears words of this program's alone."""


def _as_it_is(made: Any) -> Any:
    return made


def event_json(event: Event, redact: Callable[[Any], Any] = _as_it_is) -> Iterator[str]:
    """An event as the lines of `--json`: one object each, and none for our own handshakes.
    `redact` is given what others may have written, and returns what may be shown of it.

    ASCII alone: what strangers write must not reach a terminal as its control characters.
    """
    for theirs, ours in _OBJECTS[type(event)](event):
        yield json.dumps({**redact(theirs), **ours})


def _ready(ready: Ready) -> Iterator[Parts]:
    urls = {"callback_url": ready.callback_url, "local_url": ready.local_url}
    yield {"event": "ready", **urls}, {}


def _finding(finding: Finding) -> Iterator[Parts]:
    yield {"event": "finding", **finding.as_dict()}, {}


def _foreign(foreign: ForeignCallback) -> Iterator[Parts]:
    yield from _finding(shared(foreign))


def _handshake(shaken: Handshake) -> Iterator[Parts]:
    if not shaken.own:
        said = {"event": "handshake", "ok": shaken.ok, "reason": shaken.reason}
        yield {}, {**said, **_at(shaken.at)}


def _delivery(delivery: Delivery) -> Iterator[Parts]:
    told = [_told(event) for event in delivery.events]
    told += [_malformed(fault) for fault in delivery.malformed]
    for one in told or [{"event": "delivery"}]:
        yield one, {"signature": delivery.signature, **_at(delivery.at)}


def _rejected(rejected: Rejected) -> Iterator[Parts]:
    answer = {"reason": rejected.reason, "status": rejected.status}
    yield {}, {"event": "rejected", **answer, **_at(rejected.at)}


def _passed(passed: DeliveryForwarded) -> Iterator[Parts]:
    answer = passed.answer
    said = {"status": answer.status, "duration_ms": answer.duration_ms, "error": answer.error}
    yield {}, {"event": "forwarded", **said}


def _change(change: TunnelChange) -> Iterator[Parts]:
    yield {"event": "tunnel", "state": change.state, "url": change.url}, {}


_OBJECTS: Mapping[type, Callable[[Any], Iterator[Parts]]] = {
    Ready: _ready,
    Finding: _finding,
    ForeignCallback: _foreign,
    Handshake: _handshake,
    Delivery: _delivery,
    Rejected: _rejected,
    DeliveryForwarded: _passed,
    TunnelChange: _change,
}


def _told(event: WebhookEvent) -> Object:
    match event:
        case InboundMessage():
            return _message(event)
        case StatusUpdate():
            return _status(event)
        case AccountError():
            return _account_error(event)
        case OtherChange():
            return _other_change(event)
    count = {} if event.count is None else {"count": event.count}
    return {"event": "omitted", **count, "reason": event.reason}


def _message(event: InboundMessage) -> Object:
    who = {
        "from": event.number,
        "user_id": event.user_id,
        "username": event.username,
        "parent_user_id": event.parent_user_id,
        "name": event.name,
        "group_id": event.group_id,
    }
    what = {"type": event.kind, "text": event.text, **message_facts(event.raw)}
    head = {"event": "message", "id": event.id, **who, **what}
    return _present(head | _common(event) | {"raw": event.raw})


def _status(event: StatusUpdate) -> Object:
    to = {
        "recipient": event.recipient,
        "recipient_user_id": event.recipient_user_id,
        "recipient_type": event.recipient_type,
        "participant": event.participant,
        "participant_user_id": event.participant_user_id,
        "name": event.name,
        "username": event.username,
    }
    error = {
        "error_code": event.error_code,
        "error_title": event.error_title,
        "error_details": word(dig(event.raw, "errors", 0, "error_data", "details")),
    }
    head = {"event": "status", "id": event.id, "status": event.status, **to, **error}
    return _present(head | _common(event) | {"raw": event.raw})


def _account_error(event: AccountError) -> Object:
    said = {"code": event.code, "title": event.title, "details": event.details, "href": event.href}
    where = {"phone_number_id": event.number_id, "field": _field(event.field)}
    return _present({"event": "error", **said, **where, "sample": event.is_sample})


def _other_change(event: OtherChange) -> Object:
    said = {"field": event.field, "summary": event.summary, "value": event.raw.get("value")}
    where = {"phone_number_id": event.number_id, "sample": event.is_sample}
    return _present({"event": "change", **said, **where})


def _malformed(fault: Malformed) -> Object:
    said = {"reason": fault.reason, "expected": fault.expected, "found": fault.found}
    return {"event": "malformed", "path": fault.path, **_present(said)}


def _common(event: InboundMessage | StatusUpdate) -> Object:
    sent = event.timestamp.isoformat() if event.timestamp else None
    where = {"phone_number_id": event.number_id, "field": _field(event.field)}
    return {**where, "timestamp": sent, "sample": event.is_sample}


def _field(field: str) -> str | None:
    """Named where it is not the usual one."""
    return None if field == MESSAGES else field


def _present(said: Object) -> Object:
    """Without what Meta did not send: absent is absent, and never empty."""
    return {key: value for key, value in said.items() if value not in (None, "")}


def _at(at: datetime) -> Object:
    return {"at": at.isoformat(timespec="milliseconds")}
