"""A token exchanged for a longer-lived one before it is swapped in."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.checks import foreign
from tests.journeys.rotation.rotating import NEW, OLD, Bench, Kept, bench, ids, newer
from tests.tables import each_line
from wizard.findings import Report
from wizard.journeys.rotation.stages import RotationStage
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta
from wizard.simulator.world.state import DAY
from wizard.values.credentials import Secret
from wizard.world import World


def kind_of(report: Report) -> str:
    facts = next(f.facts for f in report.about("access_token") if f.facts)
    return facts.kind


async def test_a_temporary_token_is_exchanged_for_one_of_sixty_days(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        token = newer(there)
        rotated = await there.rotate(token, long_lived=True)
        assert rotated.swapped
        assert await there.stored() not in {token, there.old}
        assert kind_of(rotated.report) == "long-lived"
        assert RotationStage.EXCHANGING in there.stages


@pytest.mark.parametrize("pasted", [True, False], ids=["pasted again", "not pasted"])
async def test_the_stored_token_itself_can_be_exchanged(tmp_path: Path, pasted: bool) -> None:
    async with bench(tmp_path) as there:
        rotated = await there.rotate(there.old if pasted else None, long_lived=True)
        assert rotated.swapped
        assert await there.stored() != there.old


async def test_a_token_that_never_ends_is_not_exchanged_for_one_that_does(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        token = there.meta.system_token.text
        assert (await there.rotate(token, long_lived=True)).swapped
        assert await there.stored() == token
        assert RotationStage.EXCHANGING not in there.stages


@pytest.mark.parametrize("pasted", [True, False], ids=["pasted again", "not pasted"])
async def test_a_stored_token_that_never_ends_has_nothing_to_be_exchanged_for(
    tmp_path: Path, pasted: bool
) -> None:
    async with bench(tmp_path) as there:
        endless = there.meta.system_token.text
        assert there.world.vault is not None
        await there.world.vault.put("access_token", endless)
        rotated = await there.rotate(endless if pasted else None, long_lived=True)
        assert (rotated.report.ok, rotated.report.exit_code, rotated.swapped) == (True, 0, False)
        assert "access_token.endless" in ids(rotated)
        assert "access_token.kept" not in ids(rotated)
        assert await there.stored() == endless
        assert there.known.token_expires_at == 0


@pytest.mark.parametrize(("kind", "told"), [("SYSTEM_USER", "true"), ("USER", None)])
async def test_a_system_users_token_is_renewed_as_meta_wants_it(
    tmp_path: Path, kind: str, told: str | None
) -> None:
    in_a_week = int(time.time()) + 7 * int(DAY)
    new = foreign.token(type=kind, expires_at=in_a_week)
    asked: list[foreign.Asked] = []

    def grant(request: foreign.Asked) -> foreign.Reply:
        asked.append(request)
        return foreign.Reply({"access_token": f"{NEW}longer", "token_type": "bearer"})

    answers: foreign.Answers = {"debug_token": new, "oauth/access_token": grant}
    async with foreign.served(answers) as server:
        settings = Settings("test", server.base, GRAPH_VERSION, tmp_path)
        async with World.from_settings(settings, vault=Kept(foreign.VALUES)) as world:
            there = Bench(Meta(), world)
            assert (await there.rotate(Secret(NEW), long_lived=True)).swapped
            assert await there.stored() == Secret(f"{NEW}longer")
    grants = [one for one in asked if one.query["grant_type"] == "fb_exchange_token"]
    assert [one.query.get("set_token_expires_in_60_days") for one in grants] == [told]


@pytest.mark.parametrize("name", ["app_id", "app_secret"])
async def test_an_exchange_needs_the_app_and_its_secret(tmp_path: Path, name: str) -> None:
    async with bench(tmp_path, without=(name,)) as there:
        rotated = await there.rotate(newer(there), long_lived=True)
        assert rotated.report.primary is not None
        assert rotated.report.primary.id == f"{name}.missing"
        assert await there.stored() == there.old


async def test_an_expired_token_is_not_exchanged(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        rotated = await there.rotate(
            newer(there, expires_at=there.meta.now() - 60), long_lived=True
        )
        assert rotated.report.primary is not None
        assert rotated.report.primary.id == "access_token.expired"
        assert await there.stored() == there.old


@each_line(
    ("answer", "primary", "code"),
    [
        (foreign.error(100, "(#100) Not for this kind of token"), "access_token.not_exchanged", 1),
        (foreign.error(2, "Try again later", status=500), "graph.server_error", 3),
        ({"token_type": "bearer"}, "graph.not_json", 3),
    ],
    ids=["refused", "out of order", "no token"],
)
async def test_an_exchange_that_meta_does_not_make_leaves_the_old_one(
    tmp_path: Path, answer: foreign.Answer, primary: str, code: int
) -> None:
    def grant(asked: foreign.Asked) -> foreign.Reply:
        if asked.query["grant_type"] == "client_credentials":
            return foreign.Reply(foreign.HEALTHY["oauth/access_token"])
        return answer if isinstance(answer, foreign.Reply) else foreign.Reply(answer)

    async with foreign.served({"oauth/access_token": grant}) as server:
        settings = Settings("test", server.base, GRAPH_VERSION, tmp_path)
        async with World.from_settings(settings, vault=Kept(foreign.VALUES)) as world:
            there = Bench(Meta(), world)
            rotated = await there.rotate(Secret(NEW), long_lived=True)
            assert rotated.report.primary is not None
            assert (rotated.report.primary.id, rotated.report.exit_code) == (primary, code)
            assert await there.stored() == Secret(OLD)
