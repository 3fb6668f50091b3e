"""Values that are missing or malformed, and what leaves the house of those that are not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from tests.checks.conftest import Stage
from tests.checks.foreign import (
    APP,
    TOKEN,
    VALUES,
    Answer,
    error,
    served,
    statuses,
    world,
)
from tests.tables import each_line
from wizard.checks import collect_report
from wizard.findings import Status
from wizard.settings import GRAPH_VERSION
from wizard.simulator import Meta, demo_values
from wizard.values.credentials import CREDENTIALS, Secret, Values, plain
from wizard.world import World

ALL = {"graph", *CREDENTIALS}


@each_line("name", sorted(CREDENTIALS))
async def test_a_missing_value_is_named_and_nothing_else_fails(name: str) -> None:
    async with served() as server, world(server, VALUES.with_(name, None)) as there:
        report = await collect_report(there)

    fails = [finding.id for finding in report.findings if finding.status is Status.FAIL]
    assert fails == [f"{name}.missing"]
    assert report.exit_code == 1


async def test_with_no_value_at_all_graph_is_still_asked_for() -> None:
    async with served() as server, world(server, Values()) as there:
        report = await collect_report(there)

    assert report.as_dict()["primary"] == "app_id.missing"
    assert "graph.ok" in statuses(report)
    assert len(server.asked) == 1
    assert {finding.subject for finding in report.findings} == ALL


async def test_with_a_token_alone_the_token_is_judged() -> None:
    values = Values(access_token=VALUES.access_token)
    async with served() as server, world(server, values) as there:
        report = await collect_report(there)

    found = statuses(report)
    assert found["access_token.valid"] is Status.PASS
    assert report.as_dict()["primary"] == "app_id.missing"
    assert found["waba_id.missing"] is found["phone_number_id.missing"] is Status.FAIL
    assert [request.path for request in server.asked] == ["debug_token"]


@pytest.mark.parametrize("refused", [False, True], ids=["by itself", "by its app's name"])
async def test_a_token_is_judged_without_the_app_pair(refused: bool) -> None:
    """Not every token may look at itself; all may ask which app they were made for."""
    must = "(#100) You must provide an app access token, or a user access token that is an owner"
    answers: Mapping[str, Answer] = {
        "debug_token": error(100, must),
        "app": {"id": APP, "name": "App"},
    }
    values = replace(VALUES, app_id=None, app_secret=None)
    async with served(answers if refused else {}) as server, world(server, values) as there:
        report = await collect_report(there, ["access_token"])

    assert statuses(report)["access_token.valid"] is Status.PASS


async def test_an_app_id_without_its_secret_is_vouched_for_by_the_token() -> None:
    values = replace(VALUES, app_secret=None)
    async with served() as server, world(server, values) as there:
        report = await collect_report(there)

    assert statuses(report)["app_id.valid"] is Status.PASS
    assert report.as_dict()["primary"] == "app_secret.missing"


MALFORMED = {
    "app_id": "hidden-market-app",
    "app_secret": "EAAhiddenmarketsecret",
    "access_token": "ghp_hiddenmarkettoken",
    "phone_number_id": "hidden-market-number",
    "waba_id": "hidden-market-account",
    "verify_token": "hidden market verify token",
}


@each_line("name", sorted(MALFORMED))
async def test_a_malformed_value_is_never_sent(name: str) -> None:
    values = VALUES.with_(name, CREDENTIALS[name].wrap(MALFORMED[name]))
    async with served() as server, world(server, values) as there:
        report = await collect_report(there)

    assert report.primary is not None
    assert report.primary.subject == name
    assert report.exit_code == 1
    assert server.asked
    assert [request for request in server.asked if "hidden" in request.head.lower()] == []


async def test_an_app_token_in_the_token_s_place_is_never_sent() -> None:
    values = replace(VALUES, access_token=Secret(f"{APP}|hiddensecrethiddensecret"))
    async with served() as server, world(server, values) as there:
        report = await collect_report(there)

    assert report.as_dict()["primary"] == "access_token.is_app_token"
    assert [request for request in server.asked if "hidden" in request.head] == []


async def test_secrets_stand_in_no_address_but_where_graph_wants_them() -> None:
    async with served() as server, world(server) as there:
        await collect_report(there)

    addressed = [
        request.path for request in server.asked if TOKEN in request.head.partition("\r\n")[0]
    ]
    assert addressed == ["debug_token"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("app_secret", Secret("hello")),
        ("app_secret", Secret("0123456789abcdef" + "0123456789abcdeg")),
        ("app_secret", Secret(plain(VALUES.access_token or ""))),
        ("app_id", "Hidden Market"),
        ("app_id", "hello"),
    ],
    ids=["a word", "not hexadecimal", "a token", "a name", "no digits"],
)
@pytest.mark.asyncio(loop_scope="session")
async def test_a_malformed_neighbour_blocks_no_more_than_a_missing_one(
    stage: Stage, name: str, value: str | Secret
) -> None:
    """Against the simulator, which refuses a wrong pair as Graph does."""
    stage.meta = Meta()
    good = demo_values(stage.meta)
    found = {}
    for held in (None, value):
        values = good.with_(name, held)
        async with World("test", values, stage.base, GRAPH_VERSION) as there:
            report = await collect_report(there)
        others = [one for one in report.findings if one.subject not in {"app_id", "app_secret"}]
        found[held is None] = {(one.subject, one.status) for one in others}
        assert report.primary is not None
        assert report.primary.id == f"{name}.{'missing' if held is None else 'malformed'}"
    assert found[True] == found[False]
    assert ("access_token", Status.PASS) in found[False]
