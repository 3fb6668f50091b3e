"""What Meta's description shows of its webhooks: posted to our endpoint, and shown to people."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
import pytest_asyncio
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.app import App, ComposeResult

from tests.conformance.counts import one_of
from tests.conformance.description import Json, description
from tests.conformance.examples import examples, webhook_examples
from tests.loopback import http_client
from tests.tables import each_line
from tests.webhook.meta import SECRET, TOKEN, change, message, next_of, post, status, value
from wizard.cli.output.event_json import event_json
from wizard.cli.output.events import event_lines
from wizard.tui.controllers.traffic_log import TrafficEntry, TrafficLog
from wizard.tui.screens.webhook.traffic_list import TrafficList
from wizard.tui.widgets.traffic_rows import rows
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.envelope import EnvelopeError
from wizard.webhook.event_queue import Delivery
from wizard.webhook.reading import read_events

NOW = datetime(2026, 11, 23, tzinfo=UTC)
GROUP = "Y2FwaV9ncm91cDoxODA1NTU1MDE3MjoxMjAzNjMyMjI3NzE5NjMwNjcZD"
TOLD = {
    "Text Message": '"Does it come in another color?"',
    "Text Message with Context (Product Inquiry)": '"Is this still available?"',
    "Text Message from Click to WhatsApp Ad": '"Hello! Can I get more info on this?"',
    "Reaction Message": '[reaction] "👍"',
    "Image Message": '[image] "Taj Mahal"',
    "Location Message": '[location] "Philz Coffee, 101 Forest Ave, Palo Alto, CA 94301"',
    "Contact Sharing Message": '[contacts] "Lucía Gómez"',
    "Unsupported Message": '[unsupported] "Message type unknown"',
    "Button Message": '[button] "Unsubscribe"',
    "Interactive List Reply Message": '[interactive] "Priority Mail Express"',
    "Interactive Button Reply Message": '[interactive] "Cancel"',
    "Order Message": "[order] 2 items of catalog 194836987003835: 2 × di9ozbzfi4 at 30 USD,"
    " 1 × nqryix03ez at 25 USD",
    "System Message": "[system] now 12195555358"
    ' "User Sheena Nelson changed from 16505551234 to 12195555358"',
    "Group Create Message": f'group_lifecycle_update: group create, "your-group-subject", {GROUP}',
    "Group Settings Update": "group_settings_update: group settings update, picture image/jpeg,"
    f" {GROUP}",
    "Group Remove Participants": "group_participants_update: group create, 16505551234,"
    f" 16505551235, {GROUP}",
}
"""What a person reads of each example, whole."""
WITHOUT_EXAMPLE: dict[str, tuple[Json, str]] = {
    "audio": ({"audio": {"id": "1", "voice": True}}, "[audio] voice note"),
    "sticker": ({"sticker": {"id": "1", "animated": False}}, "[sticker]"),
    "document": ({"document": {"filename": "a.pdf"}}, '[document] "a.pdf"'),
    "video": ({"video": {"id": "1", "caption": "The sea"}}, '[video] "The sea"'),
    "unknown": ({"errors": [{"code": 131051, "title": "Unknown"}]}, '[unknown] "Unknown"'),
}
"""The other kinds of message that the description has: a part of each, and what is read of it."""
OTHER: list[Any] = [None, 0, -1.5, 1e308, True, "", "\x1b[2J", "\ud83d", "x" * 9, [], {}, [[]]]
"""What may stand in a place where something else belongs."""
FAILED = {"code": 131047, "title": "Re-engagement message"}
ALL = len(examples()) + len(webhook_examples())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def endpoint() -> AsyncIterator[Endpoint]:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        yield endpoint


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with http_client(timeout=10) as client:
        yield client


async def taken(body: bytes) -> Delivery:
    """What a fresh endpoint takes of a signed body."""
    async with Endpoint(TOKEN, SECRET) as endpoint, http_client() as client:
        assert await post(client, endpoint, body) == 200
        delivery = await next_of(endpoint)
    assert isinstance(delivery, Delivery)
    assert delivery.signature == "valid"
    return delivery


async def healthy(body: bytes) -> Delivery:
    """What is taken of it, without what is said of its faults."""
    return (await taken(body))._replace(malformed=())


def told(delivery: Delivery) -> tuple[str, str, Json]:
    """The one thing in it, as kind and words of the live pane, and as `listen` tells programs;
    the line for people says the same."""
    [row] = rows(TrafficEntry(1, NOW, delivery))
    [line] = event_lines(delivery)
    [said] = (json.loads(text) for text in event_json(delivery))
    assert f"  {row.kind} " in line
    assert row.said.split("  ")[-1].removeprefix("wamid") in line
    return row.kind, row.said, said


def kind_of(body: Json) -> str:
    """Meta's own word for what the example shows."""
    [entry] = body["entry"]
    [change] = entry["changes"]
    messages = change["value"].get("messages")
    return str(messages[0]["type"] if messages else change["field"])


def test_every_example_is_among_those_that_are_shown() -> None:
    assert webhook_examples().keys() == TOLD.keys()


@each_line("name", TOLD)
async def test_an_example_is_taken_and_shown_by_its_kind(name: str) -> None:
    body = webhook_examples()[name]
    kind, said, program = told(await taken(json.dumps(body).encode()))
    assert kind == program["event"]
    assert program["signature"] == "valid"
    if kind == "change":
        assert said == f"{program['field']}: {program['summary']}" == TOLD[name]
        assert program["field"] == kind_of(body)
        assert program["value"] == body["entry"][0]["changes"][0]["value"]
    else:
        assert kind == "message"
        sender = "+16505551234" if name == "System Message" else "Sheena Nelson  +16505551234"
        assert said == f"{sender}  {TOLD[name]}"
        assert program["type"] == kind_of(body)
        text = TOLD[name].partition('"')[2].removesuffix('"')
        assert program.get("text", "") == text
        assert program["from"] == "16505551234"
    one_of("examples replayed", ALL)


async def test_all_of_them_stand_in_the_live_pane() -> None:
    pane = TrafficList()

    class Live(App[None]):
        def compose(self) -> ComposeResult:
            yield pane

    traffic = TrafficLog()
    for body in webhook_examples().values():
        raw = json.dumps(body).encode()
        traffic.handle_event(Delivery(tuple(read_events(raw)), raw, (), NOW, "valid"), NOW)
    async with Live().run_test(size=(200, 30)) as pilot:
        pane.show(traffic)
        await pilot.pause()
        drawn = [str(option.prompt) for option in pane.options]
    assert len(drawn) == len(TOLD)
    for line, (name, words) in zip(drawn, TOLD.items(), strict=True):
        assert words in line, name
        assert "signed" in line


# What the description names and shows no example of


def test_every_kind_that_the_description_names_is_tried() -> None:
    schemas = description()["components"]["schemas"]
    kinds = set(schemas["IncomingMessage"]["discriminator"]["mapping"])
    shown = {kind_of(body) for body in webhook_examples().values()}
    assert kinds - shown == WITHOUT_EXAMPLE.keys()


@each_line("kind", WITHOUT_EXAMPLE)
async def test_a_kind_without_an_example_is_shown_too(kind: str) -> None:
    part, words = WITHOUT_EXAMPLE[kind]
    delivery = await taken(change(value(messages=[message(type=kind, **part)])))
    assert told(delivery)[:2] == ("message", f"+16505551234  {words}")


@each_line(
    "word", description()["components"]["schemas"]["Statuses"]["properties"]["status"]["enum"]
)
async def test_every_status_is_shown_by_its_word(word: str) -> None:
    errors = {"errors": [FAILED]} if word == "failed" else {}
    kind, said, program = told(await healthy(status(word, "wamid.ABCDEFGH", **errors)))
    why = "  131047: Re-engagement message" if errors else ""
    assert (kind, said) == ("status", f"{word}  wamid…ABCDEFGH{why}")
    assert (program["status"], program.get("error_code")) == (word, 131047 if errors else None)


@each_line(
    "field",
    [
        *description()["components"]["schemas"]["Change"]["properties"]["field"]["enum"],
        "message_template_status_update",
        "account_update",
        "phone_number_quality_update",
        "a_field_of_tomorrow",
    ],
)
async def test_any_other_change_is_shown_by_its_field(field: str) -> None:
    kind, said, program = told(await healthy(change({"event": "X"}, field)))
    assert (kind, program["field"]) == ("change", field)
    assert said.startswith(f"{field}: ")
    assert "X" in said


async def test_what_has_no_name_is_told_all_the_same() -> None:
    assert told(await healthy(change({}, "")))[:2] == ("change", "field without a name")
    assert told(await healthy(b'{"entry": []}'))[:2] == ("delivery", "an empty delivery")
    assert "[unknown]" in told(await healthy(change(value(messages=[message(type="\x1b")]))))[1]


# Spoilt ones


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
        if draw(st.booleans()):
            del holder[last]
        else:
            holder[last] = copy.deepcopy(draw(st.sampled_from(OTHER)))
    return body


@pytest.mark.asyncio(loop_scope="module")
@settings(max_examples=75)
@given(body=spoilt())
async def test_a_spoilt_example_is_taken_and_shown_if_it_is_signed(
    endpoint: Endpoint, client: httpx.AsyncClient, body: Json
) -> None:
    raw = json.dumps(body).encode()
    assert await post(client, endpoint, raw) == 200
    try:
        events = tuple(read_events(raw))
    except EnvelopeError:
        assert not isinstance(body.get("entry"), list)
        events = ()
    delivery = Delivery(events, raw, (), NOW, "valid")
    pane = [row.said for row in rows(TrafficEntry(1, NOW, delivery))]
    lines, program = list(event_lines(delivery)), list(event_json(delivery))
    assert len(pane) == len(lines) == len(program) == max(1, len(events))
    assert all(said.strip() and said.isprintable() for said in pane)
    assert not any("\x1b[2J" in line for line in lines)
