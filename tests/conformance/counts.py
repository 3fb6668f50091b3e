"""How many of how many, as the end of a run of these tests says it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

NAMES = (
    "operations",
    "examples replayed",
    "examples left out",
    "findings named",
    "errors described",
    "clients that ran",
)
"""In the order they are told."""

_PREFIX = "conformance: "
_ONE = "one of "
_properties: list[list[tuple[str, object]]] = []


def count(name: str, value: int | str) -> None:
    """Tells it with the report of the test that runs, which pytest-xdist brings home; `value` is a
    number, or text such as `14 of 14`. `name` is one of `NAMES`."""
    if name not in NAMES:
        raise ValueError(f"{name!r} is not counted; NAMES are: {', '.join(NAMES)}")
    _properties[-1].append((_PREFIX + name, value))


def one_of(name: str, total: int) -> None:
    """Tells that one more of so many was proved; called where it is, at the end of its test."""
    count(name, f"{_ONE}{total}")


@contextmanager
def counting(properties: list[tuple[str, object]]) -> Iterator[None]:
    """Meanwhile, what is counted goes to a test's `user_properties`."""
    _properties.append(properties)
    try:
        yield
    finally:
        _properties.pop()


def lines(properties: Iterable[tuple[str, object]]) -> list[str]:
    """A line for each name that was counted: those told one by one are added up, and of the
    others the last value counts."""
    told: dict[str, object] = {}
    ones: Counter[str] = Counter()
    for name, value in properties:
        if isinstance(value, str) and value.startswith(_ONE):
            ones[name] += 1
            told[name] = f"{ones[name]} of {value.removeprefix(_ONE)}"
        else:
            told[name] = value
    names = [_PREFIX + name for name in NAMES]
    return [f"{name} {told[name]}" for name in names if name in told]
