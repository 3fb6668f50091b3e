"""A test that goes over a table of its own, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeAlias

import pytest

Test: TypeAlias = Callable[..., None]


def each_line(
    names: str | tuple[str, ...],
    lines: Iterable[Any],
    *,
    ids: Iterable[str] | Callable[[Any], str] | None = None,
) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize`, but all lines are one test, which goes on behind a line that
    fails and in the end shows each that did.

    For tests that only look something up: as one of pytest's, a line takes some milliseconds, in
    each process of a run, and most of them would need microseconds. Such a test takes no fixture.
    Raises `ValueError` for a table without a line.
    """
    table = tuple(lines)
    if not table:
        raise ValueError("there is no line to go over")
    many = (names,) if isinstance(names, str) else names

    def decorate(test: Test) -> Test:
        def over_all(**given: Any) -> None:
            failed: list[tuple[str, BaseException]] = []
            for id_, line in zip(_told(table, ids), table, strict=True):
                values = (line,) if isinstance(names, str) else line
                try:
                    test(**given, **dict(zip(many, values, strict=True)))
                except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - told below
                    error.add_note(f"at {id_}")
                    failed.append((id_, error))
            if failed:
                named = "; ".join(id_ for id_, _ in failed)
                what = f"at {len(failed)} of {len(table)}: {named}"
                raise BaseExceptionGroup(what, [error for _, error in failed])

        over_all.__name__, over_all.__doc__ = test.__name__, test.__doc__
        over_all.__module__, over_all.__qualname__ = test.__module__, test.__qualname__
        return over_all

    return decorate


def _told(
    table: tuple[Any, ...], ids: Iterable[str] | Callable[[Any], str] | None
) -> Iterator[str]:
    """What each line is called: by its id, or else as Python writes it."""
    if callable(ids):
        return map(ids, table)
    return iter(ids) if ids is not None else (f"{line!r:.100}" for line in table)
