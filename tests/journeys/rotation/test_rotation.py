"""A new token in, tested, then swapped: which ones pass, and what stands in the keyring after."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checks import foreign
from tests.journeys.rotation.rotating import NEW, OLD, Bench, Kept, bench, elsewhere, ids, newer
from tests.tables import each_line
from wizard.checks import CheckFinished
from wizard.findings import Status
from wizard.journeys.rotation.stages import DEPENDENT, RotationStage
from wizard.simulator import demo_values
from wizard.simulator.world.objects import BUSINESS, LOGGED_OUT, MANAGEMENT, MESSAGING
from wizard.simulator.world.state import DAY
from wizard.values.credentials import Secret


async def test_a_good_token_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        token = newer(there)
        rotated = await there.rotate(token)
        assert rotated.swapped
        assert (rotated.report.ok, rotated.report.exit_code) == (True, 0)
        assert await there.stored() == token
        assert there.world.values.access_token == token
        assert {"access_token.swapped", "access_token.valid", "waba_id.valid"} <= ids(rotated)
        assert there.stages == [
            RotationStage.TESTING,
            RotationStage.SWAPPING,
            RotationStage.RETESTING,
        ]


async def test_all_that_depends_on_the_token_is_tested_again_where_it_is_stored(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as there:
        rotated = await there.rotate(newer(there))
        asked = [said.subject for said in there.heard if isinstance(said, CheckFinished)]
        for name in DEPENDENT:
            assert asked.count(name) == 2
            assert rotated.report.about(name)[0].status is Status.PASS
            assert there.known.tested[name].outcome == "passed"
        assert rotated.report.about("keyring")[0].id == "keyring.ok"


async def test_the_first_token_of_a_profile_is_taken_in_too(tmp_path: Path) -> None:
    async with bench(tmp_path, without=("access_token",)) as there:
        token = newer(there)
        rotated = await there.rotate(token)
        assert rotated.swapped
        assert await there.stored() == token


async def test_with_no_other_value_known_the_token_alone_is_tested(tmp_path: Path) -> None:
    names = ("app_id", "app_secret", "waba_id", "phone_number_id", "verify_token")
    async with bench(tmp_path, without=names) as there:
        rotated = await there.rotate(newer(there))
        assert rotated.swapped
        assert rotated.report.ok


BAD: dict[str, Callable[[Bench], Secret]] = {
    "access_token.unchanged": lambda there: there.old,
    "access_token.malformed": lambda there: Secret(newer(there).reveal()[:-20]),
    "access_token.malformed/shape": lambda _: Secret("ghp_16C7e42F292c6912E7710c838347Ae178B4a"),
    "access_token.missing": lambda _: Secret(""),
    "access_token.is_app_token": lambda there: there.meta.app.token,
    "access_token.expired": lambda there: newer(there, expires_at=there.meta.now() - 60),
    "access_token.revoked": lambda there: newer(there, ended=LOGGED_OUT),
    "access_token.other_app": lambda there: there.meta.other_token.text,
    "access_token.no_permission": lambda there: newer(there, scopes=(MANAGEMENT,)),
    "access_token.no_permission/none": lambda there: newer(there, scopes=()),
    "access_token.no_grant": lambda there: newer(there, wabas=[there.meta.other_waba]),
    "access_token.blocked": lambda there: newer(there, blocked=True),
}


@each_line("name", BAD)
async def test_a_bad_token_is_named_and_the_old_one_stays(tmp_path: Path, name: str) -> None:
    async with bench(tmp_path) as there:
        rotated = await there.rotate(BAD[name](there))
        primary = rotated.report.primary
        assert primary is not None
        assert primary.id == name.partition("/")[0]
        assert not rotated.swapped
        assert rotated.report.exit_code == 1
        assert "access_token.kept" in ids(rotated)
        assert await there.stored() == there.old
        assert there.remembered == []


async def test_a_permission_that_only_the_old_one_has_is_named(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        there.meta.token.scopes = (MANAGEMENT, MESSAGING, BUSINESS, "public_profile")
        rotated = await there.rotate(newer(there))
        primary = rotated.report.primary
        assert primary is not None
        assert primary.id == "access_token.lost_permission"
        assert BUSINESS in primary.evidence
        assert "public_profile" not in primary.evidence
        assert await there.stored() == there.old


async def test_a_system_users_token_lacks_nothing_that_a_persons_profile_has(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as there:
        there.meta.token.scopes = (MANAGEMENT, MESSAGING, "public_profile")
        assert (await there.rotate(there.meta.system_token.text)).swapped


async def test_an_old_one_that_tells_nothing_any_more_is_no_obstacle(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        there.meta.token.scopes = (MANAGEMENT, MESSAGING, BUSINESS)
        there.meta.token.expires_at = there.meta.now() - DAY
        assert (await there.rotate(newer(there))).swapped


async def test_without_an_app_id_the_old_token_tells_which_app_is_meant(tmp_path: Path) -> None:
    async with bench(tmp_path, without=("app_id", "app_secret", "waba_id")) as there:
        rotated = await there.rotate(there.meta.other_token.text)
        primary = rotated.report.primary
        assert primary is not None
        assert primary.id == "access_token.other_app"
        assert there.meta.other_app.id in primary.evidence
        assert not rotated.swapped


async def test_without_a_waba_id_the_old_token_tells_which_account_is_meant(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, without=("waba_id", "phone_number_id")) as there:
        rotated = await there.rotate(newer(there, wabas=[there.meta.other_waba]))
        primary = rotated.report.primary
        assert primary is not None
        assert primary.id == "access_token.no_grant"
        assert there.meta.waba.id in primary.evidence


async def test_how_the_number_stands_is_not_the_tokens_doing(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        there.world.vault = Kept(
            demo_values(there.meta).with_("phone_number_id", there.meta.own_number.id)
        )
        there.meta.own_number.status = "BANNED"
        rotated = await there.rotate(newer(there))
        assert rotated.swapped
        assert rotated.report.primary is not None
        assert rotated.report.primary.id == "phone_number_id.restricted"
        assert rotated.report.exit_code == 1


# no answer


async def test_where_meta_does_not_answer_nothing_is_changed(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        token = newer(there)
        there.world.graph_url = "http://127.0.0.1:9"
        rotated = await there.rotate(token)
        assert not rotated.swapped
        assert rotated.report.exit_code == 3
        assert "access_token.kept" in ids(rotated)
        assert await there.stored() == there.old


async def test_an_expired_token_may_still_tell_its_permissions(tmp_path: Path) -> None:
    scopes = [foreign.MANAGE, foreign.SEND, BUSINESS]
    ended = foreign.dead(190, "Session has expired on Sunday.", 463, scopes=scopes)
    async with elsewhere(tmp_path, ended, foreign.token()) as there:
        rotated = await there.rotate(Secret(NEW))
        assert "access_token.lost_permission" in ids(rotated)
        assert not rotated.swapped


@pytest.mark.parametrize(
    "old",
    [
        foreign.error(100, "(#100) The App_id in the input_token did not match the Viewing App"),
        foreign.error(None, "Something of which nobody has heard"),
        foreign.token(scopes=None),
    ],
    ids=["another app's", "an unknown refusal", "no scopes"],
)
async def test_an_old_token_that_nobody_may_ask_about_is_no_obstacle(
    tmp_path: Path, old: foreign.Answer
) -> None:
    async with elsewhere(tmp_path, old, foreign.token()) as there:
        assert (await there.rotate(Secret(NEW))).swapped


async def test_no_answer_on_the_old_token_is_no_proof_that_nothing_is_lost(
    tmp_path: Path,
) -> None:
    broken = foreign.error(2, "An unexpected error has occurred.", status=500)
    async with elsewhere(tmp_path, broken, foreign.token()) as there:
        rotated = await there.rotate(Secret(NEW))
        assert not rotated.swapped
        assert rotated.report.exit_code == 3
        assert await there.stored() == Secret(OLD)
