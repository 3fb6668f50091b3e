"""Bodies that are made to cost time or memory: what they cost is bounded, and nothing is lost."""

from __future__ import annotations

import asyncio
import json
import math
import time
import tracemalloc
from typing import Any

import pytest

from tests.loopback import http_client
from tests.tables import each_line
from tests.webhook.meta import SECRET, TOKEN, change, headers, message, next_of, post, value
from wizard.support.texts import printable
from wizard.tui.controllers.traffic_log import TrafficLog
from wizard.values.credentials import Secret
from wizard.webhook import body as bodies
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.envelope import MAX_DEPTH, EnvelopeError
from wizard.webhook.event_queue import Deduplicator, Delivery, EventQueue, Rejected
from wizard.webhook.events import (
    MAX_EVENTS,
    InboundMessage,
    Omitted,
    StatusUpdate,
)
from wizard.webhook.reading import read_body, read_events

JSON = {"Content-Type": "application/json"}


def dense(key: str, piece: bytes, size: int) -> bytes:
    """A body of about this size, full of the shortest parts."""
    head = b'{"entry":[{"changes":[{"field":"messages","value":{"%s":[' % key.encode()
    return head + b",".join([piece] * (size // (len(piece) + 1))) + b"]}}]}]}"


def counting_to_a_million() -> float:
    """Seconds that it takes the processor: by this clock a slow machine is as fast as any."""
    begun, count = time.process_time(), 0
    for one in range(1_000_000):
        count += one
    return time.process_time() - begun


def test_ten_thousand_contacts_are_not_looked_through_for_each_message() -> None:
    parts: dict[str, Any] = {
        "contacts": [{"wa_id": "n"}] * 10_000,
        "messages": [{"from": "x"}] * 10_000,
    }
    begun = time.process_time()
    events = read_events(change(value(**parts)))
    assert time.process_time() - begun < 1
    assert events[-1] == Omitted(9_000, "too_many")


@each_line("count", [MAX_EVENTS - 1, MAX_EVENTS, MAX_EVENTS + 1])
def test_a_full_batch_of_metas_is_read_and_what_is_beyond_it_is_counted(count: int) -> None:
    statuses = [{"id": f"wamid.{n}", "status": "sent"} for n in range(count)]
    events = read_events(change(value(statuses=statuses)))
    read = [event for event in events if isinstance(event, StatusUpdate)]
    assert [event.id for event in read] == [f"wamid.{n}" for n in range(min(count, MAX_EVENTS))]
    assert events[len(read) :] == [Omitted(1, "too_many")] * (count > MAX_EVENTS)


@pytest.mark.parametrize("where", ["entry", "changes", "mixed"])
def test_the_bound_is_one_for_the_whole_body(where: str) -> None:
    one: dict[str, Any] = {"field": "messages", "value": value(messages=[message()])}
    other: dict[str, Any] = {"field": "account_alerts", "value": {}}
    entries = {
        "entry": [{"changes": [one]}] * 1500,
        "changes": [{"changes": [one] * 1500}],
        "mixed": [{"changes": [one] * 1000}, {"changes": [other] * 500}],
    }[where]
    events = read_events(json.dumps({"entry": entries}).encode())
    assert (len(events), events[-1]) == (MAX_EVENTS + 1, Omitted(500, "too_many"))


def test_each_writer_keeps_the_name_that_the_first_contact_gives() -> None:
    contacts: list[Any] = [None, 3, [], {"wa_id": []}, {"wa_id": None, "profile": 1}]
    contacts += [{"wa_id": 1, "profile": {"name": "One"}}, {"wa_id": "1", "profile": {}}]
    contacts += [{"user_id": "US.2", "wa_id": "2", "profile": {"name": "Two"}}]
    messages = [{"from": "1"}, {"from": "2"}, {"from_user_id": "US.2"}, {"from": "3"}, {}]
    events = read_events(change(value(contacts=contacts, messages=messages)))
    names = [event.name for event in events if isinstance(event, InboundMessage)]
    assert names == ["One", "Two", "Two", "", ""]


@pytest.mark.parametrize(
    ("part", "read"), [("[" * 60 + "]" * 60, True), ("[" * MAX_DEPTH + "]" * MAX_DEPTH, False)]
)
def test_depth_has_a_bound_below_that_of_the_interpreter(part: str, read: bool) -> None:
    body = b'{"entry": [' + part.encode() + b"]}"
    if read:
        assert read_events(body) == []
        return
    with pytest.raises(EnvelopeError) as caught:
        read_events(body)
    assert caught.value.reason == "too_complex"


def test_parts_are_counted_before_any_is_made() -> None:
    body = b'{"entry": [' + b"0," * 1_400_000 + b"0]}"
    with pytest.raises(EnvelopeError) as caught:
        read_body(body)
    assert (caught.value.is_object, caught.value.reason) == (True, "too_complex")


@each_line("text", [",{[" * 450_000, '",' * 450_000, "\\," * 500_000])
def test_commas_in_what_somebody_wrote_are_no_parts(text: str) -> None:
    (event,) = read_events(change(value(messages=[message(type="text", text={"body": text})])))
    assert getattr(event, "text", "") == text


@pytest.mark.parametrize(
    ("key", "piece"),
    [
        ("messages", b"{}"),
        ("messages", b'{"":{}}'),
        ("messages", b"9" * 4300),
        ("statuses", b'{"errors":[{"code":1}]}'),
        ("contacts", b'{"wa_id":1}'),
    ],
)
async def test_nobody_waits_while_a_body_of_the_worst_kind_is_read(key: str, piece: bytes) -> None:
    async with Endpoint(TOKEN) as endpoint, http_client() as client:
        body = dense(key, piece, bodies.MOST_UNCHECKED_BYTES - 1000)
        begun = time.process_time()
        answer = await client.post(endpoint.local_url, content=body, headers=JSON)
        assert answer.status_code == 200
        assert isinstance(await next_of(endpoint), Delivery)
        assert time.process_time() - begun < 12 * counting_to_a_million()


@pytest.mark.parametrize(
    ("field", "key"),
    [
        ("history", "message_echoes"),
        ("history", "history"),
        ("message_echoes", "message_echoes"),
        ("calls", "errors"),
        ("group_participants_update", "errors"),
    ],
)
def test_a_change_of_many_parts_costs_about_what_as_many_messages_do(field: str, key: str) -> None:
    took = {"messages": math.inf, field: math.inf}
    # A machine is now fast, now slow: what either side takes is the least of its times.
    for _ in range(3):
        for name, one in (("messages", "messages"), (field, key)):
            body = change({one: [{}] * 87_000}, field=name)
            begun = time.process_time()
            assert read_body(body).events
            took[name] = min(took[name], time.process_time() - begun)
        if took[field] < 3.5 * took["messages"]:
            break
    assert took[field] < 3.5 * took["messages"]


def test_of_eighty_thousand_contact_cards_a_few_are_named_and_the_others_counted() -> None:
    cards = [{"name": {"formatted_name": f"N{n}"}} for n in range(80_000)]
    body = change(value(messages=[message(type="contacts", contacts=cards)]))
    begun = time.process_time()
    (event,) = read_events(body)
    assert time.process_time() - begun < 2
    assert getattr(event, "text", "").endswith("N18, N19, and 79,980 more")


def test_the_name_of_a_field_that_a_stranger_makes_up_is_not_kept() -> None:
    tracemalloc.start()
    try:
        for number in range(20):
            read_body(change({}, field=f"{number}" + "f" * 250_000))
        assert tracemalloc.get_traced_memory()[0] < 1_000_000
    finally:
        tracemalloc.stop()


async def test_the_loop_goes_on_while_a_large_body_is_read(endpoint: Endpoint) -> None:
    body, waits = dense("messages", b"{}", 900_000), [0.0]
    done = asyncio.Event()

    async def look() -> None:
        last = time.monotonic()
        while not done.is_set():
            await asyncio.sleep(0.001)
            waits.append(time.monotonic() - last)
            last = time.monotonic()

    looking = asyncio.create_task(look())
    async with http_client(timeout=20) as client:
        assert await post(client, endpoint, body) == 200
    done.set()
    await looking
    event = await next_of(endpoint)
    assert isinstance(event, Delivery)
    assert event.events[-1] == Omitted(300_000 - MAX_EVENTS, "too_many")
    assert max(waits) < 1


def test_memory_grows_with_the_body_and_not_with_its_parts() -> None:
    body = dense("messages", b"{}", 90_000)
    tracemalloc.start()
    try:
        read_body(body)
        assert tracemalloc.get_traced_memory()[1] < 60 * len(body)
    finally:
        tracemalloc.stop()


async def test_what_cant_be_checked_has_to_be_small() -> None:
    async with Endpoint(TOKEN) as endpoint, http_client() as client:
        body = change({}) + b" " * bodies.MOST_UNCHECKED_BYTES
        answer = await client.post(endpoint.local_url, content=body, headers=JSON)
        assert answer.status_code == 413
        event = await next_of(endpoint)
        assert isinstance(event, Rejected)
        assert event.reason == "too_large_unchecked"
        endpoint.app_secret = SECRET
        answer = await client.post(endpoint.local_url, content=body, headers=headers(body))
        assert answer.status_code == 200


@pytest.mark.parametrize("secret", [None, SECRET])
async def test_what_is_too_complex_is_refused_but_taken_from_meta(secret: Secret | None) -> None:
    body = b'{"entry": ' + b"[" * 500 + b"]" * 500 + b"}"
    async with Endpoint(TOKEN, secret) as endpoint, http_client() as client:
        answer = await client.post(endpoint.local_url, content=body, headers=headers(body))
        event = await next_of(endpoint)
        if secret is None:
            assert answer.status_code == 413
            assert isinstance(event, Rejected)
            assert event.reason == "too_complex"
        else:
            assert answer.status_code == 200
            assert isinstance(event, Delivery)
            assert (event.events, event.body) == ((), body)
            assert [(one.path[:8], one.reason) for one in event.malformed if "[" in one.path] == [
                ("entry[0]", "too_deep"),
                ("entry[0]", "wrong_type"),
            ]


async def test_a_body_of_too_many_parts_is_taken_from_meta_unread(endpoint: Endpoint) -> None:
    body = b'{"entry": [' + b"0," * 1_400_000 + b"0]}"
    async with http_client(timeout=20) as client:
        assert await post(client, endpoint, body) == 200
    event = await next_of(endpoint)
    assert isinstance(event, Delivery)
    assert (event.events, event.body) == ((Omitted(None, "too_complex"),), body)


def test_ids_as_long_as_a_body_are_not_kept() -> None:
    seen = Deduplicator()
    events = read_events(change(value(messages=[message("w" * 100_000)])))
    assert (len(seen.new_events(events)), len(seen.new_events(events))) == (1, 0)
    assert sum(len(part) for key in seen._keys for part in key) < 1000


def test_what_waits_is_weighed_with_its_parts() -> None:
    inbox = EventQueue(most_bytes=1000)
    for _ in range(3):
        inbox.put(Delivery((), b"", (), _NOW, "unchecked", nodes=10))
    assert len(inbox) == 1


def test_a_screens_memory_of_what_came_is_bounded_in_bytes_too() -> None:
    traffic = TrafficLog()
    for _ in range(5):
        traffic.handle_event(Delivery((), b"", (), _NOW, "unchecked", nodes=300_000), _NOW)
    assert len(traffic) == 3


def test_a_text_as_long_as_a_body_is_shown_by_its_beginning() -> None:
    assert printable("a" * 3_000_000, 5) == "aaaa…"
    assert printable(" " * 9000 + "a", 5).endswith("…")
    assert printable("ab", 2) == "ab"


_NOW: Any = None
