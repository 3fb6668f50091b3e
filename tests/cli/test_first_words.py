"""What is said to who has nothing stored, or has mistyped a command."""

from __future__ import annotations

import pytest

from tests.cli.shell import Shell
from tests.tables import each_line
from wizard import __version__


@each_line(("command", "code"), [("status", 0), ("check", 1), ("doctor", 1)])
def test_who_has_nothing_stored_is_told_in_one_line_what_to_run(
    shell: Shell, command: str, code: int
) -> None:
    ended = shell(command)
    assert ended.code == code
    first = ended.out.splitlines()[0]
    assert "Nothing is stored for profile default yet" in first
    for way in ("run whatsapp-wizard (", "whatsapp-wizard discover", "whatsapp-wizard import FILE"):
        assert way in first
    assert "missing" not in ended.out


@pytest.mark.parametrize(("typed", "meant"), [("chek", "check"), ("docter", "doctor")])
def test_a_mistyped_command_is_answered_with_the_right_one(
    shell: Shell, typed: str, meant: str
) -> None:
    ended = shell(typed)
    assert ended.code == 2
    assert f"Did you mean {meant}?" in ended.err


@each_line("value", ["hunter-two-secret", "EAAB" + "x" * 60, "correcthorse"])
def test_a_value_in_the_place_of_a_command_is_not_repeated(shell: Shell, value: str) -> None:
    ended = shell(value)
    assert ended.code == 2
    assert value not in ended.out + ended.err


def test_help_and_version_are_commands_too(shell: Shell) -> None:
    assert shell("version").out == f"whatsapp-wizard, version {__version__}\n"
    assert shell("help").out == shell("--help").out
    assert shell("help", "check").out == shell("check", "--help").out
    assert shell("help", "chek").code == 2
