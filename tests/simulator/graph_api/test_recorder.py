"""Who watches is told what was asked and what was answered."""

from __future__ import annotations

import json

import pytest

from tests.simulator.conftest import Graph
from wizard.simulator.graph_api.recorder import Exchange, record_exchanges
from wizard.simulator.world.state import Outage

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_an_exchange_is_told_as_it_was_on_the_wire(graph: Graph) -> None:
    heard: list[Exchange] = []
    path = f"/v25.0/{graph.values.waba_id}/subscribed_apps"
    with record_exchanges(heard.append):
        answer = await graph.stage.client.post(
            f"{path}?a=b", json={"c": "d"}, headers={"Authorization": "Bearer nobody's"}
        )
    (exchange,) = heard
    assert (exchange.method, exchange.path, exchange.query) == ("POST", path, "a=b")
    assert (exchange.headers["authorization"], json.loads(exchange.body)) == (
        "Bearer nobody's",
        {"c": "d"},
    )
    assert (exchange.status, exchange.reply) == (answer.status_code, answer.content)
    assert exchange.reply_headers["x-fb-rev"] == answer.headers["x-fb-rev"]


async def test_an_exchange_names_the_kind_of_object_whoever_may_see_it(graph: Graph) -> None:
    heard: list[Exchange] = []
    meta = graph.meta
    with record_exchanges(heard.append):
        for path in ("", "app", "me", meta.other_waba.id, meta.test_number.id, "9" * 15):
            await graph.ask(f"/v25.0/{path}")
    assert [exchange.node for exchange in heard] == [
        None,
        "Application",
        "User",
        "WhatsAppBusinessAccount",
        "WhatsAppBusinessPhoneNumber",
        None,
    ]


async def test_what_answers_in_graphs_place_is_no_answer_of_graphs(graph: Graph) -> None:
    heard: list[Exchange] = []
    graph.meta.outage = Outage.PORTAL
    with record_exchanges(heard.append):
        await graph.ask("/v25.0/app")
    assert [(exchange.status, exchange.reply) for exchange in heard] == [(None, b"")]


async def test_who_no_longer_watches_is_told_nothing(graph: Graph) -> None:
    heard: list[Exchange] = []
    with record_exchanges(heard.append):
        pass
    await graph.ask("/v25.0/app")
    assert heard == []


async def test_no_secret_stands_in_what_an_exchange_says_of_itself(graph: Graph) -> None:
    heard: list[Exchange] = []
    with record_exchanges(heard.append):
        await graph.inspect(graph.meta.token.text.reveal())
    assert graph.meta.token.text.reveal() not in repr(heard)
    assert graph.meta.app.secret.reveal() not in repr(heard)
