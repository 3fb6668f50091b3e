"""`rotate` in a real terminal: opened, pasted, left; and what stands on the terminal then."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections.abc import Iterator

import pytest

from tests.cli.shell import NOBODY, Shell
from tests.cli.world import VALUES, Pretended, at
from wizard.simulator.world.state import DAY
from wizard.state import StateFile

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs a pty")

if sys.platform != "win32":
    from tests.e2e.terminal import CTRL, ENTER, ESCAPE, Terminal, run

FIELD = "Paste the Access token here"
STORED = "The new access token is stored"


class Counted:
    """The keys of a person in a terminal; a paste is one."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.keys = 0

    def press(self, key: str) -> None:
        self.keys += 1
        self.terminal.keys(key)

    def paste(self, text: str) -> None:
        self.keys += 1
        self.terminal.paste(text)


@contextlib.contextmanager
def rotating(
    shell: Shell,
    meta: Pretended,
    *arguments: str,
    size: tuple[int, int] = (100, 30),
    first: str = FIELD,
) -> Iterator[Counted]:
    """`rotate` in a terminal, once `first` stands on its screen."""
    env = shell.env | {"WHATSAPP_WIZARD_GRAPH_URL": meta.base}
    columns, rows = size
    with run(
        "rotate", *arguments, folder=shell.state.parent, columns=columns, rows=rows, env=env
    ) as there:
        there.shows(first)
        yield Counted(there)


def printed(there: Terminal) -> str:
    """What came behind the alternate screen."""
    return there.written.rpartition(b"\x1b[?1049l")[2].decode()


def newer(meta: Pretended) -> str:
    return meta.world.issue(meta.world.app, lifetime=DAY).text.reveal()


def test_two_keys_swap_a_token_and_the_report_stands_on_the_terminal(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    at(meta.healthy())
    token = newer(meta)
    with rotating(shell, meta, size=(80, 24)) as person:
        there = person.terminal
        there.shows("7.1   Press Generate access token", VALUES["app_id"])
        person.paste(token)
        there.shows(STORED, "expires in 23 h 59 min", "enter  close this screen")
        assert len(StateFile(shell.state.parent).users("default")) == 1
        person.press(ENTER)
        assert there.end() == 0
        assert there.is_as_found
        assert not StateFile(shell.state.parent).users("default")
        assert person.keys == 2
        assert STORED in printed(there)
        assert "temporary: expires in 23 h 59 min" in printed(there)
        assert token.encode() not in there.written
    assert shell.stored() == VALUES | {"access_token": token}
    said = shell("status", "--json").json["token"]
    assert (said["kind"], said["ends_soon"]) == ("temporary", False)


def test_a_paste_without_brackets_is_taken_too(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    at(meta.healthy())
    token = newer(meta)
    with rotating(shell, meta) as person:
        person.terminal.keys(token)
        person.terminal.shows(STORED)
        person.press(ENTER)
        assert person.terminal.end() == 0
    assert shell.stored()["access_token"] == token


def test_who_leaves_with_one_that_failed_reads_why_and_exits_with_1(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    at(meta.healthy())
    with rotating(shell, meta) as person:
        there = person.terminal
        person.paste(meta.world.other_token.text.reveal())
        there.shows("The access token belongs to another app", "The stored token is unchanged.")
        person.press(ESCAPE)
        there.shows("o page")
        person.press(ESCAPE)
        assert there.end() == 1
        assert "The stored access token was not replaced" in printed(there)
    assert shell.stored() == VALUES


@pytest.mark.parametrize("quitting", [True, False], ids=["ctrl+q", "escape"])
def test_who_leaves_without_a_paste_has_changed_nothing(
    shell: Shell, meta: Pretended, quitting: bool
) -> None:
    shell.fill()
    at(meta.healthy())
    with rotating(shell, meta) as person:
        if not quitting:
            person.press(ESCAPE)
            person.terminal.shows("o page")
        person.press(CTRL["q"] if quitting else ESCAPE)
        assert person.terminal.end() == 130
        assert "Nothing was changed." in printed(person.terminal)
    assert shell.stored() == VALUES


def test_long_lived_exchanges_the_stored_one_on_enter(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    at(meta.healthy())
    with rotating(shell, meta, "--long-lived") as person:
        there = person.terminal
        there.shows("Press enter without a paste to exchange the stored one.")
        person.press(ENTER)
        there.shows(STORED, "long-lived, expires in 59 d 23 h", "enter  close this screen")
        person.press(ENTER)
        assert there.end() == 0
        assert "long-lived: expires in 59 d" in printed(there)
    assert shell.stored()["access_token"] != VALUES["access_token"]


def test_a_machine_without_a_keyring_is_asked_about_it_here_too(
    shell: Shell, meta: Pretended
) -> None:
    at(meta.healthy())
    shell.env["PYTHON_KEYRING_BACKEND"] = NOBODY
    with rotating(shell, meta, first="There is no keyring on this machine") as person:
        there = person.terminal
        there.shows("Continue in memory")
        person.press(CTRL["q"])
        assert there.end() == 130
        assert there.is_as_found


def test_a_signal_leaves_the_terminal_as_it_was_and_the_token_too(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    at(meta.healthy())
    with rotating(shell, meta) as person:
        person.terminal.shows("7.5   Copy the access token")
        os.kill(person.terminal.child.pid, signal.SIGTERM)
        assert person.terminal.end() == 128 + signal.SIGTERM
        assert person.terminal.is_as_found
    assert shell.stored() == VALUES
