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
from wizard.webhook.events import InboundMessage, Omitted, StatusUpdate, WebhookEvent

Object: TypeAlias = dict[str, Any]


def _as_it_is(made: Any) -> Any:
    return made


def event_json(event: Event, redact: Callable[[Any], Any] = _as_it_is) -> Iterator[str]:
    """An event as the lines of `--json`: one object each, and none for our own handshakes.
    `redact` is given each object, and returns what may be shown of it.

    ASCII alone: what strangers write must not reach a terminal as its control characters.
    """
    for made in _OBJECTS[type(event)](event):
        yield json.dumps(redact(made))


def _ready(ready: Ready) -> Iterator[Object]:
    yield {"event": "ready", "callback_url": ready.callback_url, "local_url": ready.local_url}


def _finding(finding: Finding) -> Iterator[Object]:
    yield {"event": "finding", **finding.as_dict()}


def _foreign(foreign: ForeignCallback) -> Iterator[Object]:
    yield from _finding(shared(foreign))


def _handshake(shaken: Handshake) -> Iterator[Object]:
    if not shaken.own:
        yield {"event": "handshake", "ok": shaken.ok, "reason": shaken.reason, **_at(shaken.at)}


def _delivery(delivery: Delivery) -> Iterator[Object]:
    for told in [_told(event) for event in delivery.events] or [{"event": "delivery"}]:
        yield {**told, "signature": delivery.signature, **_at(delivery.at)}


def _rejected(rejected: Rejected) -> Iterator[Object]:
    answer = {"reason": rejected.reason, "status": rejected.status}
    yield {"event": "rejected", **answer, **_at(rejected.at)}


def _passed(passed: DeliveryForwarded) -> Iterator[Object]:
    answer = passed.answer
    yield {
        "event": "forwarded",
        "status": answer.status,
        "duration_ms": answer.duration_ms,
        "error": answer.error,
    }


def _change(change: TunnelChange) -> Iterator[Object]:
    yield {"event": "tunnel", "state": change.state, "url": change.url}


_OBJECTS: Mapping[type, Callable[[Any], Iterator[Object]]] = {
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
    if isinstance(event, InboundMessage):
        said = {"from": event.sender, "name": event.name, "type": event.kind, "text": event.text}
        return {"event": "message", "id": event.id, **said, **_common(event)}
    if isinstance(event, StatusUpdate):
        said = {"status": event.status, "recipient": event.recipient}
        error = {"error_code": event.error_code, "error_title": event.error_title}
        return {"event": "status", "id": event.id, **said, **error, **_common(event)}
    if isinstance(event, Omitted):
        count = {} if event.count is None else {"count": event.count}
        return {"event": "omitted", **count, "reason": event.reason}
    return {"event": "change", "field": event.field, "sample": event.is_sample}


def _common(event: InboundMessage | StatusUpdate) -> Object:
    sent = event.timestamp.isoformat() if event.timestamp else None
    return {"phone_number_id": event.number_id, "timestamp": sent, "sample": event.is_sample}


def _at(at: datetime) -> Object:
    return {"at": at.isoformat(timespec="milliseconds")}
