"""How long the token has to live: said ahead by `check` and `status`, in words and in numbers."""

from __future__ import annotations

import json

import pytest

from tests.cli.shell import Shell
from tests.cli.world import Pretended, at
from wizard.simulator.world.state import DAY, HOUR

SOON = "access_token.expires_soon"


def ids(shell: Shell, env: dict[str, str]) -> set[str]:
    ended = shell("check", "access_token", "--json", env=env)
    assert ended.code == 0
    return {finding["id"] for finding in ended.json["findings"]}


@pytest.mark.parametrize(
    ("left", "variables", "soon"),
    [
        (3 * HOUR, {}, False),
        (1.5 * HOUR, {}, True),
        (3 * HOUR, {"WHATSAPP_WIZARD_WARN_HOURS": "4"}, True),
        (1.5 * HOUR, {"WHATSAPP_WIZARD_WARN_HOURS": "1"}, False),
        (8 * DAY, {}, False),
        (6 * DAY, {}, True),
        (8 * DAY, {"WHATSAPP_WIZARD_WARN_DAYS": "10"}, True),
        (6 * DAY, {"WHATSAPP_WIZARD_WARN_DAYS": "5", "WHATSAPP_WIZARD_WARN_HOURS": "200"}, False),
    ],
)
def test_check_and_status_warn_as_long_ahead_as_one_wants(
    shell: Shell, meta: Pretended, left: float, variables: dict[str, str], soon: bool
) -> None:
    shell.fill()
    env = at(meta.healthy()) | variables
    meta.world.token.expires_at = meta.world.now() + left
    assert (SOON in ids(shell, env)) is soon
    token = shell("status", "--json", env=env).json["token"]
    assert token["ends_soon"] is soon
    assert token["kind"] == ("temporary" if left < DAY else "long-lived")
    assert token["expires_at"] == int(meta.world.token.expires_at)
    assert left - 60 < token["seconds_left"] <= left
    assert ("whatsapp-wizard rotate" in shell("status", env=env).out) is soon


def test_a_persons_status_shows_kind_and_time_left_as_a_bar(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = at(meta.healthy())
    meta.world.token.expires_at = meta.world.now() + 12 * HOUR
    ids(shell, env)
    last = shell("status").out.splitlines()[-1]
    assert "(temporary)" in last
    assert last.endswith("█" * 10 + "░" * 10)


def test_a_token_that_never_ends_is_nobodys_worry(shell: Shell, meta: Pretended) -> None:
    env = at(meta.healthy())
    shell.fill(access_token=meta.world.system_token.text.reveal())
    assert SOON not in ids(shell, env)
    token = shell("status", "--json").json["token"]
    assert token == {
        "kind": "system user",
        "expires_at": 0,
        "seconds_left": None,
        "ends_soon": False,
    }
    assert "never expires (system user)" in shell("status").out


def test_a_token_that_ended_since_is_said_with_what_to_do(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    ids(shell, at(meta.healthy()))
    said = json.loads(shell.state.read_text("utf-8"))
    said["profiles"]["default"]["token_expires_at"] -= int(25 * HOUR)
    shell.state.write_text(json.dumps(said), "utf-8")
    assert "whatsapp-wizard rotate" in shell("status").out
    token = shell("status", "--json").json["token"]
    assert token["seconds_left"] < 0
    assert token["ends_soon"]
