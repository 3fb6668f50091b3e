"""Every kind that Meta posts, through the endpoint, as `listen` tells it to programs and people."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
import pytest_asyncio

from tests.loopback import http_client
from tests.tables import each_line
from tests.webhook.kinds import Kind, kinds
from tests.webhook.meta import SECRET, TOKEN, next_of, post
from wizard.cli.output.event_json import event_json
from wizard.cli.output.events import event_lines
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Delivery

pytestmark = pytest.mark.asyncio(loop_scope="module")
KINDS = {f"{n}-{kind.name}": kind for n, kind in enumerate(kinds())}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(timeout=10) as client:
        yield client


async def taken(client: httpx.AsyncClient, body: bytes) -> Delivery:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        assert await post(client, endpoint, body) == 200
        delivery = await next_of(endpoint)
    assert isinstance(delivery, Delivery)
    return delivery


@each_line("kind", KINDS.values(), ids=KINDS)
async def test_the_line_of_a_kind_holds_its_facts(client: httpx.AsyncClient, kind: Kind) -> None:
    delivery = await taken(client, kind.body)
    [line] = [json.loads(text) for text in event_json(delivery)]
    assert line["event"] == kind.event
    assert {key: line.get(key) for key in kind.line} == kind.line
    assert not line.keys() & set(kind.absent)
    assert None not in line.values()
    assert "" not in line.values()
    [said] = event_lines(delivery)
    assert kind.words in said


@each_line("kind", KINDS.values(), ids=KINDS)
async def test_all_that_meta_sent_is_in_the_line(client: httpx.AsyncClient, kind: Kind) -> None:
    [line] = [json.loads(text) for text in event_json(await taken(client, kind.body))]
    match kind.event:
        case "change":
            assert line["value"] == kind.value
            assert kind.words in f"{line['field']}: {line['summary']}"
        case "message" | "status":
            held = kind.value.get("standby", kind.value)
            assert line["raw"] == (held.get("messages") or held["statuses"])[0]


async def test_errors_beside_messages_are_told_with_them(client: httpx.AsyncClient) -> None:
    error = {"code": 131000, "title": "Something went wrong"}
    message = {"id": "wamid.1", "from": "1", "timestamp": "1", "type": "interactive"}
    value: dict[str, Any] = {
        "metadata": {"phone_number_id": "1", "display_phone_number": "2"},
        "messages": [message],
        "errors": [error],
    }
    kind = Kind("both", value, {})
    lines = [json.loads(text) for text in event_json(await taken(client, kind.body))]
    assert [line["event"] for line in lines] == ["message", "error"]
    assert lines[1]["code"] == 131000


async def test_each_participant_of_a_group_has_a_status_of_its_own() -> None:
    statuses = [
        {"id": "wamid.G", "status": "read", "timestamp": "1", **part}
        for part in (
            {"recipient_participant_id": "1"},
            {"recipient_participant_id": "2"},
            {"recipient_participant_user_id": "US.3"},
            {"recipient_participant_user_id": "US.4"},
            {"recipient_participant_id": "1"},
        )
    ]
    metadata = {"phone_number_id": "1", "display_phone_number": "2"}
    body = Kind("group", {"metadata": metadata, "statuses": statuses}, {}).body
    async with http_client() as client, Endpoint(TOKEN, SECRET) as endpoint:
        await post(client, endpoint, body)
        delivery = await next_of(endpoint)
    told = [json.loads(text) for text in event_json(delivery)] if delivery else []
    whom = [one.get("participant") or one["participant_user_id"] for one in told]
    assert whom == ["1", "2", "US.3", "US.4"]


async def test_an_id_that_has_to_be_copied_is_never_cut(client: httpx.AsyncClient) -> None:
    user_id = "US." + "7" * 128
    message = {"id": "w", "from_user_id": user_id, "timestamp": "1", "type": "text"}
    value = {"messages": [message | {"text": {"body": "Halo " * 99}}]}
    lines = list(event_lines(await taken(client, Kind("long", value, {}).body)))
    assert user_id in lines[0]
