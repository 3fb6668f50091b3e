"""A value is read once a run: where a keyring asks for each call, each is a dialog."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from tests.cli.commands.test_listen import Lines, free_port
from tests.cli.shell import Shell
from tests.cli.world import VALUES, Pretended, at
from wizard.state import Progress, StateFile

ONCE = (
    ("status",),
    ("status", "--json"),
    ("check",),
    ("check", "app_id"),
    ("check", "--all"),
    ("doctor",),
    ("doctor", "--json", "--url", "http://127.0.0.1:9/webhook"),
    ("send", "+16505551234", "--yes"),
    ("export",),
    ("exec", "--", "true"),
    ("discover", "--json"),
    ("subscribe",),
    ("selftest", "--json"),
)
"""What only reads."""


@pytest.fixture
def counted(shell: Shell) -> Shell:
    shell.fill()
    shell.env["PYTHON_KEYRING_BACKEND"] = "counting_keyring.CountingKeyring"
    shell.env["TEST_KEYRING_CALLS"] = str(shell.folder / "calls")
    return shell


def calls(shell: Shell) -> Counter[str]:
    path = Path(shell.env["TEST_KEYRING_CALLS"])
    return Counter(path.read_text().splitlines() if path.exists() else ())


def reads(profile: str = "default") -> Counter[str]:
    return Counter(f"read whatsapp-wizard:{profile} {name}" for name in VALUES)


@pytest.mark.parametrize("command", ONCE, ids=" ".join)
def test_what_only_reads_reads_each_value_once(
    counted: Shell, meta: Pretended, command: tuple[str, ...]
) -> None:
    ended = counted(*command, env=at(meta.healthy()))
    assert ended.code in {0, 1}, ended
    authtoken = Counter(["read whatsapp-wizard ngrok_authtoken"] * (command[0] == "status"))
    made = calls(counted)
    assert made
    assert made <= reads() + authtoken, ended


def test_of_two_profiles_each_value_is_read_once(counted: Shell, meta: Pretended) -> None:
    held = {f"whatsapp-wizard:{profile}": VALUES for profile in ("default", "shop")}
    counted.keyring.write_text(json.dumps(held), "utf-8")
    StateFile(counted.state.parent).save("shop", Progress())
    assert counted("check", "--all", env=at(meta.healthy())).code == 0
    assert calls(counted) == reads() + reads("shop")


def test_a_rotation_reads_each_value_once_and_what_it_wrote(
    counted: Shell, meta: Pretended
) -> None:
    env = at(meta.healthy())
    token = meta.world.issue(meta.world.app, lifetime=86400).text.reveal()
    assert counted("rotate", "--stdin", stdin=token, env=env).code == 0
    made = calls(counted)
    written = Counter(["write whatsapp-wizard:default access_token"])
    assert made == reads() + written + Counter(["read whatsapp-wizard:default access_token"])


def test_listen_reads_each_value_once(counted: Shell, meta: Pretended) -> None:
    url = f"http://127.0.0.1:{free_port()}/webhook"
    env = at(meta.healthy())
    with counted.start("listen", "--json", "--url", url, env=env) as process:
        lines = Lines(process)
        lines.until("ready")
        assert lines.end()[0] in {0, 130}
    assert calls(counted) == reads()


@pytest.mark.parametrize("name", ["app_id", "access_token"])
def test_a_value_that_is_set_is_written_once_and_read_back(counted: Shell, name: str) -> None:
    assert counted("set", name, "--stdin", stdin=VALUES[name]).code == 0
    entry = f"whatsapp-wizard:default {name}"
    assert calls(counted) == Counter([f"write {entry}", f"read {entry}"])
