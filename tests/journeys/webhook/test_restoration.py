"""Several listeners on one app: whoever ends last puts back what the first replaced."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.webhook.endpoints import Tunnels
from wizard.cli.runs.webhook_memory import Memory
from wizard.findings import Finding, Status
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.pending_restore import not_restored
from wizard.journeys.webhook.registration import Scope
from wizard.journeys.webhook.restoration import Restoration, collect_restoration_report
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.world.objects import Subscription
from wizard.state import Claims, Progress, ReplacedCallback, StateFile, StoredWebhook
from wizard.values.credentials import Secret, Values
from wizard.webhook.endpoint import Endpoint
from wizard.world import World


class Listener:
    """A connection of one profile, as `listen` makes it, whose program may die."""

    def __init__(self, profile: str, folder: Path, base: str, values: Values) -> None:
        self.state = StateFile(folder)
        self.settings = Settings(profile, base, GRAPH_VERSION, folder)
        self.world = World.from_settings(self.settings, values)
        self.world.tunnels = Tunnels()
        self.world.webhook = before = self.state.load(profile).webhook
        memory = Memory(self.settings, before, stored=True)
        self.connection = WebhookConnection(self.world, remember=memory.remember, state=self.state)

    async def begin(self, scope: Scope = Scope.APP, *, replace_foreign: bool = True) -> str:
        assert await self.connection.open()
        await self.connection.register(scope, replace_foreign=replace_foreign)
        assert self.connection.registered is not None
        return str(self.connection.callback_url)

    async def end(self) -> bool:
        """As a person ends it."""
        good = await self.connection.restore()
        await self.close()
        return good

    async def die(self) -> None:
        """The endpoint and the locks go; nothing else is done."""
        await self.connection._line.close()
        await self.connection._released()
        await self.world.close()

    async def close(self) -> None:
        await self.connection.close()
        await self.world.close()


@dataclass
class Machine:
    """One machine, its state folder, the pretended Meta, and a server of somebody else's."""

    folder: Path
    base: str
    meta: Meta
    values: Values
    theirs: str
    stack: AsyncExitStack

    def listener(self, profile: str = "default", **others: Any) -> Listener:
        one = Listener(profile, self.folder, self.base, replace(self.values, **others))
        self.stack.push_async_callback(one.close)
        return one

    async def restore(self, profile: str = "default", **others: Any) -> list[Finding]:
        """What the command does."""
        state = StateFile(self.folder)
        values = replace(self.values, **others)
        settings = Settings(profile, self.base, GRAPH_VERSION, self.folder)
        async with World.from_settings(settings, values) as world:
            world.webhook = state.load(profile).webhook
            return collect_restoration_report(
                await Restoration(world, state).run(Claims(self.folder))
            )

    @property
    def called(self) -> list[str]:
        return [hook.callback_url for hook in self.meta.app.subscriptions]

    def record(self, url: str, *fields: str) -> None:
        self.meta.app.subscriptions[:] = [Subscription(url, fields or ("messages",))]

    def replaced(self, profile: str = "default") -> tuple[ReplacedCallback, ...]:
        return StateFile(self.folder).load(profile).webhook.replaced

    def left(self, profile: str | None = None) -> list[str]:
        return [one.callback_url for one in not_restored(StateFile(self.folder), profile)]


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with _machine(tmp_path / "state") as made:
        yield made


@asynccontextmanager
async def _machine(folder: Path) -> AsyncIterator[Machine]:
    meta = Meta()
    values = demo_values(meta)
    assert values.verify_token is not None
    async with (
        serve(create_app(meta)) as base,
        Endpoint(values.verify_token) as theirs,
        AsyncExitStack() as stack,
    ):
        made = Machine(folder, base, meta, values, theirs.local_url, stack)
        made.record(theirs.local_url, "account_alerts", "messages")
        yield made
        await stack.aclose()
        await meta.close()


def ids(findings: list[Finding]) -> list[str]:
    return [finding.id for finding in findings]


@pytest.mark.parametrize("profiles", [("default", "default"), ("default", "shop")])
async def test_the_end_of_the_second_leaves_the_first_in_charge(
    machine: Machine, profiles: tuple[str, str]
) -> None:
    first, second = (machine.listener(name) for name in profiles)
    url = await first.begin()
    second.world.webhook = second.state.load(profiles[1]).webhook
    await second.begin()
    assert await second.end()
    assert machine.called == [url]
    assert machine.left() == []
    assert await first.end()
    assert machine.called == [machine.theirs]
    assert [machine.replaced(name) for name in profiles] == [(), ()]


@pytest.mark.parametrize("profiles", [("default", "default"), ("default", "shop")])
async def test_the_end_of_the_first_leaves_the_second_in_charge(
    machine: Machine, profiles: tuple[str, str]
) -> None:
    first = machine.listener(profiles[0])
    await first.begin()
    second = machine.listener(profiles[1])
    url = await second.begin()
    assert await first.end()
    assert machine.called == [url]
    assert machine.left() == []
    assert await second.end()
    assert machine.called == [machine.theirs]
    assert set(machine.meta.app.subscriptions[0].fields) == {"account_alerts", "messages"}
    assert [machine.replaced(name) for name in profiles] == [(), ()]


@pytest.mark.parametrize("profiles", [("default", "default"), ("default", "shop")])
@pytest.mark.parametrize("dies", ["first", "second"])
async def test_one_of_two_dies_and_the_other_puts_back_what_was_there_at_first(
    machine: Machine, profiles: tuple[str, str], dies: str
) -> None:
    first = machine.listener(profiles[0])
    await first.begin()
    second = machine.listener(profiles[1])
    await second.begin()
    await (first if dies == "first" else second).die()
    assert machine.left() == []
    assert await (second if dies == "first" else first).end()
    assert machine.called == [machine.theirs]
    assert [machine.replaced(name) for name in profiles] == [(), ()]


async def test_three_end_in_any_order(machine: Machine) -> None:
    a = machine.listener("a")
    await a.begin()
    b = machine.listener("b")
    await b.begin()
    c = machine.listener("c")
    await c.begin()
    await b.end()
    await a.end()
    await c.end()
    assert machine.called == [machine.theirs]
    assert [machine.replaced(name) for name in "abc"] == [(), (), ()]


async def test_both_die_and_restore_finds_the_way_back(machine: Machine) -> None:
    first, second = machine.listener("default"), machine.listener("shop")
    await first.begin()
    await second.begin()
    await first.die()
    await second.die()
    assert machine.left("default") == machine.left("shop") == [machine.theirs]
    assert ids(await machine.restore("default")) == ["webhook.restored"]
    assert machine.called == [machine.theirs]
    assert machine.left() == []


@pytest.mark.parametrize("scope", list(Scope))
async def test_after_a_death_it_is_put_back_at_its_level(machine: Machine, scope: Scope) -> None:
    one = machine.listener()
    await one.begin(scope)
    await one.die()
    assert machine.left() == [machine.theirs if scope is Scope.APP else ""]
    assert ids(await machine.restore()) == ["webhook.restored"]
    assert machine.called == [machine.theirs]
    assert machine.meta.test_number.override_callback_uri is None
    assert [entry.override_callback_uri for entry in machine.meta.waba.subscribed] == [None]
    assert ids(await machine.restore()) == ["webhook.nothing_to_restore"]


async def test_a_listener_that_goes_on_is_left_in_peace(machine: Machine) -> None:
    one = machine.listener()
    url = await one.begin()
    assert machine.left() == []
    (said,) = await machine.restore()
    assert (said.id, said.status) == ("webhook.still_listening", Status.WARN)
    assert machine.called == [url]
    assert len(machine.replaced()) == 1


@pytest.mark.parametrize("url", ["https://newer.example.com/webhook", ""])
async def test_what_was_registered_since_is_left_alone_and_said(machine: Machine, url: str) -> None:
    one = machine.listener()
    await one.begin()
    await one.die()
    machine.meta.app.subscriptions.clear()
    if url:
        machine.record(url)
    (said,) = await machine.restore()
    assert said.id == "webhook.changed_since"
    assert machine.called == ([url] if url else [])
    assert machine.replaced() == ()


async def test_one_that_somebody_put_back_by_hand_is_no_longer_missed(machine: Machine) -> None:
    one = machine.listener()
    await one.begin()
    await one.die()
    machine.record(machine.theirs)
    assert ids(await machine.restore()) == ["webhook.nothing_to_restore"]
    assert machine.replaced() == ()


async def test_one_with_another_verify_token_is_a_failure_and_stays_remembered(
    machine: Machine,
) -> None:
    one = machine.listener()
    await one.begin()
    await one.die()
    (said,) = await machine.restore(verify_token=Secret("not-theirs"))
    assert (said.id, said.status) == ("webhook.not_restored", Status.FAIL)
    assert len(machine.replaced()) == 1


async def test_without_an_answer_of_graphs_that_is_the_cause(machine: Machine) -> None:
    one = machine.listener()
    await one.begin()
    await one.die()
    base, machine.base = machine.base, "http://127.0.0.1:9"
    said = await machine.restore()
    machine.base = base
    assert [(one.id, one.status) for one in said] == [
        ("graph.connect", Status.UNKNOWN),
        ("webhook.not_restored", Status.WARN),
    ]
    assert len(machine.replaced()) == 1


async def test_a_token_that_ended_meanwhile_is_the_cause(machine: Machine) -> None:
    one = machine.listener()
    await one.begin(Scope.WABA)
    await one.die()
    said = await machine.restore(access_token=Secret("EAA" + "0" * 60))
    assert said[0].subject == "access_token"
    assert said[0].status is Status.FAIL
    assert len(machine.replaced()) == 1


async def test_values_of_another_app_restore_nothing_and_say_so(machine: Machine) -> None:
    one = machine.listener()
    await one.begin()
    await one.die()
    app = machine.meta.other_app
    said = await machine.restore(app_id=app.id)
    assert ids(said) == ["webhook.not_restored"]
    assert ids(await machine.restore(app_secret=None)) == ["app_secret.missing"]
    assert len(machine.replaced()) == 1


async def test_a_program_that_saves_its_place_forgets_nothing_of_anothers(
    machine: Machine,
) -> None:
    from wizard.journeys.onboarding.onboarding import Onboarding

    idle = Onboarding(
        World.from_settings(Settings("default", machine.base, GRAPH_VERSION)),
        StateFile(machine.folder),
    )
    await idle.begin()
    one = machine.listener()
    await one.begin()
    await idle.save()
    assert len(machine.replaced()) == 1
    await one.die()
    again = Onboarding(idle.world, StateFile(machine.folder))
    await again.begin()
    assert machine.theirs in again.left


async def test_what_an_older_version_remembers_without_ours_is_not_taken_for_no_callback(
    machine: Machine,
) -> None:
    before = ReplacedCallback("app", machine.meta.app.id, machine.theirs)
    StateFile(machine.folder).save("default", Progress(webhook=StoredWebhook(replaced=(before,))))
    machine.meta.app.subscriptions.clear()
    assert ids(await machine.restore()) == ["webhook.changed_since"]
    assert machine.called == []
