"""The pretend tunnel: what goes through it comes out as it went in."""

from __future__ import annotations

import asyncio
import gzip
from contextlib import suppress

import httpx
import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tests.loopback import Server, http_client
from tests.simulator.calls_out.callbacks import as_app, asked, calling, done, page
from tests.simulator.calls_out.deliveries import TAKEN, quick
from tests.simulator.conftest import Graph
from tests.tables import each_line
from wizard.simulator.calls_out.tunnel import serve_tunnel
from wizard.simulator.serve import serve
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Delivery, Handshake, Received
from wizard.webhook.signature import sign

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECRET = Secret("0123456789abcdef0123456789abcdef")
TOKEN = Secret("correct0horse1battery2staple3")


async def raw(base: str, *lines: str, body: bytes = b"") -> bytes:
    """All that comes back for these lines on a connection of their own."""
    url = httpx.URL(base)
    async with asyncio.timeout(10):
        reader, writer = await asyncio.open_connection(url.host, url.port)
        try:
            head = "\r\n".join(
                [*lines, f"Content-Length: {len(body)}", "Connection: close", "", ""]
            )
            writer.write(head.encode("latin-1") + body)
            return await reader.read()
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def told(endpoint: Endpoint) -> Received:
    async with asyncio.timeout(5):
        return await anext(endpoint.received)


@each_line(
    "target",
    ["/", "/webhook", "/a%2Fb/%7Euser/c+d//e", "/x?", "/x?a=1&a=%20+%e9&b", "/../x?hub.mode=y"],
)
async def test_a_path_goes_through_byte_for_byte(target: str) -> None:
    async with calling(TAKEN) as server, serve_tunnel(server.port) as base:
        answer = await raw(base, f"GET {target} HTTP/1.1", "Host: tunnel.example")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert server.requests[0].target == target.removesuffix("?")


@each_line("method", ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "BREW"])
async def test_any_method_goes_through_with_its_body(method: str) -> None:
    body = bytes(range(256)) * 300
    async with calling(TAKEN) as server, serve_tunnel(server.port) as base:
        await raw(base, f"{method} /x HTTP/1.1", "Host: tunnel.example", body=body)
    assert (server.requests[0].method, server.requests[0].body) == (method, body)


async def test_headers_for_the_other_end_go_through_and_the_others_stay() -> None:
    seen: list[tuple[bytes, bytes]] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.extend(scope["headers"])
        await Response()(scope, receive, send)

    lines = (
        "POST /webhook HTTP/1.1",
        "Host: tunnel.example",
        "X-Hub-Signature-256: sha256=00ff",
        "User-Agent: facebookexternalua",
        "Accept-Encoding: deflate, gzip",
        "X-Twice: one",
        "X-Twice: two",
        "Keep-Alive: timeout=5",
        "Proxy-Authorization: Basic eDp5",
        "TE: trailers",
        "X-Forwarded-For: 1.2.3.4",
    )
    async with serve(app) as behind, serve_tunnel(httpx.URL(behind).port or 0) as base:
        await raw(base, *lines, body=b"{}")
    assert sorted(pair for pair in seen if pair[0] != b"connection") == [
        (b"accept-encoding", b"deflate, gzip"),
        (b"content-length", b"2"),
        (b"host", b"tunnel.example"),
        (b"user-agent", b"facebookexternalua"),
        (b"x-forwarded-for", b"127.0.0.1"),
        (b"x-forwarded-host", b"tunnel.example"),
        (b"x-forwarded-proto", b"http"),
        (b"x-hub-signature-256", b"sha256=00ff"),
        (b"x-twice", b"one"),
        (b"x-twice", b"two"),
    ]


async def test_an_answer_comes_back_as_it_was() -> None:
    packed = gzip.compress(b"halo" * 100)
    lines = (
        b"HTTP/1.1 418 Teapot",
        b"Content-Encoding: gzip",
        b"Content-Length: %d" % len(packed),
        b"Set-Cookie: a=1",
        b"Set-Cookie: b=2",
        b"Keep-Alive: timeout=5",
        b"Connection: X-Private",
        b"X-Private: mine",
        b"Date: Thu, 01 Jan 1970 00:00:00 GMT",
    )
    async with (
        calling(b"\r\n".join([*lines, b"", packed])) as server,
        serve_tunnel(server.port) as base,
    ):
        answer = await raw(base, "GET / HTTP/1.1", "Host: tunnel.example")
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *headers = head.lower().split(b"\r\n")
    assert first.startswith(b"http/1.1 418 ")
    assert body == packed
    names = sorted(line.partition(b":")[0] for line in headers)
    kept = [b"content-encoding", b"content-length", b"date", b"set-cookie", b"set-cookie"]
    assert names == sorted([b"connection", *kept])


async def test_a_redirect_is_passed_on_not_followed() -> None:
    moved = page("", "302 Found", "location: /elsewhere")
    async with calling(moved) as server, serve_tunnel(server.port) as base:
        answer = await raw(base, "GET / HTTP/1.1", "Host: tunnel.example")
    assert answer.startswith(b"HTTP/1.1 302 ")
    assert len(server.requests) == 1


async def test_with_nobody_behind_it_says_so_as_ngrok_does() -> None:
    async with calling(TAKEN) as gone:
        pass
    async with serve_tunnel(gone.port) as base, http_client() as client:
        answer = await client.post(f"{base}/webhook", content=b"{}")
    assert answer.status_code == 502
    assert answer.headers["ngrok-error-code"] == "ERR_NGROK_8012"
    assert answer.headers["content-type"].startswith("text/html")
    assert f"127.0.0.1:{gone.port}" in answer.text


@each_line("said", [b"", b"SSH-2.0-OpenSSH_9.6\r\n", page("cut")[:-1]])
async def test_an_answer_that_is_none_is_told_apart(said: bytes) -> None:
    async with (
        calling(said) as server,
        serve_tunnel(server.port) as base,
        http_client() as client,
    ):
        answer = await client.get(base)
    assert answer.status_code == 502
    assert answer.headers["ngrok-error-code"] == "ERR_NGROK_3004"


async def test_a_server_may_come_and_go_behind_it() -> None:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        port = endpoint.port
    async with serve_tunnel(port) as base, http_client() as client:
        url = (
            f"{base}/webhook?hub.mode=subscribe&hub.challenge=12&hub.verify_token={TOKEN.reveal()}"
        )
        assert (await client.get(url)).status_code == 502
        async with Endpoint(TOKEN, SECRET, port=port):
            assert (await client.get(url)).text == "12"
        assert (await client.get(url)).status_code == 502


async def test_a_body_that_is_too_large_is_refused_through_it_and_the_next_is_taken() -> None:
    async with (
        Endpoint(TOKEN, SECRET) as endpoint,
        serve_tunnel(endpoint.port) as base,
        http_client(timeout=10) as client,
    ):
        large = await client.post(f"{base}/webhook", content=b"x" * 4 * 1024 * 1024)
        assert large.status_code == 413
        body = b'{"object":"whatsapp_business_account","entry":[]}'
        headers = {"x-hub-signature-256": sign(SECRET, body), "content-type": "application/json"}
        answer = await client.post(f"{base}/webhook", content=body, headers=headers)
        assert answer.status_code == 200


async def test_meta_verifies_and_delivers_through_it(graph: Graph) -> None:
    meta = graph.meta
    async with (
        Endpoint(TOKEN, meta.app.secret) as endpoint,
        serve_tunnel(endpoint.port) as base,
        quick(graph) as dispatcher,
    ):
        sent = asked(Server(()), callback_url=f"{base}/webhook", verify_token=TOKEN.reveal())
        await done(await as_app(graph, "POST", **sent))
        handshake = await told(endpoint)
        dispatcher.inbound_text("halo 🌶 a/b")
        await dispatcher.idle()
        delivery = await told(endpoint)
    assert isinstance(handshake, Handshake)
    assert handshake.ok
    assert handshake.user_agent.startswith("facebookplatform/")
    assert isinstance(delivery, Delivery)
    assert delivery.signature == "valid"
