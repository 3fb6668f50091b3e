"""Playing Meta's part: what comes back, and why nothing does."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from wizard.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.inbox import Handshake
from wizard.webhook.probe import Failure, ProbeError, shake_hands

TOKEN = Secret("aVerifyToken0123456789")


@asynccontextmanager
async def server(answer: bytes | None, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Answers every connection with these bytes, or never; gives the port."""
    held = asyncio.Event()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if answer is None:
            await held.wait()
        else:
            writer.write(answer)
        writer.close()

    listening = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    async with listening:
        yield listening.sockets[0].getsockname()[1]
        held.set()


async def failure(url: str, limit: float = 5.0) -> ProbeError:
    with pytest.raises(ProbeError) as caught:
        await shake_hands(url, TOKEN, limit=limit)
    assert TOKEN.reveal() not in f"{caught.value} {caught.value.detail}"
    return caught.value


async def test_our_endpoint_knows_that_it_is_us_by_the_marker() -> None:
    async with Endpoint(TOKEN) as endpoint:
        answer = await shake_hands(endpoint.local_url, TOKEN, marker=endpoint.marker)
        handshake = await anext(aiter(endpoint.received))
    assert answer.body == answer.challenge.encode()
    assert isinstance(handshake, Handshake)
    assert (handshake.ok, handshake.own) == (True, True)


async def test_a_redirect_is_told_and_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    async with server(moved) as port:
        answer = await shake_hands(f"http://127.0.0.1:{port}/webhook", TOKEN)
    assert (answer.status, answer.headers["location"]) == (302, "/elsewhere")


async def test_nobody_at_the_port_is_a_refused_connection() -> None:
    async with server(b"") as port:
        pass
    assert (await failure(f"http://127.0.0.1:{port}/")).failure is Failure.CONNECT


async def test_a_name_without_an_address_is_dns() -> None:
    assert (await failure("http://nobody.invalid/webhook")).failure is Failure.DNS


async def test_an_answer_that_does_not_come_is_a_timeout() -> None:
    async with server(None) as port:
        assert (await failure(f"http://127.0.0.1:{port}/", 0.2)).failure is Failure.TIMEOUT


async def test_a_certificate_of_ones_own_is_not_trusted() -> None:
    pem = Path(__file__).parents[1] / "graph" / "self-signed.pem"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    async with server(b"HTTP/1.1 200 OK\r\n\r\n", context) as port:
        said = await failure(f"https://localhost:{port}/")
    assert said.failure is Failure.TLS_UNTRUSTED
