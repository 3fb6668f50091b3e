"""Meta calls a callback before it takes it, and says what it met."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.loopback import Answer, Request
from tests.simulator.calls_out.callbacks import VERIFY_TOKEN, calling, page, sound
from tests.simulator.conftest import Graph, error
from tests.tables import each_line
from wizard.simulator.calls_out.client import AGENT

pytestmark = pytest.mark.asyncio(loop_scope="session")

SELF_SIGNED = Path(__file__).parents[2] / "graph" / "self-signed.pem"
BEHIND_THE_PROXY = "; HTTP Status Code = 200; HTTP Message = Connection established"


async def refusal(graph: Graph, url: str) -> dict[str, Any]:
    """Meta's error for this callback, which it then does not take."""
    params = {
        "object": "whatsapp_business_account",
        "callback_url": url,
        "verify_token": VERIFY_TOKEN,
        "fields": "messages",
    }
    app = graph.meta.app
    answer = await graph.send("POST", f"/v25.0/{app.id}/subscriptions", params, app.token)
    assert answer.status_code == 400, answer.text
    assert app.subscriptions == []
    return error(answer)


async def trouble(graph: Graph, url: str) -> str:
    """What #2200 says went wrong."""
    found = await refusal(graph, url)
    said = str(found.pop("message"))
    assert found == {"type": "OAuthException", "code": 2200}
    opening = "(#2200) Callback verification failed with the following errors: "
    assert said.startswith(opening)
    return said.removeprefix(opening)


async def received(graph: Graph, *answers: Answer) -> str:
    """What #2201 says came in place of the challenge."""
    async with calling(*answers) as server:
        found = await refusal(graph, f"{server.url}/webhook")
        challenge = server.requests[0].query["hub.challenge"]
    said = str(found.pop("message"))
    assert found == {"type": "OAuthException", "code": 2201}
    opening = f'(#2201) response does not match challenge, expected value="{challenge}", received="'
    assert said.startswith(opening)
    assert said.endswith('"')
    return said.removeprefix(opening)[:-1]


async def test_the_call_is_metas(graph: Graph) -> None:
    async with calling(sound) as server:
        await graph.meta.client.verify(f"{server.url}/webhook?own=1", VERIFY_TOKEN)
    (request,) = server.requests
    assert request.line.startswith("GET /webhook?")
    assert set(request.query) == {"own", "hub.mode", "hub.challenge", "hub.verify_token"}
    assert (request.query["own"], request.query["hub.mode"]) == ("1", "subscribe")
    assert request.query["hub.challenge"].isdigit()
    assert request.headers["user-agent"] == AGENT
    assert request.headers["accept"] == "*/*"


async def test_each_challenge_is_a_new_one(graph: Graph) -> None:
    async with calling(sound) as server:
        for _ in range(3):
            await graph.meta.client.verify(server.url, VERIFY_TOKEN)
    assert len({request.query["hub.challenge"] for request in server.requests}) == 3


async def test_a_cookie_is_not_kept(graph: Graph) -> None:
    async with calling(page("", "403 Forbidden", "set-cookie: a=b; path=/")) as server:
        for _ in range(2):
            await trouble(graph, server.url)
    assert ["cookie" in request.headers for request in server.requests] == [False, False]


async def test_signs_in_the_verify_token_arrive_as_they_are(graph: Graph) -> None:
    async with calling(lambda request: page(request.query["hub.challenge"])) as server:
        await graph.meta.client.verify(server.url, "q83+/= &%?")
    assert server.requests[0].query["hub.verify_token"] == "q83+/= &%?"


async def test_a_plus_in_the_path_is_sent_as_a_blank(graph: Graph) -> None:
    async with calling(sound) as server:
        await graph.meta.client.verify(f"{server.url}/hook+62812?to=a+b", VERIFY_TOKEN)
    assert server.requests[0].path == "/hook%2062812"


@each_line(
    ("status", "headers"),
    [
        ("201 Created", []),
        ("301 Moved Permanently", ["location: /elsewhere"]),
        ("302 Found", ["location: /elsewhere"]),
        ("308 Permanent Redirect", ["location: /elsewhere"]),
        ("401 Unauthorized", []),
        ("403 Forbidden", []),
        ("404 Not Found", []),
        ("405 Method Not Allowed", []),
        ("500 INTERNAL SERVER ERROR", []),
        ("502 Bad Gateway", []),
    ],
)
async def test_a_status_other_than_200_is_named(
    graph: Graph, status: str, headers: list[str]
) -> None:
    async with calling(page("no", status, *headers)) as server:
        said = await trouble(graph, f"{server.url}/webhook")
    number, _, reason = status.partition(" ")
    assert said == f"HTTP Status Code = {number}; HTTP Message = {reason}"
    assert len(server.requests) == 1


async def test_the_wrong_token_is_the_callbacks_own_refusal(graph: Graph) -> None:
    async with calling(sound) as server:
        params = {"override_callback_uri": server.url, "verify_token": VERIFY_TOKEN.upper()}
        path = f"/v25.0/{graph.meta.waba.id}/subscribed_apps"
        found = error(await graph.send("POST", path, params))
    assert found["code"] == 2200
    assert found["message"].endswith("HTTP Status Code = 403; HTTP Message = Forbidden")


def quoted(request: Request) -> bytes:
    return page(f'"{request.query["hub.challenge"]}"')


def doubled(request: Request) -> bytes:
    return page(request.query["hub.challenge"].zfill(15) * 2)


@each_line(
    ("answer", "said"),
    [
        (page(), r""),
        (page("OK"), r"OK"),
        (page("Error, wrong token"), r"Error, wrong token"),
        (quoted, r'\\"\d+\\"'),
        (doubled, r"\d{20}\.\.\."),
        (lambda request: page(request.query["hub.challenge"] + "\n"), r"\d+\\n"),
        (page("<!DOCTYPE html>\n<html></html>"), r"\\u003C!DOCTYPE html>\\n\\u003Chtm\.\.\."),
        (page('{"version":{"major":1}}'), r'{\\"version\\":{\\"major\\":\.\.\.'),
    ],
)
async def test_another_body_than_the_challenge_is_repeated(
    graph: Graph, answer: Answer, said: str
) -> None:
    assert re.fullmatch(said, await received(graph, answer))


async def test_a_closed_port_refuses_the_connection(graph: Graph) -> None:
    async with calling(b"") as server:
        pass
    assert await trouble(graph, server.url) == (
        "curl_errno = 7; curl_error = Failed to connect to 127.0.0.1 port"
        f" {server.port}: Connection refused"
    )


async def test_a_name_without_an_address_is_not_resolved(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    said = await trouble(graph, "https://callback.invalid/webhook")
    assert said == "curl_errno = 6; curl_error = Could not resolve host: callback.invalid"


async def never(_request: Request) -> AsyncIterator[bytes]:
    """Begins an answer, and does not end it."""
    yield b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n1234"
    await asyncio.Event().wait()


async def test_an_answer_that_does_not_end_meets_metas_patience(graph: Graph) -> None:
    graph.meta.patience = 0.5
    async with calling(never) as server:
        said = await trouble(graph, server.url)
    assert re.fullmatch(
        r"curl_errno = 28; curl_error = Operation timed out after 500 milliseconds with [04] bytes"
        rf" received{BEHIND_THE_PROXY}",
        said,
    )


@pytest.mark.parametrize(("answer", "number"), [(b"", 52), (b"SSH-2.0-OpenSSH_9.6\r\n", 52)])
async def test_what_speaks_no_http_gives_no_reply(graph: Graph, answer: bytes, number: int) -> None:
    async with calling(answer) as server:
        assert (await trouble(graph, server.url)).startswith(f"curl_errno = {number}; ")


async def test_this_machine_meant_as_a_place_on_the_internet_is_not_called(graph: Graph) -> None:
    for url in ("https://localhost/webhook", "https://127.0.0.1/webhook"):
        assert await trouble(graph, url) == (
            "curl_errno = 56; curl_error = Received HTTP code 403 from proxy after CONNECT"
        )


async def test_a_compression_that_is_none_is_told_apart(graph: Graph) -> None:
    async with calling(page("plain", "200 OK", "content-encoding: gzip")) as server:
        assert (await trouble(graph, server.url)).startswith("curl_errno = 61; ")


async def test_a_certificate_of_ones_own_is_not_trusted(graph: Graph) -> None:
    async with calling(sound, tls=self_signed()) as server:
        said = await trouble(graph, f"https://localhost:{server.port}/webhook")
    assert said.startswith("curl_errno = 60; curl_error = SSL certificate problem: ")
    assert said.endswith(BEHIND_THE_PROXY)
    assert server.requests == []


async def test_a_certificate_for_another_name_is_told_apart(
    graph: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(SELF_SIGNED))
    async with calling(sound, tls=self_signed()) as server:
        said = await trouble(graph, f"https://localhost:{server.port}/webhook")
    assert said == (
        "curl_errno = 51; curl_error = SSL: no alternative certificate subject name matches target"
        f" host name 'localhost'{BEHIND_THE_PROXY}"
    )


async def test_no_tls_where_it_should_be_is_told_apart(graph: Graph) -> None:
    async with await asyncio.start_server(bad_request, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        said = await trouble(graph, f"https://127.0.0.1:{port}/webhook")
    assert said == (
        "curl_errno = 35; curl_error = Unknown SSL protocol error in connection to"
        f" 127.0.0.1:{port} {BEHIND_THE_PROXY}"
    )


async def bad_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What a server for plain HTTP says to a TLS greeting."""
    await reader.read(100)
    writer.write(page("", "400 Bad Request"))
    with contextlib.suppress(ConnectionError):
        await reader.read()
    writer.close()


def self_signed() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    return context


@each_line(
    ("url", "said"),
    [
        ("http://203.0.113.7/webhook", "must be a secure (https) URL"),
        ("http://callback.example/webhook", "must be a secure (https) URL"),
        ("ftp://127.0.0.1/webhook", "must be a valid URL"),
        ("callback.example/webhook", "must be a valid URL"),
        ("https:///webhook", "must be a valid URL"),
        ("https://[half/webhook", "must be a valid URL"),
    ],
)
async def test_what_meta_never_calls_is_refused_at_once(graph: Graph, url: str, said: str) -> None:
    assert await refusal(graph, url) == {
        "message": f"(#100) Param callback_url {said}.",
        "type": "OAuthException",
        "code": 100,
    }


async def test_an_event_is_delivered_byte_for_byte(graph: Graph) -> None:
    async with calling(page("", "202 Accepted")) as server:
        status = await graph.meta.client.deliver(
            f"{server.url}/webhook", b'{"a":"\\u00e4"}', {"x-hub-signature-256": "sha256=00"}
        )
    assert status == 202
    assert server.requests[0].line.startswith("POST /webhook ")
    assert server.requests[0].headers["x-hub-signature-256"] == "sha256=00"
    assert server.requests[0].headers["content-length"] == "14"


async def test_a_delivery_that_nobody_takes_has_no_status(graph: Graph) -> None:
    async with calling(b"") as server:
        assert await graph.meta.client.deliver(server.url, b"{}", {}) is None
    assert await graph.meta.client.deliver(server.url, b"{}", {}) is None


async def test_a_call_leaves_no_connection_open(graph: Graph) -> None:
    left = asyncio.Event()

    async def keep(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(page("", "404 Not Found"))
        await reader.read()
        left.set()
        writer.close()

    async with await asyncio.start_server(keep, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        await trouble(graph, f"http://127.0.0.1:{port}/webhook")
        await asyncio.wait_for(left.wait(), 5)


async def test_a_caller_that_was_closed_calls_again(graph: Graph) -> None:
    async with calling(sound) as server:
        await graph.meta.client.verify(server.url, VERIFY_TOKEN)
        await graph.meta.close()
        await graph.meta.client.verify(server.url, VERIFY_TOKEN)
    assert len(server.requests) == 2
