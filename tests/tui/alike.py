"""What is alike in all apps of these tests is found out once for all of them: Textual finds it out
anew in each."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any
from weakref import WeakKeyDictionary

import pytest
from textual import _callback, strip
from textual.css.model import RuleSet
from textual.css.styles import RulesMap
from textual.css.stylesheet import Stylesheet
from textual.dom import DOMNode
from textual.widget import Widget

PARSE, APPLY = Stylesheet._parse_rules, Stylesheet.apply
COUNT = _callback._count_parameters


@contextlib.contextmanager
def found_out_once() -> Iterator[None]:
    """The rules in style sheets, which of them hold for a widget, and how many parameters a
    function has. What is drawn here is drawn once: each line would have seven caches for the next
    time."""
    nothing = _Nothing()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stylesheet, "_parse_rules", _parse_once())
        patch.setattr(Stylesheet, "apply", _match_once())
        patch.setattr(_callback, "_count_parameters", _count_once())
        patch.setattr(strip, "FIFOCache", lambda _size: nothing)
        yield


class _Numbers:
    """A number for each value that style sheets have come by, which is looked for again only where
    a sheet has another object."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[object, ...], int] = {}
        self._last: WeakKeyDictionary[Stylesheet, tuple[object, int]] = WeakKeyDictionary()

    def of(self, sheet: Stylesheet, value: object, told: Callable[[], tuple[object, ...]]) -> int:
        last = self._last.get(sheet)
        if last is None or last[0] is not value:
            number = self._numbers.setdefault(told(), len(self._numbers))
            self._last[sheet] = last = (value, number)
        return last[1]


def _parse_once() -> Callable[..., list[RuleSet]]:
    variables, parsed = _Numbers(), dict[tuple[object, ...], list[RuleSet]]()

    def remembered(sheet: Stylesheet, *given: Any, **named: Any) -> list[RuleSet]:
        own = sheet._variables
        key = (*given, *named.items(), variables.of(sheet, own, lambda: tuple(own.items())))
        if key not in parsed:
            parsed[key] = PARSE(sheet, *given, **named)
        return parsed[key]

    return remembered


class _Alike:
    """In place of the cache in which Textual keeps, for the time of one update, which rules hold
    for children of one parent that are alike: one for all widgets that are alike up to the app.
    What hangs on more, such as a place among others, Textual keeps in none."""

    def __init__(self, kept: dict[object, RulesMap], rules: int, node: DOMNode) -> None:
        self._kept, self._rules, self._node = kept, rules, node
        self._key: object = None

    def get(self, key: tuple[object, ...]) -> RulesMap | None:
        self._key = self._rules, key[1:], *_seen(self._node)  # the first of its key is the parent
        return self._kept.get(self._key)

    def __setitem__(self, key: object, rules: RulesMap) -> None:
        self._kept[self._key] = rules


def _seen(node: DOMNode) -> Iterator[object]:
    """What a selector sees of a widget and of all that it stands in."""
    *above, app = reversed(node.css_path_nodes)
    for one in above:
        yield type(one)
        yield one._id
        yield frozenset(one._classes)
        yield one._pseudo_classes_cache_key
        yield isinstance(one, Widget) and one.allow_focus()
    yield type(app)
    yield app.classes
    yield app.pseudo_classes


def _match_once() -> Callable[..., None]:
    numbers, kept = _Numbers(), dict[object, RulesMap]()

    def remembered(
        sheet: Stylesheet, node: DOMNode, *, animate: bool = False, cache: object = None
    ) -> None:
        rules = sheet.rules
        number = numbers.of(sheet, rules, lambda: tuple(map(id, rules)))
        APPLY(sheet, node, animate=animate, cache=_Alike(kept, number, node))  # type: ignore[arg-type]

    return remembered


class _Nothing:
    """A cache that keeps nothing."""

    def get(self, key: object) -> None:
        return None

    def __setitem__(self, key: object, value: object) -> None:
        pass


def _count_once() -> Callable[[Callable[..., Any]], int]:
    """Each lambda is another function, of the same code."""
    counted = dict[object, int]()

    def remembered(function: Callable[..., Any]) -> int:
        if not isinstance(function, FunctionType) or hasattr(function, "__wrapped__"):
            return COUNT(function)
        if function.__code__ not in counted:
            counted[function.__code__] = COUNT(function)
        return counted[function.__code__]

    return remembered
