"""How many of an app's calls are used up, as the headers tell."""

from __future__ import annotations

import json
from dataclasses import dataclass

import httpx
import pytest
import pytest_asyncio

from tests.simulator.conftest import NOON, Graph, Stage
from wizard.simulator import Meta, demo_values
from wizard.values.credentials import Secret

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Clock:
    now: float = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest_asyncio.fixture(loop_scope="session")
async def graph(stage: Stage, clock: Clock) -> Graph:
    stage.meta = Meta(now=clock)
    return Graph(stage, demo_values(stage.meta))


def of_app(answer: httpx.Response) -> int:
    used: int = json.loads(answer.headers["x-app-usage"])["call_count"]
    return used


def of_account(answer: httpx.Response, waba_id: str | None) -> int:
    (told,) = json.loads(answer.headers["x-business-use-case-usage"])[waba_id]
    used: int = told["call_count"]
    return used


async def test_whoever_is_nobody_is_told_of_no_usage(graph: Graph) -> None:
    for token in (Secret("nonsense"), Secret(f"{graph.meta.app.id}|{'f' * 32}")):
        answer = await graph.ask(f"/v25.0/{graph.values.waba_id}", token=token)
        assert not {"x-app-usage", "x-business-use-case-usage"} & set(answer.headers)
    graph.values = graph.values.with_("access_token", None)
    answer = await graph.ask(f"/v25.0/{graph.values.waba_id}")
    assert not {"x-app-usage", "x-business-use-case-usage"} & set(answer.headers)


async def test_a_refusal_to_somebody_known_tells_of_it(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/999999999999999")
    assert answer.status_code == 400
    assert of_app(answer) == 0


async def test_calls_count_for_an_hour_and_for_the_app_that_made_them(
    graph: Graph, clock: Clock
) -> None:
    for _ in range(19):
        await graph.ask("/v25.0/app")
    answer = await graph.ask(f"/v25.0/{graph.values.waba_id}")
    assert (of_app(answer), of_account(answer, graph.values.waba_id)) == (10, 0)
    other = await graph.ask("/v25.0/app", token=graph.meta.other_token.text)
    assert of_app(other) == 0
    clock.now += 3600
    assert of_app(await graph.ask("/v25.0/app")) == 0
