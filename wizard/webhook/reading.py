"""From the bytes of a body to its events: every part of it told, none of it trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from typing import Any, TypeAlias

from wizard.webhook.change import CONVERSATIONS, STANDBY, Change, open_change
from wizard.webhook.envelope import Envelope, parse_envelope
from wizard.webhook.events import MAX_EVENTS, Omitted, Reading, WebhookEvent
from wizard.webhook.json_values import Path, objects, path_text
from wizard.webhook.origins import origins_of
from wizard.webhook.shape_check import (
    CONTACT,
    ERROR,
    METADATA,
    STATUS,
    Malformed,
    check_message,
    check_shape,
    expect,
)
from wizard.webhook.summary import check_change, field_words

_MAX_MALFORMED = 100
"""Faults told of one body."""
_AROUND = {"messaging_product", "metadata", "contacts", "conversation_context"}
_TOLD = {*_AROUND, "messages", "statuses", "errors"}

_CONTAINERS = (dict, list)

_Maker: TypeAlias = Callable[[], WebhookEvent]
_Faults: TypeAlias = Iterator[Malformed]
_Found: TypeAlias = Iterator[_Maker | _Faults]


def read_body(body: bytes, *, is_signed: bool = False) -> Reading:
    """Everything in the body, in its order: many entries, many changes in each.

    Of more than `MAX_EVENTS` the rest is counted, and told by an `Omitted` at the end. Parts that
    are missing or of another type are tolerated, and stand in `malformed`. Takes time and memory
    that grow with the body alone. Raises `EnvelopeError` where the whole is no JSON object, or is
    beyond the bounds of one; unless `is_signed`, also where it has no list `entry`.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
    """
    envelope = parse_envelope(body, is_signed=is_signed)
    faults = [_check_envelope(envelope)]
    makers = _without_faults(_of_entries(envelope), faults)
    events = [make() for make in islice(makers, MAX_EVENTS)]
    if rest := sum(1 for _ in makers):
        events.append(Omitted(rest, "too_many"))
    malformed = _one_a_place(chain.from_iterable(faults))
    return Reading(tuple(events), envelope.nodes, malformed, origins_of(envelope))


def read_events(body: bytes) -> list[WebhookEvent]:
    """The events of `read_body`."""
    return list(read_body(body).events)


def _without_faults(found: _Found, faults: list[_Faults]) -> Iterator[_Maker]:
    """What makes an event, one after another. The checks between them go aside, and run later:
    those of events that are not made never."""
    for one in found:
        if callable(one):
            yield one
        elif len(faults) <= 2 * MAX_EVENTS:
            faults.append(one)


def _one_a_place(faults: Iterable[Malformed]) -> tuple[Malformed, ...]:
    told: dict[str, Malformed] = {}
    for fault in faults:
        told.setdefault(fault.path, fault)
        if len(told) == _MAX_MALFORMED:
            break
    return tuple(told.values())


def _check_envelope(envelope: Envelope) -> _Faults:
    for oddity in envelope.oddities:
        yield Malformed(path_text(oddity.path), oddity.reason)
    yield from check_shape(envelope.whole, {"object": "id!"}, ())
    yield from expect(envelope.whole.get("entry"), "list", ("entry",))


def _of_entries(envelope: Envelope) -> _Found:
    for place, entry in enumerate(envelope.entries):
        path: Path = ("entry", place)
        yield check_shape(entry, {"id": "key!"}, path)
        if isinstance(entry, dict):
            yield from _of_entry(entry, (*path, "changes"))


def _of_entry(entry: dict[str, Any], path: Path) -> _Found:
    changes = entry.get("changes")
    yield expect(changes, "list", path)
    for place, change in enumerate(changes if isinstance(changes, list) else ()):
        yield check_shape(change, {"field": "id!"}, (*path, place))
        if isinstance(change, dict):
            yield from _of_change(open_change(change, entry, (*path, place)))


def _of_change(change: Change) -> _Found:
    yield _check_value(change)
    told = False
    if change.field in CONVERSATIONS:
        for message, path in _listed(change, "messages"):
            told = True
            yield change.maker(change.message, message)
            yield check_message(message, path, is_excused=bool(change.value.get("errors")))
        for status, path in _listed(change, "statuses"):
            told = True
            yield change.maker(change.status, status)
            yield check_shape(status, STATUS, path)
    for error in objects(change.value.get("errors")):
        if "code" in error:
            told = True
            yield change.maker(change.error, error)
    if not told or any(
        isinstance(change.value[name], _CONTAINERS) for name in change.value.keys() - _TOLD
    ):
        yield change.other
        yield check_change(change.field, change.value, change.path)


def _listed(change: Change, name: str) -> Iterator[tuple[dict[str, Any], Path]]:
    """The objects of a list, each with its path."""
    parts = change.value.get(name)
    for place, part in enumerate(parts if isinstance(parts, list) else ()):
        if isinstance(part, dict):
            yield part, (*change.path, name, place)


def _check_value(change: Change) -> _Faults:
    """What every change has in common: nothing is known of a field of tomorrow."""
    is_conversation = change.field in CONVERSATIONS
    if is_conversation or field_words(change.field):
        yield from expect(change.raw.get("value"), "object", change.outer_path)
        yield from _check_around(change, is_conversation=is_conversation)


def _check_around(change: Change, *, is_conversation: bool) -> _Faults:
    outer, value = change.outer, change.value
    if change.field == STANDBY and STANDBY in outer:
        yield from expect(outer[STANDBY], "object", (*change.outer_path, STANDBY))
    if is_conversation and isinstance(change.raw.get("value"), dict):
        yield from expect(outer.get("metadata"), "object", (*change.outer_path, "metadata"))
        for name in ("messages", "statuses"):
            if name in value:
                yield from check_shape(value[name], [{}], (*change.path, name))
    if isinstance(outer.get("metadata"), dict):
        yield from check_shape(outer["metadata"], METADATA, (*change.outer_path, "metadata"))
    if "contacts" in value:
        yield from check_shape(value["contacts"], [CONTACT], (*change.path, "contacts"))
    if "errors" in value and is_conversation:
        yield from check_shape(value["errors"], [ERROR], (*change.path, "errors"))
