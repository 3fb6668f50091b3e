"""A help page is as wide as click would make it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator

import click
import pytest

from tests.tables import each_line
from wizard.cli.output.width import help_columns, terminal_columns

termios = pytest.importorskip("termios", reason="Windows sizes a console, not a pty")


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Standard output as a terminal of 120 columns."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (30, 120))
    with open(theirs, "w", encoding="utf-8") as stream:  # noqa: PTH123 - a number, not a path
        monkeypatch.setattr(sys, "__stdout__", stream)
        monkeypatch.delenv("COLUMNS", raising=False)
        yield theirs
    os.close(ours)


def as_click_has_it() -> bool:
    columns = shutil.get_terminal_size().columns
    return (terminal_columns(), help_columns()) == (columns, click.HelpFormatter().width)


@each_line("variable", ["", "abc", "0", "-7", "1", "51", "52", "79", "80", "81", "300", " 66 "])
def test_the_environment_names_the_columns(variable: str) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("COLUMNS", variable)
        assert as_click_has_it()


def test_the_terminal_says_how_wide_it_is(terminal: int) -> None:
    assert terminal_columns() == 120
    for columns in (0, 20, 70, 79, 80, 120):
        termios.tcsetwinsize(terminal, (30, columns))
        assert as_click_has_it(), columns


@pytest.mark.parametrize("stream", [None, "closed"])
def test_without_a_terminal_a_page_has_eighty(
    stream: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    with open(os.devnull, "w", encoding="utf-8") as closed:  # noqa: PTH123
        pass
    monkeypatch.setattr(sys, "__stdout__", closed if stream else None)
    assert terminal_columns() == 80
    assert as_click_has_it()
