"""`status` and `forget`, profiles and the state file, over several processes and one keyring."""

from __future__ import annotations

import json
import re
import stat
import sys
from datetime import UTC, datetime

import pytest

from tests.cli.shell import Shell
from tests.cli.world import VALUES, Pretended, at
from tests.tables import each_line
from wizard.state import CheckRecord as LastTest
from wizard.state import Progress, StateFile
from wizard.values.credentials import CREDENTIALS, MASK

NEWER = "EAAB" + "x7Q" * 60


def states(shell: Shell, *arguments: str) -> dict[str, str]:
    """What `status` says of each credential, behind its value."""
    out = shell("status", *arguments).out
    return {
        name: re.sub(r".{18} ", "", line[2 + len(f"{credential.label:<16} ") :], count=1)
        for name, credential in CREDENTIALS.items()
        for line in out.splitlines()
        if line.startswith(f"  {credential.label:<16} ")
    }


def test_before_anything_is_stored_all_six_are_absent(shell: Shell) -> None:
    ended = shell("status")
    assert (ended.code, ended.err) == (0, "")
    assert states(shell) == {}
    assert "Nothing is stored for profile default yet" in ended.out
    assert list(shell.folder.iterdir()) == []


def test_status_shows_ids_and_masks_secrets_and_asks_nobody(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    meta.calls = 0
    ended = shell("status", env=meta.address)
    as_json = shell("status", "--json", env=meta.address)
    assert (ended.code, ended.err, as_json.code, as_json.err) == (0, "", 0, "")
    assert meta.calls == 0
    assert ended.out.count(MASK) == 3
    for name, credential in CREDENTIALS.items():
        assert (VALUES[name] in ended.out) is not credential.secret
        assert (VALUES[name] in as_json.out) is not credential.secret
    assert set(states(shell).values()) == {"stored, not tested"}


def test_status_names_ngroks_authtoken_where_there_is_one(shell: Shell) -> None:
    assert "ngrok" not in shell("status").out
    assert shell("status", "--json").json["machine"] == {"ngrok_authtoken": False}
    shell("set", "ngrok_authtoken", "--stdin", stdin="a-token-of-ngrok")
    for profile in ("default", "shop"):
        ended = shell("status", "--profile", profile)
        assert (ended.code, ended.err, ended.out.count(MASK)) == (0, "", 1)
        as_json = shell("status", "--json", "--profile", profile)
        assert as_json.json["machine"] == {"ngrok_authtoken": True}
        assert "a-token-of-ngrok" not in ended.out + as_json.out


def test_status_tells_what_a_check_found_and_how_long_the_token_lives(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    env = meta.healthy()
    assert shell("check", env=at(env)).code == 0
    closed = shell("status", "--json").json
    assert closed["schema"] == 1
    of = {entry["name"]: entry for entry in closed["credentials"]}
    assert list(of) == list(CREDENTIALS)
    assert of["access_token"]["outcome"] == "passed"
    age = datetime.now(UTC) - datetime.fromisoformat(of["access_token"]["tested_at"])
    assert 0 <= age.total_seconds() < 60
    assert 0 < closed["token"]["seconds_left"] <= 24 * 3600
    assert states(shell)["access_token"].startswith("passed, tested")
    assert "The access token expires in" in shell("status").out


def test_a_failed_test_is_remembered_and_no_answer_changes_nothing(
    shell: Shell, meta: Pretended
) -> None:
    env = meta.broken("access_token.expired")
    shell.fill(access_token=env["WHATSAPP_ACCESS_TOKEN"])
    assert shell("check", env=at(env)).code == 1
    before = shell.state.read_bytes()
    assert states(shell)["access_token"].startswith("failed, tested")
    assert shell("check").code == 3
    assert shell.state.read_bytes() == before


def test_the_state_file_holds_no_secret_and_is_the_owners_alone(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    env = meta.healthy()
    shell("check", env=at(env))
    text = shell.state.read_text()
    assert json.loads(text)["schema"] == 1
    assert not [value for value in VALUES.values() if value in text]
    if sys.platform != "win32":
        assert stat.S_IMODE(shell.state.stat().st_mode) == 0o600
        assert stat.S_IMODE(shell.state.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize(
    ("command", "stdin"),
    [(["set", "access_token", "--stdin"], NEWER), (["forget", "access_token", "--yes"], None)],
    ids=["replaced", "deleted"],
)
def test_what_was_found_out_about_a_value_goes_with_it(
    shell: Shell, meta: Pretended, command: list[str], stdin: str | None
) -> None:
    shell.fill()
    env = meta.healthy()
    shell("check", env=at(env))
    assert shell(*command, stdin=stdin).code == 0
    said = shell("status", "--json").json
    of = {entry["name"]: entry["outcome"] for entry in said["credentials"]}
    assert (of["access_token"], of["app_id"]) == (None, "passed")
    assert said["token"]["seconds_left"] is None


def test_checking_a_profile_with_nothing_in_it_leaves_no_trace(
    shell: Shell, meta: Pretended
) -> None:
    assert shell("check", "--profile", "tpyo").code == 1
    assert not shell.state.exists()


# forget


def test_forget_deletes_one_or_all_and_the_place_in_the_walk(shell: Shell, meta: Pretended) -> None:
    shell.fill()
    env = meta.healthy()
    shell("check", env=at(env))
    one = shell("forget", "app_id", "--yes")
    assert (one.code, one.out) == (0, "")
    assert "App ID" in one.err
    assert shell.stored() == {name: VALUES[name] for name in VALUES if name != "app_id"}
    assert shell("forget", "--yes").code == 0
    assert shell.stored() == {}
    assert json.loads(shell.state.read_text())["profiles"] == {}
    again = shell("forget", "--yes")
    assert again.code == 0
    assert "Nothing was stored." in again.err


def test_forget_without_a_terminal_deletes_nothing_unasked(shell: Shell) -> None:
    shell.fill()
    ended = shell("forget", stdin="y\n")
    assert (ended.code, ended.out) == (2, "")
    assert shell.stored() == VALUES


# profiles


def test_profiles_are_kept_apart_wherever_they_are_named(shell: Shell) -> None:
    before, behind = {"WHATSAPP_WIZARD_PROFILE": "shop"}, ["--profile", "blog"]
    shell("set", "app_id", "--stdin", stdin="1" * 15)
    shell("set", "app_id", "--stdin", stdin="2" * 15, env=before)
    shell("set", "app_id", "--stdin", *behind, stdin="3" * 15, env=before)
    shell("--profile", "cafe", "set", "app_id", "--stdin", stdin="4" * 15, env=before)
    shell("--profile", "cafe", "set", "app_id", "--stdin", "--profile", "pub", stdin="5" * 15)
    held = [shell.stored(name) for name in ("default", "shop", "blog", "cafe", "pub")]
    assert held == [{"app_id": f"{digit}" * 15} for digit in range(1, 6)]
    assert shell("--profile", "cafe", "status", "--json").json["profile"] == "cafe"
    assert shell("forget", "--yes", "--profile", "shop").code == 0
    assert (shell.stored("shop"), shell.stored()) == ({}, {"app_id": "1" * 15})


@pytest.mark.parametrize(
    "arguments", [["forget", "--yes", "--profile", ""], ["--profile", "", "forget", "--yes"]]
)
def test_a_profile_that_came_out_empty_is_not_the_default_one(
    shell: Shell, arguments: list[str]
) -> None:
    shell.fill()
    assert shell(*arguments).code == 2
    assert shell.stored() == VALUES


# the state file


def test_a_state_file_that_is_damaged_is_said_until_it_is_seen_to(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    shell.state.parent.mkdir()
    shell.state.write_text('{"schema": 1, "profiles": {"default"')
    ended = shell("status", "--json")
    assert ended.code == 0
    assert len(ended.json["credentials"]) == 6
    assert len(ended.err.splitlines()) == 1
    (copy,) = shell.state.parent.glob("state.json.damaged-*")
    assert str(copy) in ended.err
    assert copy.read_text().endswith('{"default"')
    assert shell("status").err == ended.err
    shell.state.write_text("[]")
    env = meta.healthy()
    checked = shell("check", "--json", env=at(env))
    assert checked.code == 0
    assert "damaged" in checked.err
    assert states(shell)["app_id"].startswith("passed")


@each_line(
    ("command", "stdin"),
    [
        (["status", "--json"], None),
        (["check", "verify_token", "--json"], None),
        (["set", "app_id", "--stdin"], "1" * 15),
        (["forget", "--yes"], None),
    ],
    ids=["status", "check", "set", "forget"],
)
def test_a_state_folder_that_cannot_be_had_stops_no_command(
    shell: Shell, command: list[str], stdin: str | None
) -> None:
    shell.fill()
    (shell.folder / "file").write_text("in the way")
    folder = str(shell.folder / "file" / "state")
    ended = shell(*command, stdin=stdin, env={"WHATSAPP_WIZARD_STATE_DIR": folder})
    assert ended.code == 0
    assert [line for line in ended.err.splitlines() if folder in line]
    assert "Traceback" not in ended.err


# all profiles at a glance


def ends_in(seconds: float) -> Progress:
    now = datetime.now(UTC)
    tested = {"access_token": LastTest(now, "passed")}
    ends = round(now.timestamp() + seconds)
    return Progress(tested=tested, token_kind="temporary", token_expires_at=ends)


def glance(shell: Shell, *arguments: str) -> list[str]:
    """What stands below the heading, if it does."""
    lines = shell("status", *arguments).out.splitlines()
    return lines[lines.index("Profiles") + 1 :] if "Profiles" in lines else []


def test_a_single_profile_is_not_listed(shell: Shell) -> None:
    shell.fill()
    assert glance(shell) == []
    [only] = shell("status", "--json").json["profiles"]
    assert (only["name"], only["current"]) == ("default", True)


def test_all_profiles_are_seen_at_a_glance(shell: Shell) -> None:
    state = StateFile(shell.state.parent)
    state.save_all({"shop": ends_in(20 * 3600 + 90), "agency": ends_in(-3600)})
    lines = glance(shell, "--profile", "shop")
    assert [line[:8] for line in lines] == ["  agency", "  defaul", "▸ shop  "]
    assert lines[0].endswith("1 of 6 passed  token ended 1 h ago")
    assert lines[1].endswith("nothing tested")
    assert lines[2].endswith("1 of 6 passed  token expires in 20 h 1 min")
    told = {one["name"]: one for one in shell("status", "--json").json["profiles"]}
    assert told["agency"]["token"]["ends_soon"] is True
    assert told["shop"]["passed"] == ["access_token"]


def test_of_very_many_those_that_want_something_come_first(shell: Shell) -> None:
    state = StateFile(shell.state.parent)
    many = {f"client-{place:03}": ends_in(20 * 3600) for place in range(300)}
    state.save_all(many | {"zebra": ends_in(600)})
    first, *_, last = glance(shell)
    assert first.startswith("  zebra")
    assert last == "  and 282 more: whatsapp-wizard profile list"
    assert len(shell("status", "--json").json["profiles"]) == 302
