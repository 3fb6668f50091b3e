"""`selftest` as a program: what it says, what it writes, and what it never does unasked."""

from __future__ import annotations

import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.shell import NOBODY, Ended, Shell
from tests.cli.world import Pretended, at, secrets_of
from wizard.journeys.selftest.claims import claims
from wizard.simulator.world.objects import LOGGED_OUT, Subscription
from wizard.simulator.world.people import Customer

TO = f"+{Customer().wa_id}"
WRITES = ("--allow-writes", "--to", TO)
READING = [claim.id for claim in claims() if not claim.writes]
posix = pytest.mark.skipif(sys.platform == "win32", reason="modes and terminals of POSIX")

if sys.platform != "win32":
    from tests.e2e.terminal import run


@pytest.fixture
def env(meta: Pretended) -> dict[str, str]:
    """The environment of somebody whose app has a webhook."""
    found = meta.healthy()
    meta.world.dispatcher.pace = 0
    hook = Subscription("https://hidden-market.example/webhook", ("messages",))
    meta.world.app.subscriptions.append(hook)
    return found


def selftest(shell: Shell, env: dict[str, str], *flags: str) -> Ended:
    return shell("selftest", "--env", *flags, env=env)


def reported(shell: Shell) -> Path:
    (path,) = shell.folder.glob("whatsapp-wizard-selftest-*.txt")
    return path


def outcomes(said: Any) -> dict[str, str]:
    return {one["id"]: one["outcome"] for one in said["claims"]}


def test_a_person_reads_each_claim_and_how_many_are_confirmed(
    shell: Shell, env: dict[str, str]
) -> None:
    ended = selftest(shell, env)
    assert ended.code == 0, ended.said
    lines = ended.out.splitlines()
    assert lines[0] == f"✓  {claims()[0].says}"
    assert len([line for line in lines if line.startswith("✓  ")]) == len(READING)
    assert (
        lines[-1]
        == f"{len(READING)} confirmed, 0 differs, 4 not asked; asked v25.0, v25.0 answered"
    )


def test_a_script_reads_the_same_as_json(shell: Shell, env: dict[str, str]) -> None:
    ended = selftest(shell, env, "--json")
    said = ended.json
    assert ended.code == 0
    assert list(said) == [
        "schema", "profile", "ok", "asked", "served", "counts", "duration_ms", "findings", "claims",
    ]  # fmt: skip
    assert (said["ok"], said["asked"], said["served"]) == (True, "v25.0", "v25.0")
    assert said["counts"] == {"confirmed": len(READING), "differs": 0, "not asked": 4}
    unknown = next(one for one in said["claims"] if one["id"] == "mixup.unknown_id")
    assert unknown["asked"] == "GET {unknown_id}"
    assert unknown["answered"]["body"]["error"]["error_subcode"] == 33


def test_with_leave_every_claim_is_asked_for_and_confirmed(
    shell: Shell, env: dict[str, str], meta: Pretended
) -> None:
    ended = selftest(shell, env, *WRITES, "--yes", "--json")
    assert ended.code == 0
    assert set(outcomes(ended.json).values()) == {"confirmed"}
    assert meta.world.test_number.override_callback_uri is None


def test_without_a_terminal_nothing_is_written_without_a_yes(
    shell: Shell, env: dict[str, str], meta: Pretended
) -> None:
    calls = meta.calls
    ended = selftest(shell, env, *WRITES)
    assert (ended.code, ended.out) == (2, "")
    assert "--yes" in ended.err
    assert meta.calls == calls


@posix
@pytest.mark.parametrize(("answer", "written"), [("y\r", 4), ("n\r", 0), ("\r", 0)])
def test_a_yes_is_asked_for_what_is_about_to_happen(
    tmp_path: Path, env: dict[str, str], answer: str, written: int
) -> None:
    into = ("--report", str(tmp_path / "report.txt"))
    with run("selftest", "--env", *WRITES, *into, folder=tmp_path, env=env) as terminal:
        terminal.shows("1. Send a text without", f"hello_world to {TO}", "4. Set the number's")
        terminal.keys(answer)
        terminal.shows(f"{len(READING) + written} confirmed", f"{4 - written} not asked")
        assert terminal.end() == 0


def test_the_report_is_for_its_owner_and_holds_no_value(
    shell: Shell, env: dict[str, str], meta: Pretended
) -> None:
    ended = selftest(shell, env, *WRITES, "--yes")
    path = reported(shell)
    text = path.read_text("utf-8")
    assert path.name in ended.err
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert all(claim.id in text for claim in claims())
    world = meta.world
    named = [world.waba.name, world.app.name, world.test_number.display_phone_number, "wamid."]
    ours = [*secrets_of(env), world.waba.id, world.app.id, world.test_number.id, world.user.id]
    assert [value for value in [*ours, *named, TO.lstrip("+")] if value in text] == []
    assert [value for value in secrets_of(env) if value in ended.said] == []


def test_no_secret_is_in_the_json(shell: Shell, env: dict[str, str]) -> None:
    ended = selftest(shell, env, "--json")
    assert [value for value in secrets_of(env) if value in ended.said] == []


def test_the_report_goes_where_it_is_told_and_over_no_file(
    shell: Shell, env: dict[str, str], meta: Pretended
) -> None:
    path = shell.folder / "there.txt"
    assert selftest(shell, env, "--report", "there.txt").code == 0
    calls, before = meta.calls, path.read_text("utf-8")
    refused = selftest(shell, env, "--report", "there.txt")
    assert (refused.code, meta.calls, path.read_text("utf-8")) == (2, calls, before)
    assert "--force" in refused.err
    assert selftest(shell, env, "--report", "there.txt", "--force").code == 0


def test_with_a_dash_the_report_is_all_that_stands_on_standard_output(
    shell: Shell, env: dict[str, str], meta: Pretended
) -> None:
    ended = selftest(shell, env, "--report", "-")
    assert ended.code == 0
    assert all(claim.id in ended.out for claim in claims())
    assert not (shell.folder / "-").exists()
    assert "Report, without" not in ended.err
    calls = meta.calls
    assert selftest(shell, env, "--report", "-", "--json").code == 2
    assert meta.calls == calls


@pytest.mark.unlike_meta
def test_a_meta_that_differs_in_one_thing_is_told_so(
    shell: Shell, env: dict[str, str], meta: Pretended
) -> None:
    meta.world.test_number.name_status = "HOROSCOPIC"
    ended = selftest(shell, env, "--json")
    assert ended.code == 1
    differing = [id_ for id_, outcome in outcomes(ended.json).items() if outcome == "differs"]
    assert (differing, ended.json["ok"]) == (["number.fields"], False)
    text = reported(shell).read_text("utf-8")
    assert "name_status is HOROSCOPIC, not one of APPROVED, AVAILABLE_WITHOUT_REVIEW" in text


def test_a_retired_version_is_a_warning(shell: Shell, env: dict[str, str]) -> None:
    env |= {"WHATSAPP_WIZARD_GRAPH_VERSION": "v13.0"}
    ended = selftest(shell, env, "--json")
    assert ended.code == 0
    (finding,) = ended.json["findings"]
    assert (finding["id"], finding["status"]) == ("graph.version_retired", "warn")
    assert (ended.json["asked"], ended.json["served"]) == ("v13.0", "v21.0")
    assert "asked v13.0, v21.0 answered" in selftest(shell, env, "--report", "b.txt").out


def test_a_token_that_ended_is_named(shell: Shell, env: dict[str, str], meta: Pretended) -> None:
    meta.world.token.ended = LOGGED_OUT
    ended = selftest(shell, env)
    assert ended.code == 1
    assert "The access token is rejected: 190/467." in ended.out
    assert "0 differs" in ended.out


def test_no_answer_is_told_as_everywhere(shell: Shell, env: dict[str, str]) -> None:
    ended = selftest(shell, env | {"WHATSAPP_WIZARD_GRAPH_URL": "http://127.0.0.1:9"})
    assert ended.code == 3
    assert "nobody answered" in ended.out.splitlines()[-1]


def test_without_credentials_nothing_is_asked(
    shell: Shell, env: dict[str, str], meta: Pretended
) -> None:
    calls = meta.calls
    ended = selftest(shell, at(env), "--json")
    assert (ended.code, ended.json["primary"]) == (1, "app_id.missing")
    assert (meta.calls, list(shell.folder.glob("*.txt"))) == (calls, [])
    assert "App Secret" in selftest(shell, at(env)).out


def test_the_stored_ones_are_used(shell: Shell, env: dict[str, str]) -> None:
    shell.fill()
    assert shell("selftest", env=at(env)).code == 0


def test_without_a_keyring_it_ends_as_every_command(shell: Shell, env: dict[str, str]) -> None:
    ended = shell("selftest", env=at(env) | {"PYTHON_KEYRING_BACKEND": NOBODY})
    assert (ended.code, ended.out) == (4, "")
    said = shell("selftest", "--json", env=at(env) | {"PYTHON_KEYRING_BACKEND": NOBODY})
    assert (said.code, json.loads(said.out)["primary"]) == (4, "keyring.no_backend")


@pytest.mark.parametrize(
    ("flags", "named"),
    [(("--to", TO), "--allow-writes"), (("--allow-writes", "--yes", "--to", "12"), "--to")],
)
def test_wrong_usage_asks_nothing(
    shell: Shell, env: dict[str, str], meta: Pretended, flags: tuple[str, ...], named: str
) -> None:
    calls = meta.calls
    ended = selftest(shell, env, *flags)
    assert (ended.code, ended.out, meta.calls) == (2, "", calls)
    assert named in ended.err
