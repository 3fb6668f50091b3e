"""A new token in, tested, then swapped: which ones pass, and what stands in the keyring after."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from tests.checks import foreign
from wizard.checks import Event
from wizard.credentials import Secret, Value, Values
from wizard.findings import Report, Status
from wizard.journeys.rotation import Rotated, Rotation, Stage
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.meta import DAY
from wizard.simulator.objects import BUSINESS, LOGGED_OUT, MANAGEMENT, MESSAGING
from wizard.state import StateFile
from wizard.vault import MemoryVault, Reason, VaultError
from wizard.world import World


class Kept(MemoryVault):
    """A keyring for this test, with a lock beside it as the real one has."""

    persistent = True


@dataclass
class Bench:
    """A profile whose token is to be rotated, and all that was heard meanwhile."""

    meta: Meta
    world: World
    patience: float = 20.0
    heard: list[Stage | Event] = field(default_factory=list)
    remembered: list[Report] = field(default_factory=list)

    @property
    def old(self) -> Secret:
        return self.meta.token.text

    async def rotate(self, token: Secret | None, *, long_lived: bool = False) -> Rotated:
        rotation = Rotation(
            self.world, heard=self.heard.append, remember=self._remember, patience=self.patience
        )
        return await rotation.run(token, long_lived=long_lived)

    async def stored(self) -> Secret | None:
        assert self.world.vault is not None
        return (await self.world.vault.load()).access_token

    async def _remember(self, report: Report) -> None:
        self.remembered.append(report)

    @property
    def stages(self) -> list[Stage]:
        return [said for said in self.heard if isinstance(said, Stage)]


@asynccontextmanager
async def bench(
    folder: Path,
    *,
    without: tuple[str, ...] = (),
    vault: Callable[[Values], MemoryVault] = Kept,
    **others: Value,
) -> AsyncIterator[Bench]:
    meta = Meta()
    values = demo_values(meta)
    for name in without:
        values = values.with_(name, None)
    for name, value in others.items():
        values = values.with_(name, value)
    async with serve(create_app(meta)) as base_url:
        settings = Settings("test", base_url, GRAPH_VERSION, folder)
        async with World.of(settings, vault=vault(values)) as world:
            yield Bench(meta, world)


def newer(bench: Bench, **changes: object) -> Secret:
    """A token generated just now, healthy but for these changes."""
    token = bench.meta.issue(bench.meta.app, lifetime=DAY)
    for name, value in changes.items():
        setattr(token, name, value)
    return token.text


def ids(rotated: Rotated) -> set[str]:
    return {finding.id for finding in rotated.report.findings}


async def test_a_good_token_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        token = newer(there)
        rotated = await there.rotate(token)
        assert rotated.swapped
        assert (rotated.report.ok, rotated.report.exit_code) == (True, 0)
        assert await there.stored() == token
        assert there.world.values.access_token == token
        assert {"access_token.swapped", "access_token.valid", "waba_id.valid"} <= ids(rotated)
        assert there.stages == [Stage.TESTING, Stage.SWAPPING, Stage.RETESTING]


async def test_all_that_depends_on_the_token_is_tested_again_where_it_is_stored(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as there:
        await there.rotate(newer(there))
        trial, stored = there.remembered
        for report in (trial, stored):
            for name in ("access_token", "waba_id", "phone_number_id"):
                assert report.about(name)[0].status is Status.PASS
        assert trial.about("keyring") == ()
        assert stored.about("keyring")[0].id == "keyring.ok"


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


@pytest.mark.parametrize("name", BAD)
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


class CutOff(Kept):
    """The network goes when the new token is written."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.world: World | None = None

    async def put(self, name: str, value: Value) -> None:
        assert self.world is not None
        self.world.graph_url = "http://127.0.0.1:9"
        await super().put(name, value)


async def test_the_network_gone_at_the_swap_leaves_the_new_one_stored_and_says_so(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, vault=CutOff) as there:
        assert isinstance(there.world.vault, CutOff)
        there.world.vault.world = there.world
        token = newer(there)
        rotated = await there.rotate(token)
        assert rotated.swapped
        assert rotated.report.exit_code == 3
        assert "access_token.swapped" in ids(rotated)
        assert await there.stored() == token
        assert there.remembered[0].about("access_token")[0].status is Status.PASS


OLD, NEW = foreign.TOKEN, "EAA" + "klmnopqrst" * 12


def told(old: foreign.Answer, new: foreign.Answer) -> Callable[[foreign.Asked], foreign.Reply]:
    """A debug_token that knows two tokens."""

    def answer(asked: foreign.Asked) -> foreign.Reply:
        said = old if asked.query["input_token"] == OLD else new
        return said if isinstance(said, foreign.Reply) else foreign.Reply(said)

    return answer


@asynccontextmanager
async def elsewhere(folder: Path, old: foreign.Answer, new: foreign.Answer) -> AsyncIterator[Bench]:
    async with foreign.served({"debug_token": told(old, new)}) as server:
        settings = Settings("test", server.base, GRAPH_VERSION, folder)
        async with World.of(settings, vault=Kept(foreign.VALUES)) as world:
            yield Bench(Meta(), world)


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


# two at once


async def test_of_two_at_once_the_second_waits_and_is_judged_by_what_the_first_stored(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as there:
        token = newer(there)
        other = Bench(there.meta, replace(there.world, _graph=None))
        first, second = await asyncio.gather(there.rotate(token), other.rotate(token))
        assert [first.swapped, second.swapped].count(True) == 1
        late, loser = (there, first) if second.swapped else (other, second)
        assert late.stages[0] is Stage.WAITING
        assert "access_token.unchanged" in ids(loser)
        assert await there.stored() == token


async def test_who_has_waited_long_enough_goes_and_says_why(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        there.patience = 0.0
        async with StateFile(tmp_path).turn("test", 0.0, lambda: None):
            rotated = await there.rotate(newer(there))
        assert ids(rotated) == {"access_token.in_rotation", "access_token.kept"}
        assert rotated.report.exit_code == 1
        assert await there.stored() == there.old
        assert (await there.rotate(newer(there))).swapped


async def test_another_profiles_rotation_is_not_waited_for(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        async with StateFile(tmp_path).turn("other", 0.0, lambda: None):
            assert (await there.rotate(newer(there))).swapped
        assert Stage.WAITING not in there.stages


async def test_a_folder_that_can_not_be_had_stops_no_rotation_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with bench(tmp_path / "file" / "state") as there:
        rotation = Rotation(there.world)
        assert (await rotation.run(newer(there))).swapped
        assert str(tmp_path) in rotation.unlocked


# the keyring


class Failing(Kept):
    """Fails at its first write, after which it holds what `leaves` says."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.reason: Reason | None = Reason.WRITE_FAILED
        self.leaves: Callable[[Value, Value | None], Value | None] = lambda _new, old: old

    async def put(self, name: str, value: Value) -> None:
        reason, self.reason = self.reason, None
        if reason is None:
            await super().put(name, value)
            return
        self._values = self._values.with_(name, self.leaves(value, self._values.get(name)))
        raise VaultError(reason, "The disk is full.")


@pytest.mark.parametrize("reason", [Reason.LOCKED, Reason.REFUSED, Reason.NO_BACKEND])
async def test_a_keyring_that_takes_nothing_keeps_the_old_one(
    tmp_path: Path, reason: Reason
) -> None:
    async with bench(tmp_path, vault=Failing) as there:
        assert isinstance(there.world.vault, Failing)
        there.world.vault.reason = reason
        rotated = await there.rotate(newer(there))
        assert not rotated.swapped
        assert rotated.report.exit_code == 4
        assert ids(rotated) == {f"keyring.{reason}", "access_token.kept"}
        assert await there.stored() == there.old


@pytest.mark.parametrize(
    "leaves",
    [lambda _new, old: old, lambda _new, _old: None, lambda _new, _old: Secret("EAAhalf")],
    ids=["the old one", "nothing", "something else"],
)
async def test_what_was_not_kept_as_it_was_given_is_taken_out_for_the_old_one(
    tmp_path: Path, leaves: Callable[[Value, Value | None], Value | None]
) -> None:
    async with bench(tmp_path, vault=Failing) as there:
        assert isinstance(there.world.vault, Failing)
        there.world.vault.leaves = leaves
        rotated = await there.rotate(newer(there))
        assert not rotated.swapped
        assert ids(rotated) == {"keyring.write_failed", "access_token.kept"}
        assert await there.stored() == there.old


async def test_a_write_that_is_given_up_and_comes_to_pass_is_no_lie(tmp_path: Path) -> None:
    async with bench(tmp_path, vault=Failing) as there:
        assert isinstance(there.world.vault, Failing)
        there.world.vault.reason = Reason.TIMEOUT
        there.world.vault.leaves = lambda new, _old: new
        rotated = await there.rotate(newer(there))
        assert ids(rotated) == {"keyring.timeout"}
        assert rotated.report.exit_code == 4


async def test_a_failure_that_kept_the_new_one_all_the_same_is_told_as_it_is(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, vault=Failing) as there:
        assert isinstance(there.world.vault, Failing)
        there.world.vault.leaves = lambda new, _old: new
        token = newer(there)
        rotated = await there.rotate(token)
        assert rotated.swapped
        assert {"keyring.write_failed", "access_token.swapped"} <= ids(rotated)
        assert await there.stored() == token


class Locked(Kept):
    async def load(self) -> Values:
        raise VaultError(Reason.LOCKED, "GNOME Keyring")


async def test_a_keyring_that_can_not_be_read_is_all_that_is_said(tmp_path: Path) -> None:
    async with bench(tmp_path, vault=Locked) as there:
        rotated = await there.rotate(newer(there))
        assert ids(rotated) == {"keyring.locked"}
        assert rotated.report.exit_code == 4


class Slow(Kept):
    """Writes only when it is let."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.asked, self.let = asyncio.Event(), asyncio.Event()

    async def put(self, name: str, value: Value) -> None:
        self.asked.set()
        await self.let.wait()
        await super().put(name, value)


async def test_who_is_told_to_end_while_it_writes_ends_when_it_has_written(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, vault=Slow) as there:
        assert isinstance(there.world.vault, Slow)
        token = newer(there)
        rotation = Rotation(there.world)
        running = asyncio.create_task(rotation.run(token))
        await there.world.vault.asked.wait()
        running.cancel()
        there.world.vault.let.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert rotation.swapped
        assert await there.stored() == token


# longer-lived


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
        assert Stage.EXCHANGING in there.stages


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
        assert Stage.EXCHANGING not in there.stages


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
        async with World.of(settings, vault=Kept(foreign.VALUES)) as world:
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


@pytest.mark.parametrize(
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
        async with World.of(settings, vault=Kept(foreign.VALUES)) as world:
            there = Bench(Meta(), world)
            rotated = await there.rotate(Secret(NEW), long_lived=True)
            assert rotated.report.primary is not None
            assert (rotated.report.primary.id, rotated.report.exit_code) == (primary, code)
            assert await there.stored() == Secret(OLD)
