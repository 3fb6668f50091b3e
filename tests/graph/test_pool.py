"""Connections that many share: how many requests are under way, and whose calls are used up."""

from __future__ import annotations

import asyncio
import json
import select
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import pytest

from tests.bench.crowd import Crowd
from tests.graph.conftest import APP_ID, APP_SECRET, VERSION, refusal, reply
from tests.loopback import Answer, Request, Serve
from tests.tables import each_line
from wizard.graph import Graph, GraphError, Pool, Reason
from wizard.simulator import serve as serving
from wizard.support.http_clients import _context_for

OTHER_ID = "444444444444444"
PAIRED = reply({"access_token": "an app's", "token_type": "bearer"})


@dataclass
class Slow:
    """Answers when it has been asked by as many as may ask at once, and counts them."""

    most: int
    here: int = 0
    peak: int = 0

    def __call__(self, _request: Request) -> AsyncIterator[bytes]:
        return self._answer()

    async def _answer(self) -> AsyncIterator[bytes]:
        self.here += 1
        self.peak = max(self.peak, self.here)
        async with asyncio.timeout(5):
            while self.peak < self.most:
                await asyncio.sleep(0)
        self.here -= 1
        yield PAIRED


@asynccontextmanager
async def graphs(url: str, most: int, *apps: str) -> AsyncIterator[list[Graph]]:
    pool = Pool(url, most)
    yield [Graph(url, VERSION, limit=5, pool=pool, app=app) for app in apps]
    await pool.close()


async def test_no_more_requests_are_under_way_than_may_be(serve: Serve) -> None:
    slow = Slow(most=3)
    server = await serve(slow)
    async with graphs(server.url, 3, *[APP_ID] * 12) as many:
        await asyncio.gather(*(graph.check_app_secret(APP_ID, APP_SECRET) for graph in many))
    assert (slow.peak, len(server.requests)) == (3, 12)


async def test_who_waits_for_a_place_has_its_whole_time_left_for_the_answer(serve: Serve) -> None:
    async def late(_request: Request) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.3)
        yield PAIRED

    server = await serve(late)
    pool = Pool(server.url, 1)
    many = [Graph(server.url, VERSION, limit=0.5, pool=pool, app=APP_ID) for _ in range(3)]
    await asyncio.gather(*(graph.check_app_secret(APP_ID, APP_SECRET) for graph in many))
    await pool.close()


@pytest.mark.skipif(not hasattr(select, "poll"), reason="httpcore asks another way here")
async def test_a_request_has_no_connection_looked_at_but_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looks, poll = list[None](), select.poll

    def counted() -> select.poll:
        looks.append(None)
        return poll()

    async with serving(Crowd()) as url, graphs(url, 8, *[APP_ID] * 8) as many:
        await asyncio.gather(*(graph.check_app_secret(APP_ID, APP_SECRET) for graph in many))
        monkeypatch.setattr(select, "poll", counted)
        for graph in many:
            await graph.check_app_secret(APP_ID, APP_SECRET)
    assert 0 < len(looks) <= 2 * 8  # as it is begun, and as it is over


async def test_the_certificates_are_read_once_for_all_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, make = list[None](), httpx.create_ssl_context

    def counted() -> ssl.SSLContext:
        made.append(None)
        return make()

    monkeypatch.setattr(httpx, "create_ssl_context", counted)
    _context_for.cache_clear()
    pool = Pool("https://graph.example", 8)

    async def enter() -> None:
        async with pool.slot(APP_ID, "me"):
            await asyncio.sleep(0.01)

    await asyncio.gather(*(enter() for _ in range(8)))
    await pool.close()
    assert len(made) == 1


async def test_closing_one_of_them_leaves_the_connections_to_the_others(serve: Serve) -> None:
    server = await serve(PAIRED)
    async with graphs(server.url, 2, APP_ID, OTHER_ID) as (one, other):
        await one.check_app_secret(APP_ID, APP_SECRET)
        await one.close()
        await other.check_app_secret(OTHER_ID, APP_SECRET)


async def refused(graph: Graph, app: str) -> GraphError:
    with pytest.raises(GraphError) as caught:
        await graph.check_app_secret(app, APP_SECRET)
    return caught.value


SPENT: list[Answer] = [
    refusal(4, "(#4) Application request limit reached", http=403),
    refusal(80007, "(#80007) There have been too many calls", http=400),
    reply(b"", 429, retry_after="60"),
]


@each_line("answer", SPENT, ids=["by the app", "by the account", "without a word"])
async def test_whose_calls_are_used_up_is_not_asked_for_again_and_others_are(
    serve: Serve, answer: Answer
) -> None:
    server = await serve(answer, PAIRED)
    async with graphs(server.url, 4, APP_ID, APP_ID, OTHER_ID) as (one, same, other):
        assert (await refused(one, APP_ID)).reason is Reason.RATE_LIMITED
        said = await refused(same, APP_ID)
        assert said.reason is Reason.RATE_LIMITED
        assert said.message.startswith("Not tested: ")
        assert len(server.requests) == 1
        await other.check_app_secret(OTHER_ID, APP_SECRET)


async def test_the_last_call_that_meta_allows_is_the_last_that_is_made(serve: Serve) -> None:
    usage = json.dumps({"call_count": 100, "total_time": 3, "total_cputime": 1})
    server = await serve(reply({"access_token": "an app's"}, x_app_usage=usage))
    async with graphs(server.url, 4, APP_ID) as (graph,):
        await graph.check_app_secret(APP_ID, APP_SECRET)
        assert (await refused(graph, APP_ID)).reason is Reason.RATE_LIMITED
    assert len(server.requests) == 1


async def test_alone_one_asks_whatever_the_headers_say(serve: Serve) -> None:
    usage = json.dumps({"call_count": 100})
    server = await serve(reply({"access_token": "an app's"}, x_app_usage=usage))
    graph = Graph(server.url, VERSION, limit=5)
    for _ in range(2):
        await graph.check_app_secret(APP_ID, APP_SECRET)
    await graph.close()
    assert len(server.requests) == 2
