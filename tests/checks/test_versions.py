"""Another version that answers only later in a run is told all the same."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from starlette.types import Receive, Scope, Send

from wizard.checks import FindingReported, collect_report, run_checks
from wizard.findings import Status
from wizard.journeys.diagnosis import Ladder
from wizard.journeys.discovery.discovery import discover
from wizard.settings import Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.world import World


class Aging:
    """A Meta that retires the version in use after so many answers."""

    def __init__(self, answers: int) -> None:
        self.meta = Meta()
        self._app, self._left = create_app(self.meta), answers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._left -= 1
        if self._left < 0:
            self.meta.oldest_version, self.meta.newest_version = "v40.0", "v45.0"
        await self._app(scope, receive, send)


@pytest_asyncio.fixture
async def world(answers: int) -> AsyncIterator[World]:
    aging = Aging(answers)
    async with serve(aging) as base:
        values = demo_values(aging.meta)
        async with World.from_settings(Settings(graph_url=base), values) as found:
            yield found


@pytest.mark.parametrize("answers", [0, 1, 4])
async def test_a_report_bears_the_warning_and_graphs_own_finding_once(world: World) -> None:
    report = await collect_report(world)
    of_graph = [finding.id for finding in report.findings if finding.subject == "graph"]
    assert sorted(of_graph) == ["graph.ok", "graph.version_retired"]
    assert report.ok


@pytest.mark.parametrize("answers", [1, 4])
async def test_a_ladder_takes_the_warning_in_after_the_rung_has_settled(world: World) -> None:
    run = run_checks(world)
    ladder = Ladder(run.names)
    async with run as events:
        async for event in events:
            ladder.handle_event(event)
    assert [finding.status for finding in ladder.found["graph"]] == [Status.PASS, Status.WARN]


@pytest.mark.parametrize("answers", [1000])
async def test_without_another_version_nothing_is_told_twice(world: World) -> None:
    async with run_checks(world) as events:
        told = [event.finding.id async for event in events if isinstance(event, FindingReported)]
    assert told.count("graph.ok") == 1
    assert "graph.version_retired" not in told


@pytest.mark.parametrize("answers", [4])
async def test_a_discovery_tells_of_what_came_after_its_report(world: World) -> None:
    discovered = await discover(world)
    assert "graph.version_retired" in [finding.id for finding in discovered.report.findings]
