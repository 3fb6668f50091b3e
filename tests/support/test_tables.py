"""A test that goes over a table names every line that fails."""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
from pathlib import Path

import pytest

from tests.tables import each_line, each_line_by


def test_each_line_that_fails_is_named_and_none_stops_the_others() -> None:
    seen = []

    @each_line("number", [1, 2, 3, 4], ids=lambda number: f"no. {number}")
    def test(number: int) -> None:
        seen.append(number)
        if number == 1:
            pytest.fail("one")
        if number == 2:
            pytest.skip("two")
        assert number != 3

    with pytest.raises(BaseExceptionGroup, match=r"at 3 of 4: no\. 1; no\. 2; no\. 3") as caught:
        test()
    assert seen == [1, 2, 3, 4]
    first, _, third = caught.value.exceptions
    assert isinstance(third, AssertionError)
    assert (first.__notes__, third.__notes__) == (["at no. 1"], ["at no. 3"])


def test_tables_that_stand_above_one_another_are_gone_over_crosswise() -> None:
    seen = []

    @each_line("letter", "ab")
    @each_line(("number", "word"), {1: "one", 2: "two"}.items())
    def test(letter: str, number: int, word: str) -> None:
        seen.append(f"{letter}{number}{word}")

    test()
    assert seen == ["a1one", "a2two", "b1one", "b2two"]


async def test_a_task_of_each_line_is_awaited_with_the_fixtures_that_it_takes() -> None:
    seen = []

    @each_line("number", [1, 2, 3])
    async def test(tmp: str, number: int) -> None:
        seen.append(f"{tmp}{number}")
        await asyncio.sleep(0)
        assert number != 2

    assert inspect.iscoroutinefunction(test)
    assert list(inspect.signature(test).parameters) == ["tmp"]
    with pytest.raises(BaseExceptionGroup, match="at 1 of 3: 2"):
        await test(tmp="x")
    assert seen == ["x1", "x2", "x3"]


def test_each_part_of_a_table_is_a_test() -> None:
    seen = []

    @each_line_by(lambda line: line[0][0], ("word", "number"), [("a1", 1), ("b", 2), ("a2", 3)])
    def test(word: str, number: int) -> None:
        seen.append(f"{word}{number}")
        assert number != 1

    (mark,) = vars(test)["pytestmark"]
    assert (mark.name, *map(list, mark.args)) == ("parametrize", [*"part"], ["a", "b"])
    assert list(inspect.signature(test).parameters) == ["part"]
    test(part="b")
    with pytest.raises(ExceptionGroup, match="at 1 of 2"):
        test(part="a")
    assert seen == ["b2", "a11", "a23"]


class Drawer:
    """A fixture that begins anew."""

    def __init__(self) -> None:
        self.held: list[int] = []

    def begin_anew(self) -> None:
        self.held.clear()


def test_what_a_line_leaves_behind_is_not_there_for_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("SOME_LINE", raising=False)

    @each_line("above", [1, 2])
    @each_line("number", [1, 2, 3])
    def test(
        *,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        drawer: Drawer,
        above: int,
        number: int,
    ) -> None:
        assert (list(tmp_path.iterdir()), drawer.held, caplog.text) == ([], [], "")
        assert "SOME_LINE" not in os.environ
        (tmp_path / "file").touch()
        drawer.held.append(number)
        monkeypatch.setenv("SOME_LINE", "1")
        logging.getLogger("wizard").error("said")
        assert caplog.text

    test(tmp_path=tmp_path, monkeypatch=monkeypatch, caplog=caplog, drawer=Drawer())
    assert "SOME_LINE" not in os.environ
