"""A window of any size, and whatever a terminal sends: the app goes on, and ctrl+q ends it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import CTRL, ENTER, Terminal, run


def resize(terminal: Terminal, columns: int, rows: int) -> None:
    terminal.screen.resize(rows, columns)
    terminal.child.setwinsize(rows, columns)


def settled(terminal: Terminal) -> str:
    """The screen once nothing more is drawn on it."""
    while terminal._read(0.3):
        pass
    return terminal.text()


def test_it_asks_for_room_and_goes_on_where_it_was(tmp_path: Path) -> None:
    with run("demo", folder=tmp_path, columns=10, rows=30) as terminal:
        terminal.shows("too small")
        resize(terminal, 100, 30)
        terminal.shows("Set up the WhatsApp Cloud API")
        terminal.keys(ENTER)
        terminal.shows("What you need", "quit")
        before = settled(terminal)
        for columns, rows, words in ((100, 3, "at least 40"), (5, 2, "Too"), (1, 1, "↔")):
            resize(terminal, columns, rows)
            terminal.shows(words)
            if rows > 1:
                terminal.keys(ENTER)  # nobody sees what it would do
        resize(terminal, 100, 30)
        terminal.until(lambda screen: screen == before)
        terminal.keys(CTRL["q"])
        assert (terminal.end(), terminal.is_as_found) == (0, True)


@pytest.mark.parametrize("sent", [b"\xff\xfe\x80\xc3", b"\x00\x1b\x1b\x1b[", b"x" * 20_000])
def test_whatever_comes_in_the_key_to_leave_is_heard(tmp_path: Path, sent: bytes) -> None:
    with run("demo", folder=tmp_path) as terminal:
        terminal.shows("Set up the WhatsApp Cloud API")
        for at in range(0, len(sent), 1000):
            terminal.child.send(sent[at : at + 1000])
            terminal._read(0.01)
        terminal.keys(ENTER, CTRL["q"])
        assert terminal.end() == 0
