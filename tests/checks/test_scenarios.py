"""Every named fault of the simulator comes out of a check under its own name."""

from __future__ import annotations

import json

import pytest

from tests.checks.conftest import Stage
from tests.tables import each_line, each_line_by
from wizard.checks import collect_report
from wizard.findings import Report, Status
from wizard.settings import GRAPH_VERSION
from wizard.simulator import SCENARIOS, scenario
from wizard.values.credentials import Secret, Values
from wizard.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")

SHORT = 0.4
"""Seconds for a request to the server that never answers."""

BY_CHECK = sorted(name for name, found in SCENARIOS.items() if found.asked_by == "check")
NOT_ASKED = sorted(SCENARIOS.keys() - set(BY_CHECK) - {"message.not_registered"})
"""Whether messages arrive or go out is not what a check asks; it sees an unregistered number."""

WARNED_OF = {"verify_token.untested"}
"""No callback URL is known in any of these worlds."""


def subject_of(name: str) -> str:
    return name.partition(".")[0]


async def examined(stage: Stage, name: str) -> tuple[Report, Values]:
    stage.meta, values = scenario(name)
    limit = SHORT if SCENARIOS[name].finding == "graph.timeout" else 5.0
    address = SCENARIOS[name].address(stage.base)
    async with World("test", values, address, GRAPH_VERSION, timeout=limit) as world:
        return await collect_report(world), values


@each_line_by(subject_of, "name", BY_CHECK)
async def test_a_fault_is_named_and_nothing_secret_is_said(stage: Stage, name: str) -> None:
    report, values = await examined(stage, name)

    expected = SCENARIOS[name].finding
    found = {finding.id: finding for finding in report.findings}
    assert expected in found
    status = found[expected].status
    if status in {Status.FAIL, Status.UNKNOWN}:
        assert report.as_dict()["primary"] == expected
        assert report.exit_code == (1 if status is Status.FAIL else 3)
    else:
        assert report.as_dict()["primary"] is None
        assert report.exit_code == 0
    _says_nothing_secret(report, values)
    _blames_what_is_there(report)


@each_line("name", NOT_ASKED)
async def test_a_fault_of_webhook_or_message_fails_no_check(stage: Stage, name: str) -> None:
    report, _ = await examined(stage, name)

    assert report.as_dict()["ok"] is True
    assert report.exit_code == 0


@pytest.mark.parametrize("name", ["phone_number_id.valid", "access_token.valid"])
async def test_a_healthy_world_has_a_pass_for_each_thing_asked(stage: Stage, name: str) -> None:
    report, _ = await examined(stage, name)

    passed = {finding.subject for finding in report.findings if finding.status is Status.PASS}
    assert passed == {
        "graph",
        "app_id",
        "app_secret",
        "access_token",
        "waba_id",
        "phone_number_id",
    }
    others = {finding.id for finding in report.findings if finding.status is not Status.PASS}
    assert others == WARNED_OF


def _says_nothing_secret(report: Report, values: Values) -> None:
    said = json.dumps(report.as_dict())
    for name, value in values.present():
        # A word such as "hello" is a value that stands in Meta's own texts as well.
        if isinstance(value, Secret) and len(value) > 8:
            assert value.reveal() not in said, name


def _blames_what_is_there(report: Report) -> None:
    """What was skipped names a finding of this report, one from a lower rung."""
    ids = [finding.id for finding in report.findings]
    for finding in report.findings:
        if finding.status is Status.SKIP:
            named = [id_ for id_ in ids if id_ in finding.evidence and not id_.endswith(".skipped")]
            assert named, finding.evidence
            assert ids.index(named[0]) < ids.index(finding.id)
