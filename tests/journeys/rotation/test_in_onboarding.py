"""A rotation beside the walk, which knows at any time what is stored and says no more of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.journeys.rotation.rotating import BEFORE, KNOWN
from tests.tables import each_line
from wizard.findings import Report, catalogue, new_finding
from wizard.guide import guide
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.token_expiry import is_exchangeable
from wizard.journeys.rotation.in_onboarding import OnboardingRotation
from wizard.journeys.rotation.stages import DEPENDENT, RotationStage
from wizard.journeys.rotation.token_source import with_token_source
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.world.state import DAY
from wizard.state import Progress, StateFile
from wizard.values.credentials import Secret, Value, Values
from wizard.vault import MemoryVault, Reason, VaultError
from wizard.world import World

TOKEN = "access_token."


class Watched(MemoryVault):
    """Tells what was remembered when it was written to; may be held up, or fail."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.state: StateFile | None = None
        self.at_writing: Progress | None = None
        self.asked, self.let = asyncio.Event(), asyncio.Event()
        self.let.set()
        self.fails = False

    async def put(self, name: str, value: Value) -> None:
        assert self.state is not None
        self.at_writing = self.state.load("test")
        self.asked.set()
        await self.let.wait()
        if self.fails:
            raise VaultError(Reason.LOCKED)
        await super().put(name, value)


@asynccontextmanager
async def walking(folder: Path) -> AsyncIterator[tuple[Onboarding, Watched, Meta]]:
    """Somebody whose token is known to have passed, and when it ends."""
    meta, state = Meta(), StateFile(folder)
    state.save("test", KNOWN)
    vault = Watched(demo_values(meta))
    vault.state = state
    async with serve(create_app(meta)) as base_url:
        settings = Settings("test", base_url, GRAPH_VERSION, folder)
        async with World.from_settings(settings, vault=vault) as world:
            walk = Onboarding(world, state)
            await walk.begin()
            await walk.load()
            yield walk, vault, meta


def newer(meta: Meta) -> Secret:
    return meta.issue(meta.app, lifetime=DAY).text


def heard_nothing(_said: object) -> None:
    pass


async def test_after_a_swap_the_walk_has_the_new_one_and_all_that_was_found_of_it(
    tmp_path: Path,
) -> None:
    async with walking(tmp_path) as (walk, vault, meta):
        walk.set_draft("access_token", meta.other_token.text)
        token = newer(meta)
        assert (await OnboardingRotation(walk, heard_nothing).run(token)).swapped
        assert walk.values.access_token == walk.world.values.access_token == token
        assert [walk.chip(name) for name in DEPENDENT] == [Chip.PASSED] * 3
        assert [finding.id for finding in walk.findings["access_token"]] == ["access_token.valid"]
        assert StateFile(tmp_path).load("test") == walk.progress
        assert walk.progress.token_kind == "temporary"
        assert vault.at_writing is not None
        assert (vault.at_writing.token_expires_at, list(vault.at_writing.tested)) == (
            None,
            ["waba_id"],
        )


async def test_where_it_fails_the_walk_is_as_it_was(tmp_path: Path) -> None:
    async with walking(tmp_path) as (walk, vault, meta):
        before = walk.values
        vault.fails = True
        assert not (await OnboardingRotation(walk, heard_nothing).run(newer(meta))).swapped
        assert not (
            await OnboardingRotation(walk, heard_nothing).run(meta.other_token.text)
        ).swapped
        assert walk.values == before
        assert walk.progress == KNOWN
        assert walk.chip("access_token") is Chip.PASSED


async def test_what_a_test_of_the_old_one_finds_meanwhile_is_not_taken_for_the_new_one(
    tmp_path: Path,
) -> None:
    async with walking(tmp_path) as (walk, vault, meta):
        vault.let.clear()
        async with walk.test_drafts() as events:
            running = asyncio.create_task(OnboardingRotation(walk, heard_nothing).run(newer(meta)))
            await vault.asked.wait()
            async for event in events:
                walk.handle_event(event)
        assert "access_token" not in walk.findings
        await walk.store_passed()
        assert "access_token" not in walk.progress.tested
        assert walk.progress.token_expires_at is None
        vault.let.set()
        assert (await running).swapped


async def test_who_leaves_waits_for_the_write_and_it_is_known_then(tmp_path: Path) -> None:
    async with walking(tmp_path) as (walk, vault, meta):
        vault.let.clear()
        token, renewal = newer(meta), OnboardingRotation(walk, heard_nothing)
        running = asyncio.create_task(renewal.run(token))
        await vault.asked.wait()
        running.cancel()
        leaving = asyncio.create_task(walk.idle())
        await asyncio.sleep(0)
        assert not leaving.done()
        vault.let.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        await leaving
        assert renewal.swapped
        assert walk.world.values.access_token == token
        assert StateFile(tmp_path).load("test").token_kind == "temporary"


async def test_one_that_another_program_stored_meanwhile_is_known_afterwards(
    tmp_path: Path,
) -> None:
    async with walking(tmp_path) as (walk, vault, meta):
        token = newer(meta)
        await vault.put("access_token", token)
        heard: list[object] = []
        rotated = await OnboardingRotation(walk, heard.append).run(token)
        assert rotated.report.primary is not None
        assert rotated.report.primary.id == "access_token.unchanged"
        assert RotationStage.SWAPPING not in heard
        assert walk.world.values.access_token == token
        assert (walk.chip("access_token"), walk.progress.token_expires_at) == (Chip.STORED, None)


async def test_a_token_that_is_typed_over_another_takes_its_end_with_it_before_it_is_written(
    tmp_path: Path,
) -> None:
    async with walking(tmp_path) as (walk, vault, meta):
        walk.set_draft("access_token", newer(meta))
        walk.findings["access_token"] = (new_finding("access_token.no_grant"),)
        await walk.store_untested("access_token")
        assert vault.at_writing is not None
        assert vault.at_writing.token_expires_at is None
        assert (walk.progress.token_expires_at, walk.progress.token_kind) == (None, None)
        assert walk.progress.tested["waba_id"] == BEFORE
        assert walk.progress.tested["access_token"].outcome == "untested"


@pytest.mark.parametrize(
    ("at", "first", "step"),
    [
        ("12.5", "Generate its token (page 12.4)", "12.4"),
        (
            "7.5",
            "Open API Setup (or Step 1. Try it out) and click Generate access token"
            " (or Generate token) (step 7.1)",
            "7.1",
        ),
    ],
    ids=["a system user's", "a person's"],
)
async def test_the_next_one_is_had_where_this_one_came_from(
    tmp_path: Path, at: str, first: str, step: str
) -> None:
    async with walking(tmp_path) as (walk, _, meta):
        walk.walk = walk.walk.jump(at)
        ended = meta.issue(meta.app, lifetime=-60).text
        report = (await OnboardingRotation(walk, heard_nothing).run(ended)).report
        assert report.primary is not None
        assert report.primary.id == "access_token.expired"
        assert report.primary.fix == (first, "whatsapp-wizard rotate")
        assert report.primary.step == step
        assert ("system-users" in str(report.primary.url)) is (at == "12.5")


@each_line("step", ["7.1", "7.3", "7.4", "7.5"])
def test_each_step_of_api_setup_has_its_like_on_the_system_users_page(step: str) -> None:
    id_ = next(id_ for id_, entry in catalogue().items() if entry.step == step and TOKEN in id_)
    report = with_token_source(guide().by_id["12.5"], Report.of("test", [new_finding(id_)]))
    (finding,) = report.findings
    assert finding.step is not None
    assert finding.step.startswith("12.")
    assert f"(page {finding.step})" in finding.fix[0]
    assert not [fix for fix in finding.fix if "(step 7" in fix]


async def test_a_stored_token_is_exchangeable_unless_it_is_known_not_to_end(
    tmp_path: Path,
) -> None:
    async with walking(tmp_path) as (walk, _, meta):
        assert is_exchangeable(walk)
        assert (await OnboardingRotation(walk, heard_nothing).run(meta.system_token.text)).swapped
        assert not is_exchangeable(walk)
