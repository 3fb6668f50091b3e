"""The walk of a profile of one's own, left for another one, in a real terminal."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.shell import Shell
from tests.cli.world import VALUES

if sys.platform == "win32":
    pytest.skip("needs a pty", allow_module_level=True)

from tests.e2e.terminal import CTRL, ENTER, Terminal, run


def settled(terminal: Terminal, *texts: str) -> None:
    """Waits until all of these stand there, and the footer below them."""
    terminal.shows(*texts, "quit")


def test_from_one_profile_to_another_and_out(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    shell.fill()
    shell("profile", "create", "shop")
    with run(folder=shell.state.parent, env=shell.env) as terminal:
        terminal.shows("Set up the WhatsApp")
        terminal.keys(ENTER)
        settled(terminal, "default", "p profiles")
        terminal.keys("p")
        settled(terminal, "▸ default", "nothing tested", "n new")
        assert shell("profile", "delete", "default", "--yes").code == 1
        terminal.keys("r")
        terminal.shows("Rename default")
        terminal.keys(CTRL["u"], *"live", ENTER)
        settled(terminal, "live", "Before you start", "p profiles")
        assert (shell.stored(), shell.stored("live")) == ({}, VALUES)
        terminal.keys("p")
        settled(terminal, "▸ live", "shop")
        terminal.keys("\x1b[B", ENTER)
        terminal.shows("Set up the WhatsApp")
        terminal.keys(CTRL["q"])
        assert (terminal.end(), terminal.is_as_found) == (0, True)
    assert shell("status").out.startswith("Nothing is stored for profile shop yet.")
    assert not [path for path in shell.state.parent.iterdir() if path.name.startswith("use.")]
