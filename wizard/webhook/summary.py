"""What is said of a message or a change: one line, by the table `webhook_words.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from wizard import content
from wizard.webhook.json_values import Path, dig, objects, path_text, type_name, word
from wizard.webhook.line_filler import LineFiller, Way, holes, scalar
from wizard.webhook.people import Contacts
from wizard.webhook.shape_check import Malformed, check_echo

Row: TypeAlias = Mapping[str, Any]

_MAX_TOLD = 3
_MAX_LEAVES = 4
_TELLING = ("event", "type", "status", "decision", "reason", "name", "title", "message")
_AROUND = {"messaging_product", "metadata", "contacts", "timestamp"}
_LISTS = {"count", "cards", "items", "people"}
_ANYTHING = {"message", "text", "kind", "is", "no"}


@cache
def _table() -> Mapping[str, Mapping[str, Row]]:
    """`message` by kind, and `change` by field."""
    return tomllib.loads(content.read_text("webhook_words.toml"))


def known_fields() -> tuple[str, ...]:
    """The fields of which the table knows what to say."""
    return tuple(_table()["change"])


def field_words(field: str) -> Row:
    """The table's row of a field; empty where it has none."""
    row: Row = _table()["change"].get(field, {})
    return field_words(row["like"]) if "like" in row else row


def message_type(message: Row) -> str:
    """Meta's word for it, or `unknown`."""
    return word(message.get("type")) or "unknown"


def message_text(message: Row) -> str:
    """What a person would want to see of the message; empty where it has no words."""
    kind = message_type(message)
    lines = _kind_words(kind).get("text")
    said = LineFiller(message.get(kind), _WAYS).fill_first(lines) if lines else ""
    return said or _why_unsupported(message)


def summarize_message(message: Row) -> str:
    """A message in a few words: `"halo"`, `[image] "a caption"`, `[reaction] taken back`."""
    kind, text = message_type(message), message_text(message)
    row, part = _kind_words(kind), message.get(kind)
    note = LineFiller(part, _WAYS).fill_first(row.get("note", []))
    if not text and not note and row.get("rest"):
        note = first_values(part)
    named = f"[{kind if kind.strip() and kind.isprintable() else 'unknown'}]"
    named = named if kind != "text" or not text else ""
    return " ".join(filter(None, [named, note, f'"{text}"' if text else ""]))


def summarize_change(field: str, value: object) -> str:
    """The essential of a change in a line; empty where it holds nothing to say."""
    row, holder = field_words(field), value if isinstance(value, dict) else {}
    contacts, things = Contacts(holder.get("contacts")), [one for one, _ in _things(row, holder)]
    said = [_sentence(row, thing, contacts) or first_values(thing) for thing in things[:_MAX_TOLD]]
    rest = f"and {len(things) - _MAX_TOLD} more" if len(things) > _MAX_TOLD else ""
    return "; ".join(filter(None, [*said, rest])) or first_values(value)


def first_values(value: object) -> str:
    """The first plain values of a thing that nothing else is known of."""
    if isinstance(value, list):
        return ", ".join(filter(None, map(scalar, value[:_MAX_LEAVES])))
    if not isinstance(value, dict):
        return scalar(value)
    named = {key: scalar(value[key]) for key in [*_TELLING, *value] if key in value}
    told = [f"{key} {said}" for key, said in named.items() if said and key not in _AROUND]
    if told:
        return ", ".join(told[:_MAX_LEAVES])
    for key, part in value.items():
        for one in () if key in _AROUND else part[:_MAX_TOLD] if isinstance(part, list) else [part]:
            if said := first_values(one):
                return f"{key} {said}" if scalar(one) else said
    return ""


def check_change(field: str, value: Row, path: Path) -> Iterator[Malformed]:
    """Every place in a change of a known field where something else stands than its line needs."""
    row = field_words(field)
    for name in filter(value.__contains__, _lists(row)):
        if not isinstance(value[name], list):
            yield _wrong(value[name], "a list", (*path, name))
    for thing, at in _things(row, value):
        for need in row.get("needs", []):
            if thing.get(need) is None:
                yield Malformed(path_text((*path, *at, need)), "missing", "text")
        if at[:1] == ("message_echoes",):
            yield from check_echo(thing, (*path, *at))
        for steps, way in _steps(field) if row else ():
            # A body may hold ninety thousand things: most have little of what a line may say.
            if not steps or steps[0].removesuffix("[]") in thing:
                yield from _check_value(thing, steps, way, (*path, *at))


def _check_value(
    value: object, steps: tuple[str, ...], way: str, path: Path
) -> Iterator[Malformed]:
    """Whether a value can be reached by these steps, and said in this way."""
    if not steps:
        way = way.partition("=")[0]
        expected = "a list" if way in _LISTS else "text"
        fits = isinstance(value, list) if way in _LISTS else not isinstance(value, dict | list)
        if not fits and way not in _ANYTHING:
            yield _wrong(value, expected, path)
    elif not isinstance(value, dict):
        yield _wrong(value, "an object", path)
    else:
        name, is_list = steps[0].removesuffix("[]"), steps[0].endswith("[]")
        inner, at = value.get(name), (*path, name)
        if inner is None:
            return  # nothing is no fault
        if not is_list:
            yield from _check_value(inner, steps[1:], way, at)
        elif not isinstance(inner, list):
            yield _wrong(inner, "a list", at)
        else:
            yield from _check_members(inner, steps[1:], way, at)


def _check_members(
    parts: list[object], steps: tuple[str, ...], way: str, path: Path
) -> Iterator[Malformed]:
    for place, part in enumerate(parts):
        lacks_it = part is None or (isinstance(part, dict) and steps and steps[0] not in part)
        if not lacks_it:
            yield from _check_value(part, steps, way, (*path, place))


def _wrong(value: object, expected: str, path: Path) -> Malformed:
    return Malformed(path_text(path), "wrong_type", expected, type_name(value))


@cache
def _steps(field: str) -> tuple[tuple[tuple[str, ...], str], ...]:
    """The paths of a known field's row, and how each is said. Never asked for another field: what
    a stranger names would be kept for ever."""
    lines = field_words(field).get("say", [])
    flat = [one for line in lines for one in ([line] if isinstance(line, str) else line)]
    found = [hole for line in flat for hole in holes(line)]
    return tuple((tuple(hole.split(".")) if hole else (), way) for hole, way in found)


def _lists(row: Row) -> list[str]:
    each: str | list[str] = row.get("each", [])
    return [each] if isinstance(each, str) else each


def _things(row: Row, holder: Row) -> list[tuple[Row, Path]]:
    """What is told one by one: the members of the row's lists, or else the whole."""
    found: list[tuple[Row, Path]] = []
    for name in _lists(row):
        parts = holder.get(name)
        for place, part in enumerate(parts if isinstance(parts, list) else ()):
            if isinstance(part, dict):
                found.append((part, (name, place)))
    return found or [(holder, ())]


def _sentence(row: Row, thing: Row, contacts: Contacts) -> str:
    filler = LineFiller(thing, _WAYS, row.get("means"), contacts)
    return ", ".join(filter(None, map(filler.fill_first, row.get("say", []))))


def _kind_words(kind: str) -> Row:
    return _table()["message"].get(kind, {"rest": True})


def _why_unsupported(message: Row) -> str:
    """Why Meta can't pass it on, for what it calls `unsupported`."""
    error = dig(message, "errors", 0)
    return word(dig(error, "title")) or word(dig(error, "message"))


_WAYS: Mapping[str, Way] = {
    "message": lambda found: "".join(
        summarize_message(one) for one in objects(found)[:1] if "type" in one
    ),
    "text": lambda found: "".join(map(message_text, objects(found)[:1])),
    "kind": lambda found: "".join(map(message_type, objects(found)[:1])),
}
