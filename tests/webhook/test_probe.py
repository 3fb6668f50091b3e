"""Playing Meta's part: what comes back, and why nothing does."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.tables import each_line
from wizard.values.credentials import MASK, Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Delivery, Handshake
from wizard.webhook.probe import Failure, ProbeError, as_meta_asks, deliver, handshake
from wizard.webhook.sample import SAMPLE, signatures

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
        await handshake(url, TOKEN, limit=limit)
    assert TOKEN.reveal() not in f"{caught.value} {caught.value.detail}"
    return caught.value


async def test_our_endpoint_knows_that_it_is_us_by_the_marker() -> None:
    async with Endpoint(TOKEN) as endpoint:
        answer = await handshake(endpoint.local_url, TOKEN, marker=endpoint.marker)
        told = await anext(aiter(endpoint.received))
    assert answer.body == answer.challenge.encode()
    assert isinstance(told, Handshake)
    assert (told.ok, told.own) == (True, True)


async def test_a_redirect_is_told_and_not_followed() -> None:
    moved = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    async with server(moved) as port:
        answer = await handshake(f"http://127.0.0.1:{port}/webhook", TOKEN)
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
    assert "self-signed" in said.detail


async def test_a_name_that_is_known_inside_alone_is_a_private_address() -> None:
    said = await failure("https://127.1/webhook")
    assert said.failure is Failure.PRIVATE_ADDRESS
    assert "127.0.0.1" in said.detail


async def test_a_proxy_that_is_not_there_is_no_fault_of_the_callback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with server(b"") as port:
        pass
    monkeypatch.delenv("https_proxy", raising=False)
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    assert (await failure("https://example.com/webhook")).failure is Failure.HINDERED


async def test_a_proxy_that_turns_us_away_is_no_fault_of_the_callback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with server(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n") as port:
        monkeypatch.delenv("https_proxy", raising=False)
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
        said = await failure("https://example.com/webhook")
    assert said.failure is Failure.HINDERED
    assert "403" in said.detail


async def test_no_proxy_stands_before_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    async with Endpoint(TOKEN) as endpoint:
        assert (await handshake(endpoint.local_url, TOKEN)).echoes_challenge


async def test_root_certificates_that_are_not_there_are_no_fault_of_the_callback(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "none.pem"))
    assert (await failure("https://127.0.0.1:1/")).failure is Failure.HINDERED


@each_line(
    ("url", "asked"),
    [
        ("https://a.example/hook", "https://a.example/hook?hub.mode=subscribe"),
        ("https://a.example/hook?shop=1", "https://a.example/hook?shop=1&hub.mode=subscribe"),
        ("https://a.example/a+b?c+d", "https://a.example/a%20b?c+d&hub.mode=subscribe"),
        ("https://a.example/a%2Bb", "https://a.example/a%2Bb?hub.mode=subscribe"),
        ("https://a.example/hook#top", "https://a.example/hook?hub.mode=subscribe"),
    ],
)
def test_meta_adds_its_parameters_and_makes_a_space_of_a_plus(url: str, asked: str) -> None:
    assert as_meta_asks(url, "hub.mode=subscribe") == asked


async def test_what_a_server_repeats_is_shown_without_the_token() -> None:
    said = f"HTTP/1.1 200 OK\r\nX-Said: {TOKEN.reveal()}\r\n\r\nyou sent {TOKEN.reveal()[:-3]}"
    async with server(said.encode()) as port:
        answer = await handshake(f"http://127.0.0.1:{port}/", TOKEN)
    assert answer.text == f"you sent {MASK}"
    assert answer.header("X-Said") == MASK
    assert TOKEN.reveal()[:8] not in repr(answer)


async def test_a_delivery_bears_the_headers_of_meta() -> None:
    secret = Secret("0123456789abcdef0123456789abcdef")
    async with Endpoint(TOKEN, secret) as endpoint:
        answer = await deliver(endpoint.local_url, SAMPLE, signatures(secret, SAMPLE))
        unsigned = await deliver(endpoint.local_url, SAMPLE)
        delivery = await anext(aiter(endpoint.received))
    assert (answer.status, unsigned.status) == (200, 401)
    assert isinstance(delivery, Delivery)
    assert delivery.events[0].is_sample
    assert dict(delivery.headers)["user-agent"] == "facebookexternalua"
    assert dict(delivery.headers)["x-hub-signature"].startswith("sha1=")


async def test_our_endpoint_answers_a_trial_delivery_and_tells_nobody_of_it() -> None:
    secret = Secret("0123456789abcdef0123456789abcdef")
    async with Endpoint(TOKEN, secret) as endpoint:
        for signed, status in ((signatures(secret, SAMPLE), 200), (None, 401)):
            answer = await deliver(endpoint.local_url, SAMPLE, signed, marker=endpoint.marker)
            assert answer.status == status
        assert len(endpoint.received) == 0
        await deliver(endpoint.local_url, SAMPLE, signatures(secret, SAMPLE))
        assert isinstance(await anext(aiter(endpoint.received)), Delivery)
