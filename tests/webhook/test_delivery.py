"""Deliveries over real HTTP, the nasty ones too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import httpx
import pytest

from tests.tables import each_line
from tests.webhook.meta import (
    SECRET,
    TOKEN,
    change,
    dial,
    headers,
    message,
    next_of,
    post,
    raw,
    request,
    status,
    value,
    written,
)
from wizard.values.credentials import Secret
from wizard.webhook.body import MOST_BYTES
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Delivery, EventQueue, Rejected
from wizard.webhook.headers import MARKER_HEADER

JSON = "Content-Type: application/json"


async def delivered(endpoint: Endpoint) -> Delivery:
    event = await next_of(endpoint)
    assert isinstance(event, Delivery)
    return event


async def rejected(endpoint: Endpoint) -> tuple[str, int | None]:
    event = await next_of(endpoint)
    assert isinstance(event, Rejected)
    return event.reason, event.status


async def test_a_signed_delivery_is_answered_and_told(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    body = written(type="text", text={"body": "żółw 🐢"})
    answer = await client.post(endpoint.local_url, content=body, headers=headers(body))
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers[MARKER_HEADER] == endpoint.marker
    event = await delivered(endpoint)
    assert (event.body, event.signature) == (body, "valid")
    assert dict(event.headers)["x-hub-signature-256"] == headers(body)["X-Hub-Signature-256"]
    assert [getattr(e, "text", "") for e in event.events] == ["żółw 🐢"]


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "Application/JSON"])
async def test_json_may_be_written_in_several_ways(
    endpoint: Endpoint, client: httpx.AsyncClient, kind: str
) -> None:
    body = written()
    sent = headers(body) | {"Content-Type": kind}
    answer = await client.post(endpoint.local_url + "/", content=body, headers=sent)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changed", "code", "reason"),
    [
        ({"X-Hub-Signature-256": ""}, 401, "unsigned"),
        ({"X-Hub-Signature-256": "sha256=" + "0" * 64}, 403, "signature_mismatch"),
        ({"X-Hub-Signature-256": "nonsense"}, 403, "signature_mismatch"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415, "content_type"),
        ({"Content-Type": ""}, 415, "content_type"),
        ({"Content-Type": "application/jsonp"}, 415, "content_type"),
    ],
)
async def test_what_is_not_metas_is_turned_away_and_told(
    endpoint: Endpoint, client: httpx.AsyncClient, changed: dict[str, str], code: int, reason: str
) -> None:
    body = written()
    answer = await client.post(endpoint.local_url, content=body, headers=headers(body) | changed)
    assert (answer.status_code, answer.content) == (code, b"")
    assert await rejected(endpoint) == (reason, code)
    assert await post(client, endpoint, body) == 200
    assert len((await delivered(endpoint)).events) == 1


async def test_the_old_signature_alone_is_none(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    sent = {"Content-Type": "application/json", "X-Hub-Signature": "sha1=" + "0" * 40}
    answer = await client.post(endpoint.local_url, content=written(), headers=sent)
    assert answer.status_code == 401


async def test_the_signature_is_judged_before_the_body_is_looked_at(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    answer = await client.post(endpoint.local_url, content=b"nonsense")
    assert answer.status_code == 401


@pytest.mark.parametrize("body", [b"", b"nonsense", b"[]", b"[" * 100_000])
async def test_signed_nonsense_is_a_bad_request(
    endpoint: Endpoint, client: httpx.AsyncClient, body: bytes
) -> None:
    assert await post(client, endpoint, body) == 400
    assert await rejected(endpoint) == ("not_json", 400)


@pytest.mark.parametrize("body", [b"{}", b'{"entry": null}'])
async def test_an_object_without_entries_is_taken_from_meta_alone(
    endpoint: Endpoint, client: httpx.AsyncClient, body: bytes
) -> None:
    assert await post(client, endpoint, body) == 200
    event = await delivered(endpoint)
    assert (event.events, event.signature) == ((), "valid")
    assert "entry" in {fault.path for fault in event.malformed}
    endpoint.app_secret = None
    assert await post(client, endpoint, body) == 400
    assert await rejected(endpoint) == ("not_json", 400)


@pytest.mark.parametrize("secret", [None, Secret("")])
async def test_without_a_secret_signatures_stay_unchecked(
    endpoint: Endpoint, client: httpx.AsyncClient, secret: Secret | None
) -> None:
    endpoint.app_secret = secret
    sent = {"Content-Type": "application/json"}
    answer = await client.post(endpoint.local_url, content=written(), headers=sent)
    assert answer.status_code == 200
    assert (await delivered(endpoint)).signature == "unchecked"


async def test_a_secret_may_be_replaced_while_it_runs(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    endpoint.app_secret = Secret("f" * 32)
    assert await post(client, endpoint, written()) == 403


async def test_a_repeated_message_is_told_once(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    again = change(value(messages=[message(), message("wamid.TWO")]))
    for body in (written(), written(), status("sent"), status("sent"), status("read"), again):
        assert await post(client, endpoint, body) == 200
    deliveries = [await delivered(endpoint) for _ in range(6)]
    assert [one.is_repeat for one in deliveries] == [False, True, False, True, False, False]
    told = [event for delivery in deliveries for event in delivery.events]
    assert [(type(e).__name__, getattr(e, "id", ""), getattr(e, "status", "")) for e in told] == [
        ("InboundMessage", "wamid.ONE", ""),
        ("StatusUpdate", "wamid.ONE", "sent"),
        ("StatusUpdate", "wamid.ONE", "read"),
        ("InboundMessage", "wamid.TWO", ""),
    ]
    assert len(endpoint.received) == 0
    assert endpoint.repeated == 3


async def test_each_attempt_to_pay_and_each_refund_is_told(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    def payment(word: str, transaction: str, *refunds: str) -> bytes:
        paid = {"reference_id": "1", "transaction": {"id": "order-1", "status": transaction}}
        given = {"refunds": [{"id": one} for one in refunds]} if refunds else {}
        return status(word, type="payment", payment=paid | given)

    sent = [payment("pending", "failed"), payment("pending", "pending")]
    sent += [payment("captured", "success"), payment("captured", "success", "r-1")]
    for body in [*sent, *sent]:
        assert await post(client, endpoint, body) == 200
    assert [(await delivered(endpoint)).is_repeat for _ in range(8)] == [False] * 4 + [True] * 4


async def test_the_dashboards_sample_is_told_each_time(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    body = change(value("123456123", messages=[message("ABGGFlA5Fpa")]), entry="0")
    for _ in range(3):
        await post(client, endpoint, body)
        assert (await delivered(endpoint)).events[0].is_sample


async def test_a_body_of_three_megabytes_is_taken(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    body = written()
    body += b" " * (MOST_BYTES - len(body))
    assert await post(client, endpoint, body) == 200
    assert await post(client, endpoint, body + b" ") == 413
    assert len((await delivered(endpoint)).body) == MOST_BYTES
    assert await rejected(endpoint) == ("too_large", 413)


async def pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b" " * 65536


@pytest.mark.parametrize("chunked", [False, True])
async def test_four_megabytes_are_too_large_and_harm_nobody(
    endpoint: Endpoint, client: httpx.AsyncClient, chunked: bool
) -> None:
    content = pieces(64) if chunked else b" " * (4 * 1024 * 1024)
    answer = await client.post(endpoint.local_url, content=content, headers=headers(b""))
    assert answer.status_code == 413
    assert await rejected(endpoint) == ("too_large", 413)
    assert await post(client, endpoint, written()) == 200


async def test_a_length_that_promises_too_much_is_refused_at_once(endpoint: Endpoint) -> None:
    sent = request("POST /webhook HTTP/1.1", JSON, "Content-Length: 99999999999")
    async with asyncio.timeout(2), dial(endpoint, sent) as (reader, _):
        assert b" 413 " in await reader.readline()


@pytest.mark.parametrize("path", ["/webhook", "/elsewhere"])
async def test_who_closes_after_a_refusal_is_heard_out_first(endpoint: Endpoint, path: str) -> None:
    head = request(f"POST {path} HTTP/1.0", f"Content-Length: {64 * 65536}")
    async with asyncio.timeout(5), dial(endpoint, head) as (reader, writer):
        async for piece in pieces(64):
            writer.write(piece)
            await writer.drain()
        assert (await reader.read()).startswith(b"HTTP/1.1 4")


async def test_a_length_that_promises_too_little_leaves_the_rest_unread(
    client: httpx.AsyncClient,
) -> None:
    body = written()
    lines = [f"{name}: {text}" for name, text in headers(body).items()]
    sent = request("POST /webhook HTTP/1.1", *lines, "Content-Length: 5", body=body)
    async with Endpoint(TOKEN, SECRET, timeout=0.2) as endpoint:
        answer = await raw(endpoint, sent)
        assert answer.startswith(b"HTTP/1.1 403 ")
        assert await rejected(endpoint) == ("signature_mismatch", 403)
        assert await post(client, endpoint, body) == 200


async def test_a_body_that_breaks_off_is_told_and_answered_to_nobody(endpoint: Endpoint) -> None:
    async with dial(
        endpoint, request("POST /webhook HTTP/1.1", JSON, "Content-Length: 50", body=b"{")
    ):
        pass
    assert await rejected(endpoint) == ("incomplete", None)


@each_line(
    ("sent", "said"),
    [
        (request("POST /webhook HTTP/1.1", JSON, "Content-Length: 50", body=b"{"), b" 408 "),
        (request("POST /webhook HTTP/1.1", JSON, "Transfer-Encoding: chunked"), b" 408 "),
        (b"POST /webhook HT", b""),
        (b"", b""),
        (b"\r\n" * 100_000, b""),
        (request("GET / HTTP/1.1", "Content-Length: 9"), b" 404 "),
    ],
)
async def test_a_slow_sender_is_cut_off(sent: bytes, said: bytes) -> None:
    async with Endpoint(TOKEN, SECRET, timeout=0.2) as endpoint:
        answer = await raw(endpoint, sent)
        assert said in answer
        assert bool(said) == bool(answer)


async def test_one_byte_now_and_then_buys_no_time() -> None:
    async def drip(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b"{")
            await asyncio.sleep(0.05)

    head = request("POST /webhook HTTP/1.1", JSON, "Content-Length: 5000")
    async with Endpoint(TOKEN, SECRET, timeout=0.3) as endpoint, dial(endpoint, head) as wire:
        dripping = asyncio.create_task(drip(wire[1]))
        assert await rejected(endpoint) == ("too_slow", 408)
        dripping.cancel()


@pytest.mark.parametrize(
    "garbage",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /webhook HTTP/x.y\r\n\r\n",
        "GET /ż HTTP/1.1\r\nHost: x\r\n\r\n".encode(),
        b"A" * 200_000,
        request("POST /webhook HTTP/1.1", "Content-Length: -1"),
        request("POST /webhook HTTP/1.1", "Content-Length: 5", "Content-Length: 6"),
        request("POST /webhook HTTP/1.1", "Transfer-Encoding: chunked", body=b"zz\r\n"),
        request("GET / HTTP/1.1", "Transfer-Encoding: chunked", body=b"zz\r\n"),
    ],
)
async def test_garbage_ends_its_own_connection_and_nothing_else(
    endpoint: Endpoint,
    client: httpx.AsyncClient,
    garbage: bytes,
    capfd: pytest.CaptureFixture[str],
) -> None:
    await raw(endpoint, garbage)
    assert await post(client, endpoint, written()) == 200
    assert capfd.readouterr() == ("", "")


async def test_garbage_is_told(endpoint: Endpoint) -> None:
    assert (await raw(endpoint, b"GET\r\n\r\n")).startswith(b"HTTP/1.1 400 ")
    assert await rejected(endpoint) == ("malformed", 400)


async def test_two_lengths_of_one_body_are_none(endpoint: Endpoint) -> None:
    head = request("POST /webhook HTTP/1.1", "Transfer-Encoding: chunked", "Content-Length: 5")
    said = await raw(endpoint, head + b"0\r\n\r\n" + request("GET / HTTP/1.0"))
    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1 ") == 1
    assert await rejected(endpoint) == ("malformed", 400)


async def test_garbage_after_an_answer_closes_the_connection_quietly(
    endpoint: Endpoint, caplog: pytest.LogCaptureFixture
) -> None:
    head = request("POST / HTTP/1.1", "Transfer-Encoding: chunked")
    async with asyncio.timeout(5), dial(endpoint, head) as (reader, writer):
        assert b" 404 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(b"no length\r\n")
        with suppress(ConnectionError):
            assert await reader.read() == b""
    assert "asyncio" not in {record.name for record in caplog.records}


def packed(body: bytes, *lines: str) -> bytes:
    own = [f"{name}: {text}" for name, text in headers(body).items()]
    length = f"Content-Length: {len(body)}"
    return request("POST /webhook HTTP/1.1", *lines, *own, length, body=body)


async def test_three_hundred_at_once_are_all_answered(endpoint: Endpoint) -> None:
    sent = [packed(written(f"wamid.{n}"), "Connection: close") for n in range(300)]
    answers = await asyncio.gather(*(raw(endpoint, one) for one in sent))
    assert {answer[:13] for answer in answers} == {b"HTTP/1.1 200 "}
    told = [(await delivered(endpoint)).events[0] for _ in sent]
    assert len({getattr(event, "id", "") for event in told}) == 300


async def test_a_flood_that_nobody_reads_fills_a_bounded_queue(endpoint: Endpoint) -> None:
    one = request("POST /webhook HTTP/1.1", JSON, "Content-Length: 2", body=b"{}")
    last = request("POST /webhook HTTP/1.0", JSON)
    answers = await raw(endpoint, one * 1100 + last)
    assert answers.count(b"HTTP/1.1 401 ") == 1101
    assert (len(endpoint.received), endpoint.received.dropped) == (1000, 101)


async def test_bodies_that_are_held_at_once_are_bounded_too(
    endpoint: Endpoint, client: httpx.AsyncClient
) -> None:
    head = request("POST /webhook HTTP/1.1", JSON, f"Content-Length: {MOST_BYTES}")
    async with AsyncExitStack() as senders:
        for _ in range(17):
            await senders.enter_async_context(dial(endpoint, head + b" " * (MOST_BYTES - 1)))
        assert await rejected(endpoint) == ("busy", 503)
    assert await post(client, endpoint, written()) == 200


async def test_where_nobody_reads_the_oldest_go_and_are_counted() -> None:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        now = (await _one(endpoint)).at
        endpoint.received = EventQueue(most=5, most_bytes=100)
        for _ in range(8):
            endpoint.received.put(Rejected("unsigned", 401, now))
        assert (len(endpoint.received), endpoint.received.dropped) == (5, 3)
        for size in (90, 90, 900):
            endpoint.received.put(Delivery((), b"x" * size, (), now, "valid"))
        assert len(endpoint.received) == 1
        assert len((await delivered(endpoint)).body) == 900


async def _one(endpoint: Endpoint) -> Rejected:
    await raw(endpoint, request("POST /webhook HTTP/1.0"))
    event = await next_of(endpoint)
    assert isinstance(event, Rejected)
    return event
