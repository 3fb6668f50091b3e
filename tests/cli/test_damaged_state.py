"""A state file that is damaged, from a newer version, or can't be read: every command says so."""

from __future__ import annotations

import json

import pytest

from tests.cli.commands.test_check_all import all_, fill, lines_of
from tests.cli.shell import Shell
from tests.cli.world import VALUES, Pretended
from tests.tables import each_line
from wizard.cli import COMMANDS

NEWER = "written by a newer version of whatsapp-wizard"
DAMAGED = "The state file was damaged"
USES = {
    "status": ("status",),
    "check": ("check", "--env"),
    "check of all": ("check", "--all"),
    "doctor": ("doctor",),
    "restore": ("restore",),
    "subscribe": ("subscribe",),
    "rotate": ("rotate", "--stdin"),
    "discover": ("discover", "--env"),
    "listen": ("listen", "--no-register"),
    "send": ("send", "+4915112345678", "--yes"),
    "set": ("set", "app_id", "--stdin"),
    "import": ("import", "--stdin"),
    "export": ("export",),
    "exec": ("exec", "--", "true"),
    "forget": ("forget", "--yes"),
    "profile list": ("profile", "list"),
    "profile switch": ("profile", "switch", "shop"),
}
NO_STATE = {"demo", "simulator", "selftest", "completion", "help", "version"}


def test_every_command_is_among_them() -> None:
    assert COMMANDS.keys() - {words[0] for words in USES.values()} <= NO_STATE


@each_line("use", USES)
def test_a_newer_file_ends_every_command_and_is_left_as_it_is(shell: Shell, use: str) -> None:
    text = '{"schema": 2, "profiles": {"shop": {}}}'
    shell.state.parent.mkdir()
    shell.state.write_text(text)
    ended = shell(*USES[use], stdin="1234567890123456\n")
    assert ended.code == 1
    assert ended.err.count(NEWER) == 1
    assert shell.state.read_text() == text


@pytest.mark.parametrize("use", sorted(USES.keys() - {"listen", "rotate"}))
def test_a_damaged_file_is_said_by_every_command_once(shell: Shell, use: str) -> None:
    fill(shell, shop=VALUES, blog=VALUES)
    shell.state.write_bytes(shell.state.read_bytes()[:-40])
    for _ in range(2):
        ended = shell(*USES[use], stdin="1234567890123456\n")
        assert ended.err.count(DAMAGED) == 1
        assert ended.code != 70
    assert "shop" in json.loads(shell.state.read_text())["profiles"] or use == "forget"


def test_check_all_fails_until_the_damage_is_dealt_with(shell: Shell, meta: Pretended) -> None:
    fill(shell, shop=VALUES, default=VALUES)
    shell.state.write_bytes(shell.state.read_bytes()[:-4])
    ended = all_(shell, meta, "--json", "access_token")
    assert ended.code == 1
    reports, summary = lines_of(ended)
    assert reports.keys() == {"shop", "default"}
    assert summary["state"] == "damaged"
    assert "profiles may be missing" in all_(shell, meta, "access_token").out

    repaired = shell("profile", "repair", "--yes")
    assert repaired.code == 0
    assert "state.json.damaged-" in repaired.err
    ended = all_(shell, meta, "--json", "access_token")
    assert (ended.code, ended.err) == (0, "")
    assert "state" not in lines_of(ended)[1]


def test_a_folder_in_its_place_is_said_without_a_crash(shell: Shell) -> None:
    shell.state.mkdir(parents=True)
    for words in (("status",), ("check",), ("export",), ("profile", "list"), ("check", "--all")):
        ended = shell(*words)
        assert "state.json" in ended.err, words
        assert ended.code == (0 if words == ("status",) else 1), words
