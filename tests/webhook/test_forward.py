"""Passing a delivery on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from tests.loopback import Request, Serve, http_client
from tests.tables import each_line
from tests.webhook.meta import SECRET, TOKEN, headers, next_of, written
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Delivery
from wizard.webhook.forward import forward
from wizard.webhook.signature import sign

BODY = b'{"entry": [],  "\\u00e9":\t"\xc3\xa9"}\n'
SENT = (
    ("content-type", "application/json; charset=UTF-8"),
    ("user-agent", "facebookexternalua"),
    ("x-hub-signature", "sha1=0123"),
    ("x-hub-signature-256", sign(SECRET, BODY)),
)
DELIVERY = Delivery((), BODY, SENT, datetime(2026, 11, 22, tzinfo=UTC), "valid")
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


async def test_an_app_that_checks_signatures_takes_what_is_passed_on() -> None:
    async with Endpoint(TOKEN, SECRET) as app:
        passed = await forward(DELIVERY, app.local_url)
        event = await next_of(app)
    assert (passed.status, passed.error) == (200, None)
    assert passed.duration_ms >= 0
    assert isinstance(event, Delivery)
    assert (event.body, event.headers) == (BODY, SENT)


async def test_a_whole_delivery_crosses_two_endpoints_unchanged() -> None:

    body = written()
    async with Endpoint(TOKEN, SECRET) as front, Endpoint(TOKEN, SECRET) as app:
        async with http_client() as meta:
            await meta.post(front.local_url, content=body, headers=headers(body))
        came = await next_of(front)
        assert isinstance(came, Delivery)
        assert (await forward(came, app.local_url)).status == 200
        passed = await next_of(app)
    assert isinstance(passed, Delivery)
    assert (passed.body, passed.headers, passed.events) == (came.body, came.headers, came.events)


async def test_the_method_and_headers_are_metas(serve: Serve) -> None:
    app = await serve(OK)
    await forward(DELIVERY, f"{app.url}/mine?x=1")
    (request,) = app.requests
    assert request.line == "POST /mine?x=1 HTTP/1.1"
    assert {name: request.headers[name] for name, _ in SENT} == dict(SENT)
    assert request.headers["content-length"] == str(len(BODY))


@each_line("code", [204, 301, 404, 500])
async def test_the_apps_own_answer_is_told(serve: Serve, code: int) -> None:
    head = f"HTTP/1.1 {code} X\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n"
    app = await serve(f"{head}Connection: close\r\n\r\n".encode())
    passed = await forward(DELIVERY, app.url)
    assert (passed.status, passed.error) == (code, None)
    assert len(app.requests) == 1


async def test_an_app_that_does_not_answer_is_given_up(serve: Serve) -> None:
    async def silence(_: Request) -> AsyncIterator[bytes]:
        await asyncio.sleep(60)
        yield b""

    app = await serve(silence)
    passed = await forward(DELIVERY, app.url, limit=0.2)
    assert (passed.status, passed.error) == (None, "timeout")
    assert 150 <= passed.duration_ms < 5000


async def test_an_app_that_hangs_up_is_told(serve: Serve) -> None:
    app = await serve(b"")
    assert (await forward(DELIVERY, app.url)).error == "broken_off"


async def test_an_app_that_is_not_there_is_told() -> None:
    async with Endpoint(TOKEN, SECRET) as gone:
        pass
    for url in (gone.local_url, gone.local_url.replace("http:", "https:")):
        assert (await forward(DELIVERY, url)).error == "connect"


@each_line(
    "url", ["", "nonsense", "ftp://x/", "http://[::1", "http://127.0.0.1:99999/", "http://\udc80/"]
)
async def test_an_address_that_is_none_is_told(url: str) -> None:
    passed = await forward(DELIVERY, url)
    assert (passed.status, passed.error) == (None, "bad_url")


async def test_loopback_is_reached_past_any_proxy(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    app = await serve(OK)
    assert (await forward(DELIVERY, app.url)).status == 200


async def test_a_proxy_that_can_not_be_used_is_no_fault_of_the_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "ftp://proxy.example:21")
    passed = await forward(DELIVERY, "http://app.example/webhook")
    assert (passed.status, passed.error) == (None, "connect")
