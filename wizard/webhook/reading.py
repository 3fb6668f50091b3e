"""From the bytes of a body to its events: every part of it told, none of it trusted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any, TypeAlias

from wizard.webhook.change import CONVERSATIONS, STANDBY, Change, open_change
from wizard.webhook.envelope import Envelope, parse_envelope
from wizard.webhook.events import MAX_EVENTS, Omitted, Reading, WebhookEvent
from wizard.webhook.json_values import Path, objects, path_text, word
from wizard.webhook.origins import Origin
from wizard.webhook.shape_check import (
    CHANGE,
    CONTACTS,
    ENTRY,
    ENVELOPE,
    ERRORS,
    METADATA,
    OBJECTS,
    STATUS,
    Malformed,
    check_message,
    check_shape,
    expect,
    is_as_described,
)
from wizard.webhook.summary import check_change, field_words

_MAX_MALFORMED = 100
"""Faults told of one body."""
_MOST_LEARNED_FROM = 8_192
"""JSON values: where the changes of a larger body come from is not kept, for a smaller one will
come."""
_AROUND = {"messaging_product", "metadata", "contacts", "conversation_context"}
_TOLD = {*_AROUND, "messages", "statuses", "errors"}

_WHATSAPP = "whatsapp_"
"""How the names of its webhooks' objects begin. Pages, Instagram and users of the same app may post
to the same URL, and have no changes in their entries."""

_CONTAINERS = (dict, list)

_Faults: TypeAlias = Iterator[Malformed]
_Part: TypeAlias = dict[str, Any]


def read_body(body: bytes, *, is_signed: bool = False) -> Reading:
    """Everything in the body, in its order: many entries, many changes in each.

    Of more than `MAX_EVENTS` the rest is counted, and told by an `Omitted` at the end. Parts that
    are missing or of another type are tolerated, and stand in `malformed`. Takes time and memory
    that grow with the body alone. Raises `EnvelopeError` where the whole is no JSON object, or is
    beyond the bounds of one; unless `is_signed`, also where it has no list `entry`.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
    """
    envelope = parse_envelope(body, is_signed=is_signed)
    walk = _Walk(
        is_faultless=not envelope.oddities and is_as_described(envelope.whole),
        is_learned_from=envelope.nodes <= _MOST_LEARNED_FROM,
    )
    walk.read(envelope)
    if walk.omitted:
        walk.events.append(Omitted(walk.omitted, "too_many"))
    malformed = _one_a_place(chain.from_iterable(walk.faults)) if walk.faults else ()
    return Reading(tuple(walk.events), envelope.nodes, malformed, tuple(walk.origins))


def read_events(body: bytes) -> list[WebhookEvent]:
    """The events of `read_body`."""
    return list(read_body(body).events)


def _one_a_place(faults: Iterable[Malformed]) -> tuple[Malformed, ...]:
    told: dict[str, Malformed] = {}
    for fault in faults:
        told.setdefault(fault.path, fault)
        if len(told) == _MAX_MALFORMED:
            break
    return tuple(told.values())


class _Walk:
    """One way through a body: its events, as many as are told, and the checks of its parts, which
    run later. A body that is seen to be `is_faultless` as a whole needs none."""

    def __init__(self, *, is_faultless: bool, is_learned_from: bool) -> None:
        self.events: list[WebhookEvent] = []
        self.omitted = 0
        self.faults: list[_Faults] = []
        self.origins: dict[Origin, None] = {}
        """Of all changes but those of Meta's samples, each once."""
        self._is_faultless = is_faultless
        self._is_learned_from = is_learned_from

    def read(self, envelope: Envelope) -> None:
        if not self._is_faultless:
            self._check(_check_envelope(envelope))
        for place, entry in enumerate(envelope.entries):
            path: Path = ("entry", place)
            if not self._is_faultless:
                self._check(check_shape(entry, ENTRY, path))
            if isinstance(entry, dict):
                product = word(envelope.whole.get("object"))
                if "changes" in entry or not product or product.startswith(_WHATSAPP):
                    self._read_entry(entry, (*path, "changes"))
                else:
                    self._read_foreign_entry(product, entry, path)

    def _read_entry(self, entry: _Part, path: Path) -> None:
        changes = entry.get("changes")
        if not self._is_faultless:
            self._check(expect(changes, "list", path))
        for place, raw in enumerate(changes if isinstance(changes, list) else ()):
            if not self._is_faultless:
                self._check(check_shape(raw, CHANGE, (*path, place)))
            if isinstance(raw, dict):
                self._read_change(open_change(raw, entry, (*path, place)))

    def _read_foreign_entry(self, product: str, entry: _Part, path: Path) -> None:
        change = open_change({"field": product, "value": entry}, entry, path)
        self._tell(change.other, entry)

    def _read_change(self, change: Change) -> None:
        is_told = False
        if self._is_learned_from and not change.is_sample:
            self.origins[change.origin] = None
        if not self._is_faultless:
            self._check(_check_value(change))
        if change.field in CONVERSATIONS:
            is_told = self._read_parts(change, "messages", change.message)
            is_told = self._read_parts(change, "statuses", change.status) or is_told
        for error in objects(change.value.get("errors")):
            if "code" in error:
                is_told = True
                self._tell(change.error, error)
        if not is_told or any(
            isinstance(change.value[name], _CONTAINERS) for name in change.value.keys() - _TOLD
        ):
            self._tell(change.other, change.value)
            self._check(check_change(change.field, change.value, change.path))

    def _read_parts(self, change: Change, name: str, make: Callable[[_Part], WebhookEvent]) -> bool:
        """The objects of a list; whether there are any."""
        parts, is_told = change.value.get(name), False
        for place, part in enumerate(parts if isinstance(parts, list) else ()):
            if isinstance(part, dict):
                is_told = True
                self._tell(make, part)
                if not self._is_faultless:
                    path = (*change.path, name, place)
                    is_excused = bool(change.value.get("errors"))
                    self._check(
                        check_message(part, path, is_excused=is_excused)
                        if name == "messages"
                        else check_shape(part, STATUS, path)
                    )
        return is_told

    def _tell(self, make: Callable[[_Part], WebhookEvent], part: _Part) -> None:
        if len(self.events) < MAX_EVENTS:
            self.events.append(make(part))
        else:
            self.omitted += 1

    def _check(self, faults: _Faults) -> None:
        # Those of events that are not made are never looked for.
        if len(self.faults) <= 2 * MAX_EVENTS:
            self.faults.append(faults)


def _check_envelope(envelope: Envelope) -> _Faults:
    for oddity in envelope.oddities:
        yield Malformed(path_text(oddity.path), oddity.reason)
    yield from check_shape(envelope.whole, ENVELOPE, ())
    yield from expect(envelope.whole.get("entry"), "list", ("entry",))


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
                yield from check_shape(value[name], OBJECTS, (*change.path, name))
    if isinstance(outer.get("metadata"), dict):
        yield from check_shape(outer["metadata"], METADATA, (*change.outer_path, "metadata"))
    if "contacts" in value:
        yield from check_shape(value["contacts"], CONTACTS, (*change.path, "contacts"))
    if "errors" in value and is_conversation:
        yield from check_shape(value["errors"], ERRORS, (*change.path, "errors"))
