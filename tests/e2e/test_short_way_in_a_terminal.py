"""The short way in a real terminal, from a fresh start, with every key counted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from wizard.simulator import Meta, demo_values
from wizard.values.credentials import plain

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import CTRL, ENTER, ESCAPE, Terminal, run

DOWN = "\x1b[B"
KEYS = 9
"""What is pressed from the first screen to a delivered message, beside two pastes."""
VALUES = demo_values(Meta())


class Counted:
    """A person at the terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.keys = 0
        self.pastes = 0

    def press(self, *keys: str) -> None:
        self.keys += len(keys)
        self.terminal.keys(*keys)

    def paste(self, name: str) -> None:
        self.pastes += 1
        self.terminal.paste(plain(VALUES.get(name) or ""))


def test_two_pastes_and_nine_keys_lead_from_a_fresh_start_to_a_delivered_message(
    tmp_path: Path,
) -> None:
    with run("demo", folder=tmp_path, columns=100, rows=30) as terminal:
        person = Counted(terminal)
        terminal.shows("I have a token")
        person.press(DOWN, ENTER)
        terminal.shows("Paste the Access token here")
        person.paste("access_token")
        terminal.shows("Which number?", "+1 555-014-2233")
        person.press(ENTER)
        terminal.shows("Paste the App Secret here")
        person.paste("app_secret")
        terminal.shows("Hidden Market, +1 555-014-2233", "store these six values in memory")
        assert "App –" in terminal.text()
        person.press(ENTER)
        terminal.shows("register it with Meta")
        person.press(ENTER)
        terminal.shows("Meta verified the callback URL", "press m to get one")
        for name in ("App", "Secret", "Token", "Phone", "WABA", "Verify"):
            terminal.shows(f"{name} ✓")
        person.press("m")
        terminal.shows('"halo"', "press s to reply")
        person.press("s")
        terminal.shows("Send a message", "review")
        person.press(ENTER)
        terminal.shows("send it")
        person.press(ENTER)
        terminal.shows("✓  delivered")
        assert (person.pastes, person.keys) == (2, KEYS)
        for name in ("access_token", "app_secret"):
            assert plain(VALUES.get(name) or "").encode() not in terminal.written
        terminal.keys(ESCAPE)
        terminal.shows("What you have now", "40 of 40")
        terminal.keys(CTRL["q"])
        terminal.shows("Leave?")
        terminal.keys(ENTER)
        assert terminal.end() == 0
        assert terminal.is_as_found
