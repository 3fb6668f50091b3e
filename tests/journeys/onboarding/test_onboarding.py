"""What is typed, tested, stored and remembered, without any face."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.tables import each_line
from wizard.findings import Finding, new_finding, skipped
from wizard.journeys.onboarding.check_results import check_outcome
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.state import StateFile
from wizard.values.credentials import Secret, Value, Values
from wizard.vault import MemoryVault, Reason, VaultError
from wizard.world import World


@asynccontextmanager
async def onboarding(
    folder: Path, meta: Meta | None = None, vault: MemoryVault | None = None
) -> AsyncIterator[Onboarding]:
    meta = meta or Meta()
    async with serve(create_app(meta)) as base_url:
        settings = Settings("test", base_url, GRAPH_VERSION)
        async with World.from_settings(settings, vault=vault or MemoryVault()) as world:
            walk = Onboarding(world, StateFile(folder), demo_values(meta))
            await walk.begin()
            await walk.load()
            yield walk


async def run_test(walk: Onboarding) -> list[str]:
    async with walk.test_drafts() as events:
        async for event in events:
            walk.handle_event(event)
    return await walk.store_passed()


PASS, FAIL, WARN = (
    new_finding("app_id.valid"),
    new_finding("app_id.unknown"),
    new_finding("verify_token.untested"),
)
UNKNOWN = new_finding("graph.timeout")


@each_line(
    ("findings", "said"),
    [
        ((PASS,), CheckOutcome.PASSED),
        ((PASS, new_finding("access_token.expires_soon")), CheckOutcome.PASSED),
        ((FAIL,), CheckOutcome.FAILED),
        ((PASS, FAIL), CheckOutcome.FAILED),
        ((UNKNOWN,), CheckOutcome.UNANSWERED),
        ((WARN,), CheckOutcome.UNTESTED),
        ((skipped("waba_id", "access_token.missing"),), CheckOutcome.UNTESTED),
        ((skipped("waba_id", "graph.timeout"),), CheckOutcome.UNANSWERED),
        ((), CheckOutcome.UNTESTED),
    ],
)
def test_findings_amount_to_an_outcome(findings: tuple[Finding, ...], said: CheckOutcome) -> None:
    assert check_outcome(findings) is said


async def test_all_six_given_one_by_one_end_up_stored_and_five_of_them_passed(
    tmp_path: Path,
) -> None:
    async with onboarding(tmp_path) as walk:
        for step in walk.walk.guide.counted:
            for name in step.yields:
                walk.set_draft(name, walk.suggestions.get(name))
            if step.yields:
                assert sorted(await run_test(walk)) == sorted(step.yields)
        assert walk.world.values == walk.suggestions
        assert [walk.chip(name) for name, _ in walk.suggestions.present()] == [Chip.PASSED] * 5 + [
            Chip.STORED
        ]
        state = StateFile(tmp_path).load("test")
        assert state.token_kind == "temporary"
        assert state.app_name == "my-whatsapp-webhook"
        assert {name: test.outcome for name, test in state.tested.items()} == {
            name: "passed" for name, _ in walk.suggestions.present() if name != "verify_token"
        }


async def test_the_state_holds_no_secret(tmp_path: Path) -> None:
    async with onboarding(tmp_path) as walk:
        for name, value in walk.suggestions.present():
            walk.set_draft(name, value)
        await run_test(walk)
        text = (tmp_path / "state.json").read_text()
        secrets = [v for _, v in walk.suggestions.present() if isinstance(v, Secret)]
        assert not any(secret.reveal() in text for secret in secrets)


async def test_what_fails_is_kept_as_a_draft_and_stored_only_when_kept(tmp_path: Path) -> None:
    async with onboarding(tmp_path) as walk:
        walk.set_draft("app_id", walk.suggestions.app_id)
        walk.set_draft("app_secret", Secret("f" * 32))
        await run_test(walk)
        assert walk.unsaved == ("app_secret",)
        assert walk.chip("app_secret") is Chip.FAILED
        await walk.store_untested("app_secret")
        assert list(walk.unsaved) == []
        assert walk.world.values.app_secret == Secret("f" * 32)
        assert walk.progress.tested["app_secret"].outcome == "untested"


async def test_a_draft_that_was_not_tested_is_never_stored_by_another_ones_test(
    tmp_path: Path,
) -> None:
    async with onboarding(tmp_path) as walk:
        walk.set_draft("app_id", walk.suggestions.app_id)
        async with walk.test_drafts() as events:
            async for event in events:
                walk.handle_event(event)
            walk.set_draft("access_token", Secret("EAAhalf"))
        await walk.store_passed()
        assert walk.world.values.access_token is None
        assert walk.unsaved == ("access_token",)


async def test_what_is_typed_again_as_it_is_stored_is_no_draft(tmp_path: Path) -> None:
    values = Values(app_id="1234567890123456")
    async with onboarding(tmp_path, vault=MemoryVault(values)) as walk:
        walk.set_draft("app_id", "1234567890123456")
        assert walk.unsaved == ()


class Forgetful(MemoryVault):
    """Fails to keep anything."""

    async def put(self, name: str, value: Value) -> None:
        raise VaultError(Reason.WRITE_FAILED)


async def test_a_vault_that_fails_leaves_the_value_a_draft(tmp_path: Path) -> None:
    async with onboarding(tmp_path, vault=Forgetful()) as walk:
        walk.set_draft("verify_token", walk.suggestions.verify_token)
        with pytest.raises(VaultError):
            await run_test(walk)
        assert walk.unsaved == ("verify_token",)
        walk.go_on_in_memory()
        await walk.store_passed()
        assert walk.world.values.verify_token == walk.suggestions.verify_token
        assert walk.in_memory


async def test_a_place_that_can_not_be_remembered_is_said_and_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    async with onboarding(tmp_path) as walk:
        walk.progress_store.state = StateFile(tmp_path / "state" / "inner")
        walk.walk = walk.walk.next()
        await walk.save()
        assert walk.walk.at == "2.1"
        assert "not saved" in (walk.notice or "")


async def test_no_answer_changes_nothing_that_is_remembered(tmp_path: Path) -> None:
    async with onboarding(tmp_path) as walk:
        for name, value in walk.suggestions.present():
            walk.set_draft(name, value)
        await run_test(walk)
        before = walk.progress.tested
        walk.world = replace(walk.world, graph_url="http://127.0.0.1:9")
        await run_test(walk)
        assert walk.progress.tested == before
        assert walk.chip("access_token") is not Chip.FAILED


class Slow(MemoryVault):
    """A keyring that waits for somebody to type its password."""

    persistent = True

    def __init__(self, values: Values | None = None) -> None:
        super().__init__(values)
        self.opened = asyncio.Event()
        self.kept: list[str] = []

    async def load(self) -> Values:
        values = await super().load()
        await self.opened.wait()
        return values

    async def put(self, name: str, value: Value) -> None:
        await self.opened.wait()
        self.kept.append(name)
        await super().put(name, value)


async def test_what_is_typed_on_while_the_keyring_waits_is_not_stored_for_what_passed(
    tmp_path: Path,
) -> None:
    async with onboarding(tmp_path) as walk:
        walk.world.vault = vault = Slow()
        walk.set_draft("app_id", walk.suggestions.app_id)
        walk.set_draft("verify_token", walk.suggestions.verify_token)
        first = asyncio.create_task(run_test(walk))
        while not walk._storing.locked():
            await asyncio.sleep(0)
        second = asyncio.create_task(walk.store_passed())
        await asyncio.sleep(0)
        walk.set_draft("verify_token", Secret("half"))
        vault.opened.set()
        await asyncio.gather(first, second)
        assert vault.kept == ["app_id"]
        assert walk.unsaved == ("verify_token",)


async def test_a_value_stored_while_the_keyring_is_still_being_read_is_not_lost(
    tmp_path: Path,
) -> None:
    async with onboarding(tmp_path) as walk:
        walk.world.vault = vault = Slow()
        loading = asyncio.create_task(walk.load())
        await asyncio.sleep(0)
        walk.set_draft("verify_token", walk.suggestions.verify_token)
        testing = asyncio.create_task(run_test(walk))
        vault.opened.set()
        await asyncio.gather(loading, testing)
        assert walk.world.values.verify_token == walk.suggestions.verify_token


async def test_a_draft_that_fails_says_nothing_of_the_value_that_is_stored(tmp_path: Path) -> None:
    async with onboarding(tmp_path) as walk:
        for name, value in walk.suggestions.present():
            walk.set_draft(name, value)
        await run_test(walk)
        walk.set_draft("waba_id", "999999999999999")
        await run_test(walk)
        assert walk.chip("waba_id") is Chip.FAILED
        assert StateFile(tmp_path).load("test").tested["waba_id"].outcome == "passed"
