"""Many messages on one connection and many bots at once: no event is lost, none out of order."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import Any

import httpx
import pytest

from tests.loopback import http_client
from tests.simulator.calls_out.callbacks import bearer, calling, page
from tests.simulator.conftest import Graph
from tests.simulator.graph_api.test_messages import text
from wizard.simulator.world.objects import Subscription

pytestmark = pytest.mark.asyncio(loop_scope="session")

MESSAGES, BOTS, EACH = 80, 30, 2
ORDER = ["sent", "delivered", "read"]


async def send(client: httpx.AsyncClient, graph: Graph) -> str:
    url = f"/v25.0/{graph.meta.test_number.id}/messages"
    answer = await client.post(url, json=text(), headers=bearer(graph))
    found: str = answer.json()["messages"][0]["id"]
    return found


def told(requests: list[Any]) -> dict[str, list[str]]:
    """The statuses of each message, in the order they came in."""
    found = defaultdict(list)
    for request in requests:
        value = json.loads(request.body)["entry"][0]["changes"][0]["value"]
        for status in value.get("statuses", ()):
            found[status["id"]].append(status["status"])
    return found


async def test_no_event_is_lost_and_none_is_out_of_order(graph: Graph) -> None:
    dispatcher = graph.meta.dispatcher
    dispatcher.pace, dispatcher.pauses = 0, ()
    base = graph.stage.client.base_url
    async with calling(page()) as server:
        graph.meta.app.subscriptions[:] = [Subscription(f"{server.url}/", ("messages",))]
        dispatcher.inbound_text("halo")
        one = httpx.Limits(max_connections=1)
        async with http_client(base_url=base, limits=one, timeout=60) as client:
            ids = [await send(client, graph) for _ in range(MESSAGES)]

        async def bot(client: httpx.AsyncClient) -> list[str]:
            return [await send(client, graph) for _ in range(EACH)]

        async with http_client(base_url=base, timeout=60) as client:
            many = await asyncio.gather(*(bot(client) for _ in range(BOTS)))
        await dispatcher.idle()
        found = told(server.requests)
    ids += [one_id for some in many for one_id in some]
    assert found.keys() == set(ids)
    assert len(ids) == MESSAGES + BOTS * EACH
    assert {tuple(words) for words in found.values()} == {tuple(ORDER)}
