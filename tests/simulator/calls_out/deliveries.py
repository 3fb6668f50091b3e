"""Callbacks that Meta's events come to, and what came."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from tests.loopback import Answer, Request, Server
from tests.simulator.calls_out.callbacks import calling, page
from tests.simulator.conftest import Graph
from wizard.simulator.calls_out.dispatcher import EventDispatcher
from wizard.simulator.world.objects import Subscription

TAKEN = page()
FAILED = page("", "500 Internal Server Error")


@asynccontextmanager
async def quick(graph: Graph) -> AsyncIterator[EventDispatcher]:
    """The courier of this world, in no need of waiting; what it has left is dropped."""
    dispatcher = graph.meta.dispatcher
    dispatcher.pace, dispatcher.pauses = 0, (0, 0)
    yield dispatcher
    await graph.meta.close()


@asynccontextmanager
async def listening(graph: Graph, *answers: Answer) -> AsyncIterator[Server]:
    """A callback that stands on record for the app."""
    async with calling(*(answers or (TAKEN,))) as server:
        record(graph, f"{server.url}/webhook")
        yield server


def record(graph: Graph, url: str) -> None:
    graph.meta.app.subscriptions[:] = [Subscription(url, ("messages",))]


def value(request: Request) -> dict[str, Any]:
    """What changed, as the body of a request tells it."""
    (entry,) = json.loads(request.body)["entry"]
    (change,) = entry["changes"]
    assert change["field"] == "messages"
    found: dict[str, Any] = change["value"]
    return found


def texts(server: Server) -> list[str]:
    return [value(request)["messages"][0]["text"]["body"] for request in server.requests]


def statuses(server: Server) -> list[dict[str, Any]]:
    return [value(request)["statuses"][0] for request in server.requests]
