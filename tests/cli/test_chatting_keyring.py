"""What a keyring's backend writes on its own stands in none of our output."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import keyring
import pytest

from tests.cli.shell import Shell
from tests.cli.world import VALUES
from tests.vault.backends import Held
from wizard.cli.output.lines import say
from wizard.support.quiet import Hush, hushed
from wizard.vault import KeyringVault, VaultError

CHATTING = {"PYTHON_KEYRING_BACKEND": "chatting_keyring.ChattingKeyring"}
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="runs a shell")


def test_every_command_says_its_own_alone(shell: Shell) -> None:
    shell.fill()
    for arguments in (
        ("status", "--json"),
        ("export", "--format", "json"),
        ("profile", "copy", "default", "shop"),
        ("profile", "rename", "shop", "live"),
        ("profile", "delete", "live", "--yes"),
        ("forget", "verify_token", "--yes"),
    ):
        ended = shell(*arguments, env=CHATTING)
        assert ended.code == 0, ended.said
        assert "chatter" not in ended.said
        if "json" in arguments or "--json" in arguments:
            json.loads(ended.out)


def test_what_is_stored_is_said(shell: Shell) -> None:
    ended = shell("set", "app_id", "--stdin", stdin=VALUES["app_id"], env=CHATTING)
    assert (ended.code, "App ID" in ended.err, "chatter" in ended.said) == (0, True, False)


def test_a_program_that_is_run_may_say_what_it_likes(shell: Shell) -> None:
    shell.fill()
    ended = shell.cold("exec", "--", "sh", "-c", "echo out; echo err >&2", env=CHATTING)
    assert (ended.out, ended.err) == ("out\n", "err\n")


def test_our_own_lines_come_through(capfd: pytest.CaptureFixture[str]) -> None:
    say("before")
    with hushed():
        say("meanwhile")
        say("meanwhile, too", err=True)
        os.write(1, b"chatter")
        with hushed():
            subprocess.run(["/bin/sh", "-c", "echo chatter >&2"], check=False)
        os.write(2, b"chatter")
    say("after")
    assert capfd.readouterr() == ("before\nmeanwhile\nafter\n", "meanwhile, too\n")


def test_one_that_was_ended_before_it_began_hushes_nothing(
    capfd: pytest.CaptureFixture[str],
) -> None:
    hush = Hush()
    hush.end()
    hush.begin()
    os.write(1, b"heard")
    assert capfd.readouterr().out == "heard"


class Stuck(Held):
    """Asks somewhere, and is never answered."""

    def get_password(self, service: str, username: str) -> str | None:
        import threading

        threading.Event().wait(5)
        return None


async def test_a_call_that_is_given_up_leaves_the_streams_to_us(
    capfd: pytest.CaptureFixture[str],
) -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Stuck())
    try:
        with pytest.raises(VaultError):
            await KeyringVault("x", limit=0.05).load()
    finally:
        keyring.set_keyring(before)
    os.write(1, b"heard")
    assert capfd.readouterr().out == "heard"
