"""The demo in a real terminal, from the first step to the last, by keys alone."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from wizard.guide import guide

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import CTRL, ENTER, ESCAPE, Terminal, run


def heading(terminal: Terminal, step: str) -> None:
    """Waits until the step is the one on screen."""
    title = guide().by_id[step].title
    terminal.until(
        lambda screen: re.search(rf"{re.escape(title)}\s*(▕|\n|$|portal:)", screen) is not None
    )


def test_the_demo_is_walked_from_first_to_last_step_by_keys_in_the_least_room(
    tmp_path: Path,
) -> None:
    with run("demo", folder=tmp_path, columns=80, rows=24) as terminal:
        terminal.shows("Set up the WhatsApp Cloud API")
        terminal.keys(ENTER)
        for step in guide().steps[:-1]:
            heading(terminal, step.id)
            take_what_is_offered(terminal, step.yields)
            terminal.keys(*(["\x1b"] if step.early else []))
            if step.early:
                terminal.shows("next")
            if step.id == "8.4":
                verify_the_webhook(terminal)
                heading(terminal, step.id)
            terminal.keys(ENTER)
        heading(terminal, guide().steps[-1].id)
        terminal.shows("40 of 40")
        for name in ("App ✓", "Secret ✓", "Token ✓", "Phone ✓", "WABA ✓", "Verify ✓"):
            terminal.shows(name)
        terminal.keys(CTRL["q"])
        terminal.shows("Leave?")
        terminal.keys(ENTER)
        assert terminal.end() == 0
        assert terminal.is_as_found


def verify_the_webhook(terminal: Terminal) -> None:
    """Opens it, presses "Verify and save" in the pretended portal, and has a customer write."""
    terminal.keys("w")
    terminal.shows("Nothing is running yet")
    terminal.keys("w")
    terminal.shows("waiting for Meta's call")
    terminal.keys("b")
    terminal.shows("Meta verified the callback")
    terminal.keys("m")
    terminal.shows('"halo"')
    terminal.keys(ESCAPE)


def take_what_is_offered(terminal: Terminal, names: tuple[str, ...]) -> None:
    """Ctrl+g fills every field of the step; then nothing may be left absent or under test."""
    short = {
        "app_id": "App",
        "app_secret": "Secret",
        "access_token": "Token",
        "phone_number_id": "Phone",
        "waba_id": "WABA",
        "verify_token": "Verify",
    }
    if names:
        terminal.keys(CTRL["g"])
    for name in names:
        settled = re.compile(rf"{short[name]} [✓•]")
        terminal.until(lambda screen, settled=settled: bool(settled.search(screen)))  # type: ignore[misc]


def test_a_machine_without_a_keyring_is_told_so_and_may_go_on_in_memory(tmp_path: Path) -> None:
    with run(folder=tmp_path) as terminal:
        terminal.shows("Set up the WhatsApp Cloud API")
        terminal.keys(ENTER)
        terminal.shows("There is no keyring on this machine", "gnome-keyring")
        terminal.keys("\x1b[B", ENTER)
        terminal.shows("In memory only")
        terminal.keys(CTRL["q"])
        assert terminal.end() == 0
        assert terminal.is_as_found


def test_a_paste_without_brackets_goes_into_the_field_and_presses_no_keys(tmp_path: Path) -> None:
    with run("demo", folder=tmp_path) as terminal:
        terminal.shows("Set up the WhatsApp Cloud API")
        terminal.keys(ENTER)
        terminal.shows("What you need")
        terminal.keys("/", "9.3", ENTER)
        terminal.shows("Paste the App ID here")
        terminal.keys("2455021458570608")
        terminal.shows("2455021458570608", "Stored in memory")


def test_leaving_and_coming_back_resumes_at_the_same_step(tmp_path: Path) -> None:
    for _ in range(2):
        with run(folder=tmp_path) as terminal:
            screen = terminal.until(
                lambda text: "Set up the WhatsApp" in text or "no keyring on this" in text
            )
            if "Set up the WhatsApp" in screen:
                terminal.keys(ENTER)
                terminal.shows("There is no keyring")
                terminal.keys("\x1b[B", ENTER)
                terminal.shows("In memory only")
                terminal.keys(ENTER, ENTER, ENTER)
                heading(terminal, "2.3")
            else:
                terminal.keys("\x1b[B", ENTER)
                heading(terminal, "2.3")
                terminal.shows("2 of 40")
            terminal.keys(CTRL["q"])
            assert terminal.end() == 0


BROKEN = """
import wizard.tui.screens.walk.screen as walk
def broken(*_):
    token = "EAA" + "x" * 120
    raise RuntimeError(f"no such thing as {token}")
walk.short_rail = broken
"""


def test_a_bug_of_ours_is_one_sentence_and_a_report_with_no_secret_in_it(tmp_path: Path) -> None:
    with run("demo", folder=tmp_path, code=BROKEN, env={"TMPDIR": str(tmp_path)}) as terminal:
        terminal.shows("Set up the WhatsApp Cloud API")
        terminal.keys(ENTER)
        assert terminal.end() == 70
        assert terminal.is_as_found
    reports = list(tmp_path.glob("whatsapp-wizard-*.txt"))
    assert len(reports) == 1
    assert "RuntimeError" in reports[0].read_text()
    assert "xxxx" not in reports[0].read_text()
    assert b"xxxx" not in terminal.written
    assert b"This is a bug." in terminal.written
