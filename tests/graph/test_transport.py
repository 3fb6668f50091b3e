"""What may stand between a question and Graph, each told for what it is."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.graph.conftest import APP_ID, TOKEN, Connect, refusal, reply
from tests.loopback import Answer, Request, Serve
from tests.tables import each_line
from wizard.graph import Graph, GraphError, Reason

MINE = reply({"id": APP_ID, "name": "Demo App"})
HTML = b"<!DOCTYPE html><html><body>Please log in</body></html>"
OUTSIDE = "https://graph.invalid"
NOBODY = "nobody..invalid"
"""A name with a gap in it: turned down on the spot, with no question to any network."""
SELF_SIGNED = Path(__file__).parent / "self-signed.pem"


async def trouble(graph: Graph) -> GraphError:
    with pytest.raises(GraphError) as caught:
        await graph.own_app(TOKEN)
    return caught.value


@pytest.fixture
def closed_port() -> Iterator[int]:
    """A port that is taken and where nobody listens, so that every connection is refused."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


def redirect(to: str) -> bytes:
    return reply(b"", 302, location=to)


def cut_short(body: bytes, promised: int) -> bytes:
    return reply(body, content_length=str(promised))


async def hang(_request: Request) -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def drip(_request: Request) -> AsyncIterator[bytes]:
    for byte in MINE:
        yield bytes([byte])
        await asyncio.sleep(0.02)


async def say_nothing(_request: Request) -> AsyncIterator[bytes]:
    for _ in ():
        yield b""


async def pour(_request: Request) -> AsyncIterator[bytes]:
    yield reply(b"", content_length=str(2**40))
    while True:
        yield b" " * 2**20


@each_line(
    ("answer", "reason", "said"),
    [
        (
            reply(HTML, content_type="text/html; charset=utf-8"),
            Reason.NOT_JSON,
            "begins '<!DOCTYPE",
        ),
        (reply({"message": "Not Found"}, 404), Reason.NOT_JSON, "HTTP 404, application/json"),
        (reply([{"id": APP_ID}]), Reason.NOT_JSON, "HTTP 200"),
        (reply(b'"Graph"'), Reason.NOT_JSON, "HTTP 200"),
        (reply(b'{"id": "1111'), Reason.NOT_JSON, "HTTP 200"),
        (reply(b""), Reason.NOT_JSON, "HTTP 200"),
        (reply(b"", 204), Reason.NOT_JSON, "HTTP 204"),
        (reply(b"[" * 200_000), Reason.NOT_JSON, "HTTP 200"),
        (reply(b'{"data":' + b"[" * 700 + b"]" * 700 + b"}"), Reason.NOT_JSON, "HTTP 200"),
        (reply(b'{"id":' + b'{"a":' * 120 + b"1" + b"}" * 121), Reason.NOT_JSON, "HTTP 200"),
        (reply(b'{"id": ' + b"9" * 5000 + b"}"), Reason.NOT_JSON, "HTTP 200"),
        (reply(b"\xff\xfe\x00"), Reason.NOT_JSON, "HTTP 200"),
        (
            cut_short(MINE.partition(b"\r\n\r\n")[2], 1000),
            Reason.NOT_JSON,
            "broke off before its end",
        ),
        (reply(b"no gzip", content_encoding="gzip"), Reason.NOT_JSON, "broke off before its end"),
        (pour, Reason.NOT_JSON, "larger"),
        (redirect("https://hotel.example/login?token=1"), Reason.NOT_JSON, "hotel.example/login"),
        (reply(HTML, 407, content_type="text/html"), Reason.PROXY, "HTTP 407, text/html"),
        (reply(HTML, 429, content_type="text/html"), Reason.RATE_LIMITED, "HTTP 429"),
        (reply(HTML, 511, content_type="text/html"), Reason.NOT_JSON, "HTTP 511"),
        (reply({"error": "Too many"}, 429), Reason.REFUSED, "Too many"),
        (reply({"error": None}, 400), Reason.REFUSED, "no message"),
        (reply({"error": ["odd"]}, 400), Reason.REFUSED, "odd"),
        (refusal(None, "no code"), Reason.REFUSED, "no code"),
        (refusal(190, "Malformed access token"), Reason.TOKEN_UNREADABLE, "Graph: 190"),
        (refusal(4, "Too many calls"), Reason.RATE_LIMITED, "Graph: 4"),
    ],
)
async def test_what_comes_back_is_told_for_what_it_is_and_not_asked_again(
    serve: Serve, connect: Connect, answer: Answer, reason: Reason, said: str
) -> None:
    server = await serve(answer)
    error = await trouble(connect(server.url))
    assert error.reason is reason
    assert said in error.evidence
    assert len(server.requests) == 1


@each_line(
    ("answer", "reason"),
    [
        (reply(HTML, 500, content_type="text/html"), Reason.SERVER_ERROR),
        (reply(b"", 502), Reason.SERVER_ERROR),
        (reply({"error": "down"}, 503), Reason.SERVER_ERROR),
        (refusal(2, "Service temporarily unavailable", 503), Reason.SERVER_ERROR),
        (refusal(1, "An unknown error occurred", 500), Reason.SERVER_ERROR),
        (say_nothing, Reason.CONNECT),
        (b"NONSENSE\r\n\r\n", Reason.CONNECT),
    ],
)
async def test_what_may_pass_is_tried_a_second_time_and_no_third(
    serve: Serve, connect: Connect, answer: Answer, reason: Reason
) -> None:
    server = await serve(answer)
    assert (await trouble(connect(server.url))).reason is reason
    assert len(server.requests) == 2


@pytest.mark.parametrize("first", [reply(HTML, 500), say_nothing])
async def test_a_second_try_that_works_is_all_that_is_seen(
    serve: Serve, connect: Connect, first: Answer
) -> None:
    server = await serve(first, MINE)
    assert await connect(server.url).own_app(TOKEN) == (APP_ID, "Demo App")
    assert len(server.requests) == 2


@pytest.mark.parametrize("answer", [hang, drip], ids=["silence", "a byte at a time"])
async def test_an_answer_that_takes_too_long_is_left(
    serve: Serve, connect: Connect, answer: Answer
) -> None:
    server = await serve(answer)
    begun = time.monotonic()
    error = await trouble(connect(server.url, limit=1.0))
    assert error.reason is Reason.TIMEOUT
    assert error.evidence == "No response within 1 seconds."
    assert time.monotonic() - begun < 5
    assert len(server.requests) == 1


async def test_after_a_question_that_took_too_long_the_next_one_is_asked(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(hang, MINE)
    graph = connect(server.url, limit=1.0)
    assert (await trouble(graph)).reason is Reason.TIMEOUT
    assert await graph.own_app(TOKEN) == (APP_ID, "Demo App")


async def test_a_graph_that_was_never_asked_closes(connect: Connect) -> None:
    await connect("http://127.0.0.1:9").close()


async def test_a_port_where_nobody_listens_is_named(connect: Connect, closed_port: int) -> None:
    error = await trouble(connect(f"http://127.0.0.1:{closed_port}"))
    assert error.reason is Reason.CONNECT
    assert f"127.0.0.1:{closed_port}" in error.evidence


async def test_a_host_that_nobody_knows_is_named(connect: Connect) -> None:
    error = await trouble(connect(f"https://{NOBODY}"))
    assert error.reason is Reason.DNS
    assert NOBODY in error.evidence


async def test_an_address_that_is_none_is_said_to_be_none(connect: Connect) -> None:
    addresses = (
        "",
        "nonsense",
        "localhost:8000",
        "ftp://graph.invalid",
        "http://",
        "http://[::1",
        "http://127.0.0.1:port",
        "http://127.0.0.1:99999",
        "https://xn--a--.invalid",
        "http://xn--a--.invalid",
    )
    errors = await asyncio.gather(*(trouble(connect(address)) for address in addresses))
    for address, error in zip(addresses, errors, strict=True):
        assert error.reason is Reason.CONNECT
        assert error.evidence == f"{address!r} is not an http or https URL."


async def test_a_secret_in_the_place_of_the_address_is_not_told(connect: Connect) -> None:
    error = await trouble(connect("9f86d081884c7d659a2feaa0c55ad015"))
    assert error.evidence == "What was set is not an http or https URL."


@each_line(
    "address",
    [
        "http://graph.invalid",
        "HTTP://graph.invalid:8000/base",
        "http://localhost.evil.invalid",
        "http://127.0.0.1.nip.invalid",
        "http://127.0.0.1@evil.invalid",
        "http://localhost:80@evil.invalid",
        "http://evil.invalid/@localhost",
        "http://evil.invalid#@localhost",
        "http://evil.invalid?@localhost",
        "http://192.0.2.1",
        "http://[2001:db8::1]",
        "http://0.0.0.0",
        "http://mylocalhost",
    ],
)
async def test_nothing_goes_unencrypted_to_another_machine(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    async def send(*_: object, **__: object) -> None:
        raise AssertionError("a request went out")

    monkeypatch.setattr("httpx.AsyncClient.send", send)
    error = await trouble(connect(address))
    assert error.reason is Reason.INSECURE


@each_line("scheme", ["ws", "WS", "wss", "ftp", "http+unix"])
async def test_nothing_goes_out_under_another_scheme(
    serve: Serve, connect: Connect, scheme: str
) -> None:
    server = await serve(MINE)
    error = await trouble(connect(server.url.replace("http://", f"{scheme}://me:hunter2@")))
    assert error.reason is Reason.CONNECT
    assert error.evidence.endswith("is not an http or https URL.")
    assert "hunter2" not in error.evidence
    assert server.requests == []


@each_line(
    "address", ["http://127.0.0.1:{}", "HTTP://LocalHost:{}", "http://u:p@127.0.0.1:{}/base"]
)
async def test_plain_http_to_this_machine_is_allowed(
    serve: Serve, connect: Connect, address: str
) -> None:
    server = await serve(MINE)
    port = server.url.rpartition(":")[2]
    assert await connect(address.format(port)).own_app(TOKEN) == (APP_ID, "Demo App")


@each_line("password", ["hunter2", "an@hunter2", "@@hunter2"])
async def test_a_password_in_the_address_is_not_told(
    connect: Connect, closed_port: int, password: str
) -> None:
    error = await trouble(connect(f"http://me:{password}@127.0.0.1:{closed_port}"))
    assert "hunter2" not in error.evidence


async def test_a_certificate_that_nobody_vouches_for_is_refused(
    serve: Serve, connect: Connect
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    server = await serve(MINE, tls=context)
    error = await trouble(connect(server.url))
    assert error.reason is Reason.TLS
    assert "self" in error.evidence
    assert server.requests == []


async def test_a_certificate_that_the_environment_vouches_for_is_taken(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(SELF_SIGNED))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(SELF_SIGNED)
    server = await serve(MINE, tls=context)
    assert await connect(server.url).own_app(TOKEN) == (APP_ID, "Demo App")


async def test_a_server_that_speaks_no_tls_is_no_server_for_https(connect: Connect) -> None:
    def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(MINE)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        error = await trouble(connect(f"https://127.0.0.1:{port}"))
    assert error.reason is Reason.TLS


@pytest.mark.parametrize("content", [None, "no certificate"])
async def test_a_certificate_file_that_can_not_be_used_is_blamed(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: str | None
) -> None:
    file = tmp_path / "roots.pem"
    if content is not None:
        file.write_text(content)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    error = await trouble(connect(OUTSIDE))
    assert error.reason is Reason.TLS
    assert error.evidence.startswith("SSL_CERT_FILE can't be used")


async def test_plain_http_needs_no_certificates(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere/roots.pem")
    server = await serve(MINE)
    assert await connect(server.url).own_app(TOKEN) == (APP_ID, "Demo App")


@each_line("host", ["127.0.0.1", "localhost", "LOCALHOST"])
async def test_no_proxy_stands_between_us_and_loopback(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, closed_port: int, host: str
) -> None:
    for variable in ("HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{closed_port}")
    server = await serve(MINE)
    address = server.url.replace("127.0.0.1", host)
    assert await connect(address).own_app(TOKEN) == (APP_ID, "Demo App")


@each_line("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
async def test_a_proxy_that_can_not_be_reached_is_blamed_rather_than_meta(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, closed_port: int, variable: str
) -> None:
    monkeypatch.setenv(variable, f"http://me:hunter2@127.0.0.1:{closed_port}")
    error = await trouble(connect(OUTSIDE))
    assert error.reason is Reason.PROXY
    assert "hunter2" not in error.evidence


async def test_an_exception_from_the_proxy_is_kept(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, closed_port: int
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    assert (await trouble(connect(f"https://{NOBODY}"))).reason is Reason.PROXY
    monkeypatch.setenv("NO_PROXY", NOBODY)
    assert (await trouble(connect(f"https://{NOBODY}"))).reason is Reason.DNS


@each_line(
    ("name", "value"),
    [
        ("HTTPS_PROXY", "ftp://127.0.0.1:1"),
        ("HTTPS_PROXY", "socks5://127.0.0.1:1"),
        ("HTTPS_PROXY", "http://127.0.0.1:99999"),
        ("HTTPS_PROXY", "http://[nonsense"),
    ],
)
async def test_a_proxy_setting_that_can_not_be_used_is_blamed(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    error = await trouble(connect(OUTSIDE))
    assert error.reason is Reason.PROXY


@each_line("status", [403, 407, 502])
async def test_a_proxy_that_opens_no_tunnel_is_quoted(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    proxy = await serve(reply(b"", status))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    error = await trouble(connect(OUTSIDE))
    assert error.reason is Reason.PROXY
    assert str(status) in error.evidence
    assert proxy.requests[0].line.startswith("CONNECT graph.invalid:443")
    assert "authorization" not in proxy.requests[0].headers


async def test_nothing_packed_is_asked_for_and_a_bomb_does_no_harm(
    serve: Serve, connect: Connect
) -> None:
    bomb = gzip.compress(b'{"id": "' + b"0" * 60_000_000 + b'"}', 9)
    server = await serve(reply(bomb, content_encoding="gzip"))
    tracemalloc.start()
    try:
        with pytest.raises(GraphError, match="larger"):
            await connect(server.url).own_app(TOKEN)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    assert server.requests[0].headers["accept-encoding"] == "identity"


async def test_a_list_is_bounded_in_bytes_as_in_pages(serve: Serve, connect: Connect) -> None:
    def page(request: Request) -> bytes:
        after = f"{request.query.get('after', '')}x"
        entry = {"id": "1", "verified_name": "x" * 900_000}
        paging = {"next": "https://x", "cursors": {"after": after}}
        return reply({"data": [entry], "paging": paging})

    server = await serve(page)
    with pytest.raises(GraphError, match="longer"):
        await connect(server.url).numbers("1", TOKEN)
    assert len(server.requests) <= 6
