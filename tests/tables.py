"""A test that goes over a table of its own, line by line."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial, update_wrapper
from pathlib import Path
from typing import Any, Protocol, TypeAlias, runtime_checkable

import pytest

Test: TypeAlias = Callable[..., Awaitable[None] | None]
# One that would be skipped fails: with it would go all that are behind it.
_FAILED = (Exception, BaseExceptionGroup, pytest.fail.Exception, pytest.skip.Exception)


@runtime_checkable
class Anew(Protocol):
    """A fixture that is as it was at first when it is told to be."""

    def begin_anew(self) -> None: ...


def each_line(
    names: str | tuple[str, ...],
    lines: Iterable[Any],
    *,
    ids: Iterable[str] | Callable[[Any], str] | None = None,
) -> Callable[[Test], Test]:
    """Like `pytest.mark.parametrize`, but all lines are one test, which goes on behind a line that
    fails and in the end shows each that did.

    For lines that take little: as one of pytest's, a line takes ten milliseconds in all processes
    of a run. Each has a `tmp_path` and a `monkeypatch` of its own, and a `caplog` without what was
    logged at those before; any other fixture that the test takes is the same one for all lines, and
    begins anew with each if it can (`Anew`). Raises `ValueError` for a table without a line.
    """
    table = tuple(lines)
    if not table:
        raise ValueError("there is no line to go over")
    many = (names,) if isinstance(names, str) else names

    def decorate(test: Test) -> Test:
        def calls() -> Iterator[tuple[str, Callable[..., Any]]]:
            for id_, line in zip(_told(table, ids), table, strict=True):
                values = (line,) if isinstance(names, str) else line
                yield id_, partial(test, **dict(zip(many, values, strict=True)))

        async def over_all_in_turn(**given: Any) -> None:
            with _Lines(len(table)) as each:
                for id_, call in calls():
                    with each.at(id_), _anew(given) as own:
                        await call(**own)

        def over_all(**given: Any) -> None:
            with _Lines(len(table)) as each:
                for id_, call in calls():
                    with each.at(id_), _anew(given) as own:
                        call(**own)

        whole = over_all_in_turn if inspect.iscoroutinefunction(test) else over_all
        update_wrapper(whole, test)
        signature = inspect.signature(test)
        others = [one for name, one in signature.parameters.items() if name not in many]
        vars(whole)["__signature__"] = signature.replace(parameters=others)
        del vars(whole)["__wrapped__"]  # of which pytest would ask for the columns
        return whole

    return decorate


def each_line_by(
    part: Callable[[Any], str],
    names: str | tuple[str, ...],
    lines: Iterable[Any],
    *,
    ids: Iterable[str] | Callable[[Any], str] | None = None,
) -> Callable[[Test], Test]:
    """As `each_line`, but the lines of each part are a test: for a table that takes so long that
    several processes should share it. `part` says to which a line belongs."""
    table = tuple(lines)
    parts: dict[str, list[tuple[str, Any]]] = {}
    for id_, line in zip(_told(table, ids), table, strict=True):
        parts.setdefault(part(line), []).append((id_, line))

    def decorate(test: Test) -> Test:
        over = {
            name: each_line(names, [line for _, line in some], ids=[id_ for id_, _ in some])(test)
            for name, some in parts.items()
        }

        async def over_part_in_turn(part: str, **given: Any) -> None:
            await over[part](**given)  # type: ignore[misc]

        def over_part(part: str, **given: Any) -> None:
            over[part](**given)

        whole = over_part_in_turn if inspect.iscoroutinefunction(test) else over_part
        update_wrapper(whole, test)
        given = inspect.signature(next(iter(over.values())))
        which = inspect.Parameter("part", inspect.Parameter.KEYWORD_ONLY)
        vars(whole)["__signature__"] = given.replace(parameters=[*given.parameters.values(), which])
        del vars(whole)["__wrapped__"]
        in_parts: Test = pytest.mark.parametrize("part", parts)(whole)
        return in_parts

    return decorate


@contextmanager
def _anew(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The fixtures of a test as one of its lines finds them."""
    own = dict(given)
    with ExitStack() as stack:
        for name, fixture in given.items():
            if isinstance(fixture, Anew):
                fixture.begin_anew()
            elif name == "caplog":
                fixture.clear()
            elif name == "monkeypatch":
                own[name] = stack.enter_context(pytest.MonkeyPatch.context())
            elif name == "tmp_path":
                own[name] = _new_folder(fixture)
        yield own


def _new_folder(path: Path) -> Path:
    folder = path / f"{len(list(path.iterdir()))}"
    folder.mkdir()
    return folder


class _Lines:
    """Goes on behind a line that fails, and raises in the end for all that did."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._failed: list[tuple[str, BaseException]] = []

    @contextmanager
    def at(self, id_: str) -> Iterator[None]:
        try:
            yield
        except _FAILED as error:
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
