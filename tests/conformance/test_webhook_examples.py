"""What Meta's description shows of its webhooks: posted to our endpoint, and shown to people."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conformance.counts import one_of
from tests.conformance.description import Json
from tests.conformance.examples import examples, webhook_examples
from tests.webhook.meta import next_of
from wizard.cli.event_json import event_json
from wizard.cli.events import event_lines
from wizard.credentials import Secret
from wizard.tui.rows import rows
from wizard.tui.traffic import Happening
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.events import EnvelopeError, read_events, sign
from wizard.webhook.inbox import Delivery

SECRET, TOKEN = Secret("0123456789abcdef0123456789abcdef"), Secret("a-verify-token")
NOW = datetime(2026, 11, 23, tzinfo=UTC)
SHOWN = {
    "Text Message": '"',
    "Text Message with Context (Product Inquiry)": '"',
    "Text Message from Click to WhatsApp Ad": '"',
    "Reaction Message": "[reaction]",
    "Image Message": "[image]",
    "Location Message": "[location]",
    "Contact Sharing Message": "[contacts]",
    "Unsupported Message": "[unsupported]",
    "Button Message": "[button]",
    "Interactive List Reply Message": "[interactive]",
    "Interactive Button Reply Message": "[interactive]",
    "Order Message": "[order]",
    "System Message": "[system]",
    "Group Create Message": "group_lifecycle_update",
    "Group Settings Update": "group_settings_update",
    "Group Remove Participants": "group_participants_update",
}


async def post(endpoint: Endpoint, body: bytes) -> int:
    headers = {"Content-Type": "application/json", "X-Hub-Signature-256": sign(SECRET, body)}
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.post(endpoint.local_url, content=body, headers=headers)
        return answer.status_code


def test_every_example_is_among_those_that_are_shown() -> None:
    assert webhook_examples().keys() == SHOWN.keys()


@pytest.mark.parametrize("name", SHOWN)
async def test_an_example_is_accepted_and_shown_by_its_kind(name: str) -> None:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        assert await post(endpoint, json.dumps(webhook_examples()[name]).encode()) == 200
        delivery = await next_of(endpoint)
    assert isinstance(delivery, Delivery)
    assert delivery.signature == "valid"
    [row] = rows(Happening(1, NOW, delivery))
    [line] = event_lines(delivery)
    [told] = (json.loads(text) for text in event_json(delivery))
    assert row.kind == told["event"]
    assert SHOWN[name] in row.said
    assert row.said.split("  ")[-1] in line
    assert told.get("type", told.get("field")) in f"{row.said} text"
    one_of("examples replayed", len(examples()) + len(webhook_examples()))


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where anything stands in a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in inner:
        yield (*path, key)
        if isinstance(part, dict | list):
            yield from places(part, (*path, key))


@st.composite
def spoilt(draw: st.DrawFn) -> Json:
    """An example in which a few things are gone, null, or of another type."""
    body = copy.deepcopy(draw(st.sampled_from([*webhook_examples().values()])))
    for _ in range(draw(st.integers(1, 4))):
        found = list(places(body))
        if not found:
            break
        *way, last = draw(st.sampled_from(found))
        holder: Any = body
        for key in way:
            holder = holder[key]
        holder[last] = draw(st.sampled_from([None, 0, -1.5, True, "", "\x1b[2J", "x" * 9, [], {}]))
    return body


@settings(max_examples=150)
@given(spoilt())
def test_a_spoilt_example_is_read_and_shown_or_refused_as_no_envelope(body: Json) -> None:
    raw = json.dumps(body).encode()
    try:
        events = tuple(read_events(raw))
    except EnvelopeError:
        assert not isinstance(body.get("entry"), list)
        return
    delivery = Delivery(body=raw, headers=(), events=events, signature="valid", at=NOW)
    said = [row.said for row in rows(Happening(1, NOW, delivery))] + list(event_lines(delivery))
    assert not any("\x1b[2J" in line for line in said)
    assert len(list(event_json(delivery))) == len(events)
