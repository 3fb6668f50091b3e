"""A crowd that says nothing keeps nobody out."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, suppress

import pytest

from wizard.support.loopback import HOST
from wizard.values.credentials import Secret
from wizard.webhook import server
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.probe import handshake

TOKEN = Secret("a-verify-token")
MOST_CONNECTIONS = 100


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ends are in this process, which may have 1,024 files."""
    monkeypatch.setattr(server, "MOST_CONNECTIONS", MOST_CONNECTIONS)


async def test_the_oldest_idle_connection_goes_and_not_the_newest() -> None:
    async with Endpoint(TOKEN) as endpoint, AsyncExitStack() as stack:
        readers = []
        for _ in range(MOST_CONNECTIONS + 20):
            reader, writer = await asyncio.open_connection(HOST, endpoint.port)
            stack.callback(writer.close)
            readers.append(reader)
        answer = await handshake(endpoint.local_url, TOKEN, limit=2)
        assert answer.echoes_challenge
        gone = [reader.at_eof() or reader.exception() is not None for reader in readers]
    assert all(gone[:20])
    assert not any(gone[30:])


@pytest.mark.skipif(sys.platform == "win32", reason="it counts no files")
async def test_there_are_no_more_than_the_system_has_files_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _limit: (256, 256))
    monkeypatch.setattr("resource.setrlimit", lambda _limit, _wanted: None)
    async with Endpoint(TOKEN) as endpoint, AsyncExitStack() as stack:
        readers = []
        for _ in range(80):
            reader, writer = await asyncio.open_connection(HOST, endpoint.port)
            stack.callback(writer.close)
            readers.append(reader)
        assert (await handshake(endpoint.local_url, TOKEN, limit=2)).echoes_challenge
        gone = [reader.at_eof() or reader.exception() is not None for reader in readers]
    assert all(gone[:16])
    assert not any(gone[20:])


async def test_one_that_is_served_is_never_the_one_that_goes() -> None:
    async with Endpoint(TOKEN) as endpoint, AsyncExitStack() as stack:
        reader, writer = await asyncio.open_connection(HOST, endpoint.port)
        stack.callback(writer.close)
        head = f"POST {endpoint.path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 2\r\n\r\n"
        writer.write(head.encode())
        await asyncio.sleep(0.02)
        for _ in range(MOST_CONNECTIONS + 20):
            _, other = await asyncio.open_connection(HOST, endpoint.port)
            stack.callback(other.close)
        writer.write(b"{}")
        assert (await asyncio.wait_for(reader.readline(), 2)).startswith(b"HTTP/1.1 ")


PIPELINED = f"GET /webhook HTTP/1.1\r\nHost: {HOST}\r\n\r\n"


@pytest.mark.parametrize(
    "sent",
    [
        f"POST /webhook HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 2000\r\n\r\n{{",
        f"POST /webhook HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{{\r\n",
        PIPELINED * 40,
    ],
    ids=["slow", "slow, in chunks", "many requests at once"],
)
async def test_a_crowd_of_busy_ones_keeps_nobody_out_either(sent: str) -> None:
    async with Endpoint(TOKEN) as endpoint, AsyncExitStack() as stack:
        for _ in range(MOST_CONNECTIONS + 20):
            _, writer = await asyncio.open_connection(HOST, endpoint.port)
            stack.callback(writer.close)
            writer.write(sent.encode())
        await asyncio.sleep(0.05)
        for _ in range(3):
            answer = await handshake(endpoint.local_url, TOKEN, limit=8)
            assert answer.echoes_challenge


async def test_each_head_has_its_whole_time_and_no_more() -> None:
    request = f"GET /webhook HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    async with Endpoint(TOKEN, timeout=0.2) as endpoint, AsyncExitStack() as stack:
        reader, writer = await asyncio.open_connection(HOST, endpoint.port)
        stack.callback(writer.close)
        for _ in range(2):  # the second one comes later than the first might have
            await asyncio.sleep(0.12)
            writer.write(request)
            assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 403 ")
        answered = asyncio.get_running_loop().time()
        writer.write(request[:5])
        with suppress(ConnectionResetError):
            await asyncio.wait_for(reader.read(), 2)
        assert asyncio.get_running_loop().time() - answered > 0.18
