"""Copying where the terminal takes it, and a word where it does not."""

from __future__ import annotations

import base64
import sys
from itertools import takewhile
from pathlib import Path

import pytest
from textual.app import App

from wizard.guide import guide
from wizard.tui.clipboard import copy, without_clipboard
from wizard.tui.dialogs.qr_code import QrCodeModal

URL = "https://developers.facebook.com"
APPLE, GNOME = {"TERM_PROGRAM": "Apple_Terminal"}, {"VTE_VERSION": "7600"}

posix = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")
if sys.platform != "win32":
    from tests.e2e.terminal import ENTER, run


@pytest.mark.parametrize(
    ("env", "takes"),
    [
        ({}, True),
        ({"TERM_PROGRAM": "iTerm.app"}, True),
        ({"WT_SESSION": "1"}, True),
        ({"TERM_PROGRAM": "tmux", "TMUX": "/tmp/tmux", "VTE_VERSION": "7600"}, True),
        (APPLE, False),
        (GNOME, False),
    ],
)
def test_a_terminal_that_takes_no_copy_is_known(env: dict[str, str], takes: bool) -> None:
    assert (without_clipboard(env) == "") is takes


@pytest.mark.parametrize(
    ("env", "title"), [({}, "Copied"), (APPLE, "May not be copied"), (GNOME, "May not be copied")]
)
async def test_what_is_said_of_a_copy_is_true_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], title: str
) -> None:
    for name in ("TERM_PROGRAM", "VTE_VERSION", "TMUX"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    async with App[None]().run_test() as pilot:
        copy(pilot.app, URL, "The link")
        await pilot.pause()
        [told] = pilot.app._notifications
        assert (told.title, told.message.partition("\n")[0]) == (title, "The link")
        assert pilot.app.clipboard == URL


async def test_a_link_that_no_browser_opens_can_be_copied() -> None:
    async with App[None]().run_test(size=(100, 40)) as pilot:
        await pilot.app.push_screen(QrCodeModal(URL, "There is no desktop here."))
        await pilot.press("c")
        assert pilot.app.clipboard == URL
        assert isinstance(pilot.app.screen, QrCodeModal)


@posix
def test_the_copy_reaches_the_terminal_as_osc_52(tmp_path: Path) -> None:
    with run("demo", folder=tmp_path, env={"TERM_PROGRAM": "", "VTE_VERSION": ""}) as terminal:
        terminal.shows("Set up the WhatsApp Cloud API")
        terminal.keys(ENTER)
        for step in takewhile(lambda step: step.link is None, guide().steps):
            terminal.shows(step.title)
            terminal.keys(ENTER)
        terminal.shows(URL.removeprefix("https://"))
        terminal.keys("c")
        terminal.shows("Copied")
        _, _, rest = terminal.written.partition(b"\x1b]52;c;")
        assert base64.b64decode(rest.partition(b"\a")[0]) == URL.encode()
