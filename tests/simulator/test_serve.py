"""The server around an app: up when it says so, gone when the block ends."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.loopback import http_client
from wizard.simulator import Meta, PortInUseError, create_app, scenario, serve


def port_of(base: str) -> int:
    return urlsplit(base).port or 0


async def test_it_listens_on_loopback_and_is_gone_afterwards() -> None:
    async with serve(create_app(Meta())) as base, http_client() as client:
        assert base.startswith("http://127.0.0.1:")
        assert (await client.get(f"{base}/v25.0/me")).status_code == 400
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port_of(base))
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_it_takes_the_port_it_is_given_again_and_again() -> None:
    async with serve(create_app(Meta())) as base:
        port = port_of(base)
    async with serve(create_app(Meta()), port) as again:
        assert again == base


async def test_a_port_in_use_is_told_apart() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(PortInUseError) as caught:
            async with serve(create_app(Meta()), taken.getsockname()[1]):
                pass
        assert caught.value.errno == errno.EADDRINUSE


async def test_requests_are_answered_side_by_side() -> None:
    both = asyncio.Barrier(2)

    async def meet(scope: Scope, receive: Receive, send: Send) -> None:
        await both.wait()
        await Response("met")(scope, receive, send)

    async with serve(meet) as base, http_client(timeout=5) as client:
        answers = await asyncio.gather(client.get(base), client.get(base))
    assert [answer.text for answer in answers] == ["met", "met"]


async def test_a_connection_that_is_used_again_is_not_delayed() -> None:
    waits = []
    async with serve(create_app(Meta())) as base, http_client() as client:
        for _ in range(9):
            start = time.monotonic()
            await client.get(f"{base}/v25.0/me")
            waits.append(time.monotonic() - start)
    assert sorted(waits)[4] < 0.035


async def test_each_answer_takes_as_long_as_asked() -> None:
    async with serve(create_app(Meta(delay=0.05))) as base, http_client() as client:
        start = time.monotonic()
        await client.get(f"{base}/v25.0/me")
        assert time.monotonic() - start >= 0.05


async def test_a_request_without_an_answer_does_not_hold_it_up(
    capfd: pytest.CaptureFixture[str],
) -> None:
    asked = asyncio.Event()

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        asked.set()
        await asyncio.Event().wait()

    async with http_client(timeout=5) as client:
        async with serve(never) as base:
            hanging = asyncio.create_task(client.get(f"{base}/v25.0/me"))
            await asked.wait()
            start = time.monotonic()
        assert time.monotonic() - start < 1
        assert (await hanging).status_code == 503
    assert capfd.readouterr() == ("", "")


async def test_a_client_that_went_away_does_not_hold_it_up() -> None:
    meta, _ = scenario("graph.timeout")
    async with serve(create_app(meta)) as base, http_client(timeout=0.05) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"{base}/v25.0/me")
        start = time.monotonic()
    assert time.monotonic() - start < 1


async def test_an_error_in_the_block_gets_through() -> None:
    with pytest.raises(ZeroDivisionError):
        async with serve(create_app(Meta())):
            raise ZeroDivisionError


async def test_the_block_can_be_cancelled() -> None:
    served = asyncio.Event()

    async def forever() -> None:
        async with serve(create_app(Meta())):
            served.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(forever())
    await served.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_signals_stay_with_the_program() -> None:
    before = signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)
    async with serve(create_app(Meta())):
        assert (signal.getsignal(signal.SIGINT), signal.getsignal(signal.SIGTERM)) == before
