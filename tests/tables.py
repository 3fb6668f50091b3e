"""A test that goes over a table of its own, line by line."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial, update_wrapper
from typing import Any, TypeAlias

import pytest

Test: TypeAlias = Callable[..., Awaitable[None] | None]


def each_line(
    names: str | tuple[str, ...],
    lines: Iterable[Any],
    *,
    ids: Iterable[str] | Callable[[Any], str] | None = None,
) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize`, but all lines are one test, which goes on behind a line that
    fails and in the end shows each that did.

    For tests that only look something up: as one of pytest's, a line takes ten milliseconds in all
    processes of a run, and most of them would need microseconds. A fixture that such a test takes
    is the same one for all lines. Raises `ValueError` for a table without a line.
    """
    table = tuple(lines)
    if not table:
        raise ValueError("there is no line to go over")
    many = (names,) if isinstance(names, str) else names

    def decorate(test: Test) -> Test:
        def calls(given: dict[str, Any]) -> Iterator[tuple[str, Callable[[], Any]]]:
            for id_, line in zip(_told(table, ids), table, strict=True):
                values = (line,) if isinstance(names, str) else line
                yield id_, partial(test, **given, **dict(zip(many, values, strict=True)))

        async def over_all_in_turn(**given: Any) -> None:
            with _Lines(len(table)) as each:
                for id_, call in calls(given):
                    with each.at(id_):
                        await call()

        def over_all(**given: Any) -> None:
            with _Lines(len(table)) as each:
                for id_, call in calls(given):
                    with each.at(id_):
                        call()

        whole = over_all_in_turn if inspect.iscoroutinefunction(test) else over_all
        update_wrapper(whole, test)
        signature = inspect.signature(test)
        others = [one for name, one in signature.parameters.items() if name not in many]
        vars(whole)["__signature__"] = signature.replace(parameters=others)
        del vars(whole)["__wrapped__"]  # of which pytest would ask for the columns
        return whole

    return decorate


class _Lines:
    """Goes on behind a line that fails, and raises in the end for all that did."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._failed: list[tuple[str, BaseException]] = []

    @contextmanager
    def at(self, id_: str) -> Iterator[None]:
        try:
            yield
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - told at the end
            error.add_note(f"at {id_}")
            self._failed.append((id_, error))

    def __enter__(self) -> _Lines:
        return self

    def __exit__(self, kind: object, *_more: object) -> None:
        if self._failed and kind is None:
            named = "; ".join(id_ for id_, _ in self._failed)
            what = f"at {len(self._failed)} of {self._count}: {named}"
            raise BaseExceptionGroup(what, [error for _, error in self._failed])


def _told(
    table: tuple[Any, ...], ids: Iterable[str] | Callable[[Any], str] | None
) -> Iterator[str]:
    """What each line is called: by its id, or else as Python writes it."""
    if callable(ids):
        return map(ids, table)
    return iter(ids) if ids is not None else (f"{line!r:.100}" for line in table)
