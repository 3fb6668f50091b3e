"""Every fault that the simulator knows, met by a whole setup with an endpoint of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.faults.score import Score
from tests.tables import each_line_by
from wizard.checks import collect_report
from wizard.checks.check import RUNGS
from wizard.findings import Status, catalogue
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import SCENARIOS, Meta, create_app, demo_values, scenario, serve
from wizard.simulator.world.objects import Subscription
from wizard.state import StoredWebhook
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.world import World

HEALTHY = demo_values(Meta())
BY_DOCTOR = [name for name, one in SCENARIOS.items() if one.asked_by == "doctor"]
BY_CHECK = [name for name, one in SCENARIOS.items() if one.asked_by == "check"]
OURS = "https://webhook.hidden-market.example/webhook"
ANOTHERS = "https://automation.hidden-market.example/whatsapp/incoming"


async def primary(name: str) -> str | None:
    """What the ladder names as the cause."""
    meta, values = scenario(name)
    token = values.verify_token or HEALTHY.verify_token
    assert token is not None
    async with (
        serve(create_app(meta)) as base,
        Endpoint(token, HEALTHY.app_secret) as ours,
        Endpoint(Secret("another tool's")) as theirs,
    ):
        moved = {OURS: ours.local_url, ANOTHERS: theirs.local_url}
        if name in BY_CHECK:
            meta.app.subscriptions[:] = [Subscription(ours.local_url, ("messages",))]
        else:
            hooks = meta.app.subscriptions
            hooks[:] = [
                replace(hook, callback_url=moved.get(hook.callback_url, hook.callback_url))
                for hook in hooks
            ]
        world = World.from_settings(
            Settings("test", SCENARIOS[name].address(base), GRAPH_VERSION), values
        )
        world.webhook = StoredWebhook(ours.local_url, ours.local_url, ours.marker, heard=True)
        world.timeout = 2.0
        async with world:
            report = await collect_report(world, RUNGS)
        await meta.close()
    return report.primary.id if report.primary else None


@pytest.mark.parametrize("name", BY_DOCTOR)
async def test_a_fault_is_named_by_the_ladder(score: Score, name: str) -> None:
    with score.one():
        assert await primary(name) == SCENARIOS[name].finding


@each_line_by(lambda name: name.partition(".")[0], "name", BY_CHECK)
async def test_a_fault_is_named_with_a_webhook_on_top_of_it(score: Score, name: str) -> None:
    id_ = SCENARIOS[name].finding
    is_cause = catalogue()[id_].status in {Status.FAIL, Status.UNKNOWN}
    with score.one():
        assert await primary(name) == (id_ if is_cause else None)
