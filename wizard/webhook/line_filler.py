"""Fills the lines of `webhook_words.toml` with what a thing of Meta's holds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import Any, TypeAlias

from wizard.webhook.json_values import number, objects, word
from wizard.webhook.people import Contacts, person_at

Line: TypeAlias = "str | list[str]"
Way: TypeAlias = Callable[[list[object]], str]

_HOLE = re.compile(r"\{([^{}:]*)(?::([^{}]*))?\}")
_NOBODY = Contacts(None)
_NOTHING = {"", "NONE"}
"""What Meta writes where there is nothing to say."""
_TAIL = 8
_MAX_TOLD = 3
_MAX_NAMED = 20
"""Of a list whose members are told by name: a body may hold eighty thousand."""


class LineFiller:
    """Fills lines from one thing. `ways` are further ways of saying a value, `means` what words of
    Meta's mean, `contacts` those of the payload."""

    def __init__(
        self,
        thing: object,
        ways: Mapping[str, Way],
        means: Mapping[str, str] | None = None,
        contacts: Contacts | None = None,
    ) -> None:
        self._thing = thing
        self._ways = ways
        self._means = means or {}
        self._contacts = contacts or _NOBODY

    def fill_first(self, lines: Line) -> str:
        """The first of the lines for which everything is there; empty where there is none."""
        return next(filter(None, map(self.fill, [lines] if isinstance(lines, str) else lines)), "")

    def fill(self, line: str) -> str:
        """The line; empty where something is missing."""
        if plain := _plain_name(line):
            return scalar(self._thing.get(plain)) if isinstance(self._thing, dict) else ""
        said = [self._said(path, way) for path, way in holes(line)]
        if not all(said):
            return ""
        rest = iter(said)
        return _HOLE.sub(lambda _: next(rest), line)

    def _said(self, path: str, way: str) -> str:
        if way == "person":
            return self._person(path)
        condition, _, text = way.partition("=")
        if condition == "count":
            return _counted(values_at(self._thing, path, most=None), text)
        found = list(values_at(self._thing, path))
        if way == "means":
            return next((self._means[one] for one in map(word, found) if one in self._means), "")
        if say := self._ways.get(way) or WAYS.get(way):
            return say(found)
        if condition in _CONDITIONS:
            return text if _CONDITIONS[condition](found) else ""
        return " ".join(filter(None, map(scalar, found)))

    def _person(self, path: str) -> str:
        *way, key = path.split(".")
        holder = next(values_at(self._thing, ".".join(way)), None)
        return person_at(holder, key, self._contacts).shown if isinstance(holder, dict) else ""


@cache
def holes(line: str) -> tuple[tuple[str, str], ...]:
    """The path and the way of each value in a line; an empty way is the plain one. Lines are ours:
    as many as the table and this file hold."""
    return tuple(_HOLE.findall(line))


@cache
def _plain_name(line: str) -> str:
    """Of a line that is one value of the thing itself, and nothing else, its name; empty for any
    other. Nearly every message has such a line."""
    found = _HOLE.fullmatch(line)
    return found[1] if found and found[2] is None and found[1].isidentifier() else ""


def values_at(thing: object, path: str, most: int | None = _MAX_NAMED) -> Iterator[object]:
    """What lies at a path such as `errors[].code`, in so many members of each list; the thing
    itself for an empty one."""
    if not path:
        yield thing
        return
    step, _, rest = path.partition(".")
    name = step.removesuffix("[]")
    inner = thing.get(name) if isinstance(thing, dict) else None
    if not step.endswith("[]"):
        yield from values_at(inner, rest, most) if inner is not None else ()
    elif isinstance(inner, list):
        for part in islice(inner, most):
            yield from values_at(part, rest, most)


def scalar(value: object) -> str:
    """A text, number or flag as it is said; empty for what says nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    said = repr(value) if isinstance(value, float) else word(value)
    return "" if said in _NOTHING else said


def _time(found: list[object]) -> str:
    for value in found:
        try:
            if (seconds := number(value)) is not None:
                return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d %H:%M} UTC"
        except (ValueError, OverflowError, OSError):
            continue
    return ""


def _counted(found: Iterator[object], noun: str) -> str:
    lists = [one for one in found if isinstance(one, list)]
    count = sum(map(len, lists))
    return f"{count:,} {noun}{'' if count == 1 else 's'}" if lists else ""


def _first(found: list[object], lines: list[str]) -> str:
    return _named(found, lambda thing: LineFiller(thing, {}).fill_first(lines))


def _named(found: list[object], name: Callable[[Mapping[str, Any]], str]) -> str:
    """What the members of lists are called, and how many more there are."""
    things = [thing for part in found for thing in objects(part)]
    said = list(filter(None, map(name, things[:_MAX_NAMED])))
    rest = len(things) - _MAX_NAMED
    return ", ".join([*said, f"and {rest:,} more"] if said and rest > 0 else said)


def _cards(found: list[object]) -> str:
    """What contact cards are called: since 2026 they may have no name."""
    return _named(found, _card)


def _card(card: Mapping[str, Any]) -> str:
    filler, vcard = LineFiller(card, {}), word(card.get("vcard"))
    names = ["{name.formatted_name}", "{name.first_name} {name.last_name}", "{name.first_name}"]
    if name := filler.fill_first(names):
        return name
    ways = ["{phones[].phone}", "{phones[].wa_id}", "{emails[].email}"]
    name = filler.fill_first(["{org.company}"]) or _on_vcard(vcard, "FN")
    return " ".join(filter(None, [name, filler.fill_first(ways) or _on_vcard(vcard, "TEL")]))


def _on_vcard(text: str, key: str) -> str:
    match = re.search(rf"(?mi)^{key}[^:\r\n]{{0,200}}:(.{{1,200}})", text[:20_000])
    return match[1].strip() if match else ""


def _items(found: list[object]) -> str:
    lines = ["{quantity} × {product_retailer_id} at {item_price} {currency}"]
    lines += ["{quantity} × {product_retailer_id}", "{product_retailer_id}"]
    return _first([objects(part)[:_MAX_TOLD] for part in found], lines)


def _people(found: list[object]) -> str:
    lines = ["{username} ({wa_id})", "{username} ({user_id})", "{wa_id}", "{user_id}", "{input}"]
    return _first(found, lines)


def _tail(found: list[object]) -> str:
    """The end of a message's id, by which people tell two of them apart."""
    id_ = word(found[0]) if found else ""
    return f"…{id_[-_TAIL:]}" if id_ else ""


WAYS: dict[str, Way] = {
    "time": _time,
    "tail": _tail,
    "words": lambda found: " ".join(filter(None, map(scalar, found))).replace("_", " "),
    "cards": _cards,
    "items": _items,
    "people": _people,
}
_CONDITIONS: Mapping[str, Callable[[list[object]], bool]] = {
    "yes": lambda found: found == [True],
    "false": lambda found: found == [False],
    "no": lambda found: not any(map(scalar, found)),
    "is": bool,
}
