"""Ports, the end, and what is left behind."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import time
from contextlib import AsyncExitStack

import httpx
import pytest

from tests.webhook.meta import SECRET, TOKEN, dial, post, raw, request, written
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.errors import EndpointError


async def test_a_port_that_is_taken_is_an_error_with_its_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(EndpointError) as caught:
            async with Endpoint(TOKEN, SECRET, port=port):
                pass
        assert (caught.value.reason, caught.value.port) == ("port_in_use", port)


@pytest.mark.parametrize("port", [-1, 65536])
async def test_a_port_that_is_none_is_an_error_too(port: int) -> None:
    with pytest.raises(EndpointError) as caught:
        async with Endpoint(TOKEN, SECRET, port=port):
            pass
    assert caught.value.reason == "port_unusable"


async def test_two_stand_side_by_side(client: httpx.AsyncClient) -> None:
    other = Secret("f" * 32)
    async with Endpoint(TOKEN, SECRET) as one, Endpoint(TOKEN, other) as two:
        assert one.port != two.port
        assert one.marker != two.marker
        assert await post(client, one, written()) == 200
        assert await post(client, two, written()) == 403
        assert (len(one.received), len(two.received)) == (1, 1)


async def test_the_same_port_can_be_had_again_at_once(client: httpx.AsyncClient) -> None:
    async with Endpoint(TOKEN, SECRET) as first:
        assert await post(client, first, written()) == 200
    async with Endpoint(TOKEN, SECRET, port=first.port) as second:
        assert await post(client, second, written()) == 200
    with pytest.raises(httpx.ConnectError):
        await client.get(first.local_url)


async def test_what_came_can_be_read_after_the_end(client: httpx.AsyncClient) -> None:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        await post(client, endpoint, written())
    async with asyncio.timeout(2):
        assert len([event async for event in endpoint.received]) == 1


async def test_a_reader_that_waits_is_let_go_at_the_end() -> None:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        waiting = asyncio.create_task(anext(endpoint.received, None))
        await asyncio.sleep(0)
    async with asyncio.timeout(2):
        assert await waiting is None


async def test_it_ends_at_once_whatever_hangs_on_it(capfd: pytest.CaptureFixture[str]) -> None:
    heads = [
        b"",
        b"POST /webh",
        request("POST /webhook HTTP/1.1", "Content-Length: 99", body=b"{"),
        request("POST /webhook HTTP/1.1", "Transfer-Encoding: chunked", body=b"5\r\nab"),
        request("GET / HTTP/1.1", "Content-Length: 99"),
    ]
    async with AsyncExitStack() as clients:
        async with Endpoint(TOKEN, SECRET) as endpoint:
            for head in heads:
                await clients.enter_async_context(dial(endpoint, head))
            # Answered last, so the others have arrived.
            await raw(endpoint, request("GET / HTTP/1.0"))
            begun = time.monotonic()
        ended = time.monotonic()
    assert ended - begun < 1
    assert capfd.readouterr() == ("", "")


async def test_who_is_still_sending_at_the_end_is_told_so() -> None:
    async with AsyncExitStack() as clients:
        async with Endpoint(TOKEN, SECRET) as endpoint:
            head = request("POST /webhook HTTP/1.1", "Content-Length: 9")
            reader, _ = await clients.enter_async_context(dial(endpoint, head))
            await raw(endpoint, request("GET / HTTP/1.0"))
        assert (await reader.read()).startswith(b"HTTP/1.1 503 ")


async def test_the_end_leaves_no_task_behind() -> None:
    before = asyncio.all_tasks()
    async with Endpoint(TOKEN, SECRET) as endpoint:
        wire = dial(endpoint, request("POST /webhook HTTP/1.1", "Content-Length: 9"))
        await wire.__aenter__()
        await raw(endpoint, request("GET / HTTP/1.0"))
    assert asyncio.all_tasks() == before
    await wire.__aexit__(None, None, None)


async def test_a_cancelled_block_still_closes_its_port(client: httpx.AsyncClient) -> None:
    up = asyncio.Event()
    endpoint = Endpoint(TOKEN, SECRET)

    async def hold() -> None:
        async with endpoint:
            up.set()
            await asyncio.sleep(60)

    holding = asyncio.create_task(hold())
    await up.wait()
    holding.cancel()
    with pytest.raises(asyncio.CancelledError):
        await holding
    with pytest.raises(httpx.ConnectError):
        await client.get(endpoint.local_url)


async def test_signals_are_left_to_the_program() -> None:
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with Endpoint(TOKEN, SECRET):
        now = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    assert now == before


def test_a_program_of_its_own_prints_nothing_at_all() -> None:
    code = (
        "import asyncio\n"
        "from tests.webhook.meta import SECRET, TOKEN, raw, request\n"
        "from wizard.webhook.endpoint import Endpoint\n"
        "async def main():\n"
        "    async with Endpoint(TOKEN, SECRET) as endpoint:\n"
        "        await raw(endpoint, b'garbage\\r\\n\\r\\n')\n"
        "        await raw(endpoint, request('GET /webhook?a HTTP/1.0', 'Upgrade: x',"
        " 'Connection: upgrade'))\n"
        "asyncio.run(main())\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="it counts no files")
def test_a_hail_of_connections_takes_no_more_files_than_there_are() -> None:
    code = (
        "import asyncio, resource, socket\n"
        "from tests.webhook.meta import SECRET, TOKEN, raw, request\n"
        "from wizard.webhook.endpoint import Endpoint\n"
        "_, hard = resource.getrlimit(resource.RLIMIT_NOFILE)\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))\n"
        "async def main():\n"
        "    async with Endpoint(TOKEN, SECRET) as endpoint:\n"
        "        kept = [await asyncio.open_connection('127.0.0.1', endpoint.port)"
        " for _ in range(350)]\n"
        "        for _ in range(400):\n"
        "            socket.create_connection(('127.0.0.1', endpoint.port)).close()\n"
        "        print((await raw(endpoint, request('GET / HTTP/1.0')))[:12].decode())\n"
        "asyncio.run(main())\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "HTTP/1.1 404\n", "")


def test_neither_token_nor_secret_shows_in_what_is_told_or_printed() -> None:
    shown = repr(vars(Endpoint(TOKEN, SECRET)))
    assert TOKEN.reveal() not in shown
    assert SECRET.reveal() not in shown
