"""A keyring that asks on the terminal is answered before the first screen, and never over one."""

from __future__ import annotations

import contextlib
import json
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import PLUGINS

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import CTRL, ENTER, Terminal, run

QUESTION = "Please enter password"
IMPATIENT = """
from wizard.cli.input import world
from wizard.vault import waiting
world._PATIENCE = waiting.PATIENCE = 0.01
"""
ASKING = Path(__file__).parent / "plugins"
KNOWN = "keyrings.cryptfile.cryptfile.CryptFileKeyring"
STRANGE = [f"strange_keyring.{kind}" for kind in ("Hidden", "Shown", "OnStandardError")]
each = pytest.mark.parametrize("backend", [KNOWN, *STRANGE])


@contextlib.contextmanager
def asked(
    folder: Path, *arguments: str, code: str = "", backend: str = KNOWN
) -> Iterator[Terminal]:
    entries = {"whatsapp-wizard:default app_id": "2455021458570608"}
    (folder / "entries.json").write_text(json.dumps(entries))
    env = {
        "PYTHONPATH": f"{ASKING}:{PLUGINS}",
        "PYTHON_KEYRING_BACKEND": backend,
        "TEST_KEYRING_FILE": str(folder / "entries.json"),
    }
    with run(*arguments, folder=folder / "state", env=env, code=code) as terminal:
        terminal.shows(QUESTION)
        yield terminal


def echoes(terminal: Terminal) -> bool:
    return bool(termios.tcgetattr(terminal.child.child_fd)[3] & termios.ECHO)


@each
def test_the_right_password_opens_it_for_the_whole_run(tmp_path: Path, backend: str) -> None:
    with asked(tmp_path, backend=backend) as terminal:
        terminal.keys("right", ENTER)
        terminal.shows("Set up the WhatsApp Cloud API")
        terminal.keys(ENTER)
        terminal.shows("App •")
        assert terminal.written.count(QUESTION.encode()) == 1


@each
def test_a_wrong_one_is_told_on_screen_and_not_asked_for_again(
    tmp_path: Path, backend: str
) -> None:
    with asked(tmp_path, backend=backend) as terminal:
        terminal.keys("wrong", ENTER)
        terminal.shows("Set up the WhatsApp Cloud API")
        terminal.keys(ENTER)
        terminal.shows("The keyring is locked", "asks for its password")
        terminal.keys(ENTER)  # try again
        terminal.shows("The keyring is locked")
        terminal.keys(CTRL["q"])
        assert terminal.end() == 0
        assert terminal.written.count(QUESTION.encode()) == 1


@each
def test_ctrl_c_at_the_question_ends_the_program(tmp_path: Path, backend: str) -> None:
    with asked(tmp_path, backend=backend) as terminal:
        terminal.keys(CTRL["c"])
        assert terminal.end() == 130
        assert echoes(terminal)


def test_no_line_of_ours_lands_in_a_commands_question(tmp_path: Path) -> None:
    with asked(tmp_path, "status", code=IMPATIENT) as terminal:
        time.sleep(0.2)
        terminal.keys("right", ENTER)
        terminal.shows("App ID", "2455021458570608")
        assert "Waiting for the keyring" not in terminal.text()


@pytest.mark.parametrize("backend", STRANGE)
def test_no_line_of_ours_lands_in_a_strange_keyrings_question(tmp_path: Path, backend: str) -> None:
    with asked(tmp_path, "status", backend=backend) as terminal:
        time.sleep(1.2)  # until a line would come
        terminal.keys("right", ENTER)
        terminal.shows("App ID", "2455021458570608")
        assert "Waiting for the keyring" not in terminal.text()


def test_a_command_that_ctrl_c_ends_at_the_question_leaves_an_echo(tmp_path: Path) -> None:
    with asked(tmp_path, "status") as terminal:
        assert not echoes(terminal)
        terminal.keys(CTRL["c"])
        assert terminal.end() == 130
        assert echoes(terminal)
