"""The server under the simulator: its socket, and its end."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import time

from starlette.types import Message, Receive, Scope, Send

from tests.loopback import http_client
from wizard.simulator.http_server import running
from wizard.support.loopback import HOST, bind

HEAD: Message = {"type": "http.response.start", "status": 200, "headers": []}


async def hello(_scope: Scope, _receive: Receive, send: Send) -> None:
    await send(HEAD)
    await send({"type": "http.response.body", "body": b"hello"})


async def test_an_answer_bears_a_date_and_no_banner() -> None:
    async with running(hello, bind(0)) as port, http_client() as client:
        answer = await client.get(f"http://{HOST}:{port}")
    assert (answer.text, "date" in answer.headers) == ("hello", True)
    assert "server" not in answer.headers


async def test_the_socket_is_closed_when_the_block_ends() -> None:
    sock = bind(0)
    async with running(hello, sock) as port:
        assert sock.fileno() >= 0
    assert sock.fileno() == -1
    with socket.socket() as probe:
        assert probe.connect_ex((HOST, port)) == errno.ECONNREFUSED


async def ask(port: int) -> bytes:
    """All that comes back until the server hangs up."""
    reader, writer = await asyncio.open_connection(HOST, port)
    writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    answer = bytearray()
    with contextlib.suppress(ConnectionResetError):
        while piece := await reader.read(999):
            answer += piece
    writer.close()
    return bytes(answer)


async def test_who_still_waits_at_the_end_gets_a_503_at_once() -> None:
    arrived = asyncio.Event()

    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        arrived.set()
        await asyncio.Event().wait()

    async with running(never, bind(0)) as port:
        asking = asyncio.create_task(ask(port))
        await arrived.wait()
        start = time.monotonic()
    assert time.monotonic() - start < 1
    assert (await asking).startswith(b"HTTP/1.1 503 ")


async def test_who_connects_in_the_last_moment_is_not_left_hanging() -> None:
    async def never(_scope: Scope, _receive: Receive, _send: Send) -> None:
        await asyncio.Event().wait()

    with socket.socket() as late:
        async with running(never, bind(0)) as port:
            late.connect((HOST, port))
            late.send(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        late.setblocking(False)
        async with asyncio.timeout(5):
            with contextlib.suppress(ConnectionResetError):
                assert b"200" not in await asyncio.get_running_loop().sock_recv(late, 99)


async def test_an_answer_that_has_begun_is_cut_off_and_gets_no_second_head() -> None:
    under_way = asyncio.Event()

    async def begins(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send(HEAD)
        await send({"type": "http.response.body", "body": b"he", "more_body": True})
        under_way.set()
        await asyncio.Event().wait()

    async with running(begins, bind(0)) as port:
        asking = asyncio.create_task(ask(port))
        await under_way.wait()
    answer = await asking
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.count(b"HTTP/1.1") == 1
    assert not answer.endswith(b"0\r\n\r\n")


async def test_an_app_that_will_not_be_cancelled_holds_it_up_for_a_moment_only() -> None:
    arrived, content = asyncio.Event(), asyncio.Event()

    async def stubborn(_scope: Scope, _receive: Receive, _send: Send) -> None:
        arrived.set()
        while not content.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await content.wait()

    async with running(stubborn, bind(0)) as port:
        asking = asyncio.create_task(ask(port))
        await arrived.wait()
        start = time.monotonic()
    assert time.monotonic() - start < 3
    assert await asking == b""
    content.set()
