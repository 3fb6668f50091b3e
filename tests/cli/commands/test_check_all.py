"""`check --all`: each profile as it ends, the summary, and what is remembered of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.bench.check_all import measure
from tests.bench.crowd import Crowd
from tests.cli.commands.test_check import REPORT, keeps_the_contract
from tests.cli.shell import NOBODY, Ended, Shell
from tests.cli.world import SECRETS, VALUES, Pretended, at
from tests.tables import each_line
from wizard.journeys.check_all import REQUESTS_AT_ONCE
from wizard.state import Progress, StateFile

GOOD, BAD = "shop", "agency"
SUMMARY = {"passed", "failed", "undecided", "keyring", "empty"}


def fill(shell: Shell, **profiles: dict[str, str]) -> None:
    """Puts profiles into the keyring and the state, as earlier runs would have."""
    held = {f"whatsapp-wizard:{name}": values for name, values in profiles.items()}
    shell.keyring.write_text(json.dumps(held), "utf-8")
    StateFile(shell.state.parent).save_all({name: Progress() for name in profiles})


def two(shell: Shell) -> None:
    fill(shell, **{GOOD: VALUES, BAD: VALUES | {"waba_id": VALUES["phone_number_id"]}})


def all_(shell: Shell, meta: Pretended, *arguments: str, **env: str) -> Ended:
    return shell("check", "--all", *arguments, env=at(meta.healthy()) | env)


def lines_of(ended: Ended) -> tuple[dict[str, Any], dict[str, Any]]:
    """The reports by profile, and the summary behind them."""
    *reports, summary = (json.loads(line) for line in ended.out.splitlines())
    return {report["profile"]: report for report in reports}, summary


def test_each_profile_is_told_and_the_worst_decides(shell: Shell, meta: Pretended) -> None:
    two(shell)
    ended = all_(shell, meta)
    assert ended.code == 1
    assert f"!  {GOOD}: The verify token is not tested yet" in ended.out
    assert f"✗  {BAD}: This is a phone number ID, not a WABA ID" in ended.out
    assert "→ Find it from your access token: whatsapp-wizard discover" in ended.out
    assert "–  default: nothing stored" in ended.out
    assert re.search(r"^2 profiles in \d+\.\d s: 1 passed, 1 failed\.$", ended.out, re.MULTILINE)
    assert not any(secret in ended.said for secret in SECRETS)


def test_where_all_pass_it_exits_with_0(shell: Shell, meta: Pretended) -> None:
    fill(shell, shop=VALUES, default=VALUES)
    ended = all_(shell, meta, "access_token")
    assert ended.code == 0
    assert len(re.findall(r"^✓  \w+: all passed, \d+\.\d s$", ended.out, re.MULTILINE)) == 2
    assert "2 profiles in" in ended.out
    assert "For details" not in ended.out


def test_a_warning_stands_in_the_line_and_fails_nothing(shell: Shell, meta: Pretended) -> None:
    fill(shell, shop=VALUES)
    ended = all_(shell, meta, WHATSAPP_WIZARD_WARN_HOURS="100")
    assert ended.code == 0
    assert "!  shop: The access token expires soon" in ended.out


def test_as_json_a_report_a_line_and_the_summary_last(shell: Shell, meta: Pretended) -> None:
    two(shell)
    ended = all_(shell, meta, "--json")
    reports, summary = lines_of(ended)
    assert ended.code == 1
    assert reports.keys() == {GOOD, BAD}
    for report in reports.values():
        assert list(report) == REPORT
        assert all(keeps_the_contract(finding) for finding in report["findings"])
    assert reports[GOOD]["ok"] is True
    assert reports[BAD]["primary"] == "waba_id.is_phone_number_id"
    assert summary["summary"].keys() == SUMMARY
    assert (summary["summary"]["passed"], summary["summary"]["failed"]) == (1, 1)
    assert summary["requests"] > 0
    assert not any(secret in ended.said for secret in SECRETS)


def test_credentials_that_are_named_are_tested_of_each(shell: Shell, meta: Pretended) -> None:
    two(shell)
    reports, _ = lines_of(all_(shell, meta, "access_token", "--json"))
    for report in reports.values():
        assert "access_token.valid" in {finding["id"] for finding in report["findings"]}
        assert "waba_id" not in {finding["subject"] for finding in report["findings"]}


def test_what_came_out_is_remembered_of_each(shell: Shell, meta: Pretended) -> None:
    two(shell)
    all_(shell, meta)
    good, bad = (shell("status", "--profile", name, "--json").json for name in (GOOD, BAD))
    outcomes = {one["name"]: one["outcome"] for one in bad["credentials"]}
    assert {one["outcome"] for one in good["credentials"][:5]} == {"passed"}
    assert (outcomes["waba_id"], outcomes["access_token"]) == ("failed", "passed")
    assert good["token"]["seconds_left"] > 0


def test_what_else_is_remembered_stays(shell: Shell, meta: Pretended) -> None:
    fill(shell, shop=VALUES)
    state = StateFile(shell.state.parent)
    state.save("shop", Progress(step="7.5", done=frozenset({"1.1"})))
    all_(shell, meta)
    assert state.load("shop").step == "7.5"
    assert state.load("shop").done == frozenset({"1.1"})
    assert state.load("shop").tested["app_id"].outcome == "passed"
    assert "default" not in state.profiles()


def test_values_without_an_entry_in_the_state_are_found_and_remembered(
    shell: Shell, meta: Pretended
) -> None:
    shell.fill()
    assert all_(shell, meta).code == 0
    assert StateFile(shell.state.parent).load("default").tested["app_id"].outcome == "passed"


def test_without_an_answer_it_is_undecided(shell: Shell, meta: Pretended) -> None:
    fill(shell, shop=VALUES)
    ended = all_(shell, meta, WHATSAPP_WIZARD_GRAPH_URL="http://127.0.0.1:9")
    assert ended.code == 3
    assert "1 profile in" in ended.out
    assert "1 undecided" in ended.out


def test_where_nothing_is_stored_it_says_so(shell: Shell, meta: Pretended) -> None:
    ended = all_(shell, meta)
    assert ended.code == 1
    assert "nothing stored" in ended.out
    assert list(shell.folder.iterdir()) == []


def test_a_keyring_that_nobody_can_open_is_told_once(shell: Shell, meta: Pretended) -> None:
    fill(shell, **{f"shop-{place}": VALUES for place in range(40)})
    ended = all_(shell, meta, PYTHON_KEYRING_BACKEND=NOBODY)
    assert ended.code == 4
    assert ended.out.count("There is no keyring on this machine") <= 2
    assert "shop-39" not in ended.out
    *_, last = all_(shell, meta, "--json", PYTHON_KEYRING_BACKEND=NOBODY).out.splitlines()
    assert json.loads(last)["summary"]["keyring"] == 1


@each_line("with_", [["--env"], ["--profile", "shop"], ["--env-file", "values.env"]], ids=" ".join)
def test_all_is_all(shell: Shell, with_: list[str]) -> None:
    (shell.folder / "values.env").write_text("", "utf-8")
    ended = shell("check", "--all", *with_)
    assert ended.code == 2
    assert "--all can't be combined with" in ended.err


async def test_many_are_asked_for_side_by_side_and_never_more_than_may_be(tmp_path: Path) -> None:
    measured = await measure(40, Crowd(delay=0.02), tmp_path)
    assert (measured.code, measured.lines) == (0, 40)
    assert measured.summary["summary"]["passed"] == 40
    assert 1 < measured.crowd.most_under_way <= REQUESTS_AT_ONCE
    assert measured.summary["most_at_once"] <= REQUESTS_AT_ONCE


async def test_an_app_that_used_up_its_calls_keeps_no_other_waiting(tmp_path: Path) -> None:
    crowd = Crowd(limited=frozenset({3}))
    measured = await measure(8, crowd, tmp_path)
    assert measured.code == 3
    assert (measured.summary["summary"]["passed"], measured.summary["summary"]["undecided"]) == (
        7,
        1,
    )
