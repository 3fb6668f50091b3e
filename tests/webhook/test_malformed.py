"""What Meta describes otherwise: it is named by its place, and harms nothing around it."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

import click
import pytest

from tests.loopback import http_client
from tests.tables import each_line
from tests.webhook.kinds import Kind, kinds
from tests.webhook.meta import SECRET, TOKEN, message, next_of, post, value, written
from wizard.cli.output.event_json import event_json
from wizard.cli.output.events import event_lines
from wizard.webhook import reading
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.envelope import MAX_TEXT
from wizard.webhook.event_queue import Delivery
from wizard.webhook.events import InboundMessage, OtherChange
from wizard.webhook.reading import read_body
from wizard.webhook.shape_check import Malformed, is_as_described

NOW = datetime(2026, 11, 23, tzinfo=UTC)
VALUE = "entry[0].changes[0].value"
TEXT = f"{VALUE}.messages[0]"
HEALTHY: dict[str, Any] = json.loads(
    json.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [{"id": "1", "changes": [{"field": "messages", "value": value()}]}],
        }
    )
)
HEALTHY["entry"][0]["changes"][0]["value"] |= {
    "contacts": [
        {"profile": {"name": "Rosa", "username": "rosa"}, "wa_id": "1", "user_id": "US.1"}
    ],
    "messages": [message() | {"context": {"id": "wamid.0"}}, message("wamid.TWO")],
    "statuses": [{"id": "w", "status": "sent", "timestamp": "1", "recipient_id": "1"}],
}
OTHERS: list[Any] = [None, True, 5, 1.5, [], {}, [["deep"]], {"a": {"b": 1}}]


def faults(parsed: Any) -> dict[str, Malformed]:
    body = parsed if isinstance(parsed, bytes) else json.dumps(parsed).encode()
    return {fault.path: fault for fault in read_body(body, is_signed=True).malformed}


def spoilt(path: str, new: Any) -> Any:
    """The healthy body with something else at the path, or nothing at all for an ellipsis."""
    body = copy.deepcopy(HEALTHY)
    *way, last = path.replace("[", ".[").split(".")
    holder: Any = body
    for step in way:
        holder = holder[int(step[1:-1])] if step.startswith("[") else holder[step]
    key = int(last[1:-1]) if last.startswith("[") else last
    if new is ...:
        del holder[key]
    else:
        holder[key] = new
    return body


@each_line("kind", list(kinds()), ids=lambda kind: str(kind.name))
def test_what_meta_sends_is_never_called_malformed(kind: Kind) -> None:
    assert faults(kind.body) == {}


@pytest.mark.parametrize("product", ["page", "instagram", "user"])
def test_what_another_product_of_the_app_posts_is_a_change_and_no_fault(product: str) -> None:
    entry = {"id": "1", "time": 1749416383, "messaging": [{"message": {"text": "Halo"}}]}
    read = read_body(json.dumps({"object": product, "entry": [entry, entry]}).encode())
    assert read.malformed == ()
    first, _ = read.events
    assert isinstance(first, OtherChange)
    assert (first.field, first.raw["value"]) == (product, entry)


@each_line(
    ("path", "kind"),
    [
        ("object", "text"),
        ("entry", "list"),
        ("entry[0]", "object"),
        ("entry[0].changes", "list"),
        ("entry[0].changes[0]", "object"),
        ("entry[0].changes[0].field", "text"),
        (VALUE, "object"),
        (f"{VALUE}.metadata", "object"),
        (f"{VALUE}.metadata.display_phone_number", "text"),
        (f"{VALUE}.contacts", "list"),
        (f"{VALUE}.contacts[0]", "object"),
        (f"{VALUE}.contacts[0].profile", "object"),
        (f"{VALUE}.contacts[0].profile.name", "text"),
        (f"{VALUE}.contacts[0].profile.username", "text"),
        (f"{VALUE}.contacts[0].wa_id", "text"),
        (f"{VALUE}.contacts[0].user_id", "text"),
        (f"{VALUE}.messages", "list"),
        (TEXT, "object"),
        (f"{TEXT}.id", "text"),
        (f"{TEXT}.from", "text"),
        (f"{TEXT}.type", "text"),
        (f"{TEXT}.timestamp", "time"),
        (f"{TEXT}.text", "object"),
        (f"{TEXT}.text.body", "text"),
        (f"{TEXT}.context", "object"),
        (f"{TEXT}.context.id", "text"),
        (f"{VALUE}.statuses", "list"),
        (f"{VALUE}.statuses[0]", "object"),
        (f"{VALUE}.statuses[0].status", "text"),
        (f"{VALUE}.statuses[0].recipient_id", "text"),
    ],
)
def test_every_place_of_another_type_is_named(path: str, kind: str) -> None:
    for other in OTHERS:
        fits = {"list": list, "object": dict, "time": int}.get(kind, str)
        if type(other) is fits:
            continue
        found = faults(spoilt(path, other))
        assert path in found, (path, other)
        assert all(line.isprintable() for line in found)


@each_line(
    "path",
    [
        "object",
        "entry",
        "entry[0].id",
        "entry[0].changes",
        "entry[0].changes[0].field",
        VALUE,
        f"{VALUE}.metadata",
        f"{TEXT}.id",
        f"{TEXT}.type",
        f"{TEXT}.timestamp",
        f"{TEXT}.text",
        f"{TEXT}.text.body",
        f"{VALUE}.statuses[0].id",
        f"{VALUE}.statuses[0].status",
    ],
)
def test_what_has_to_be_there_is_missed(path: str) -> None:
    assert faults(spoilt(path, ...))[path].reason == "missing"


@each_line("path", [f"{TEXT}.from", f"{VALUE}.contacts", f"{TEXT}.context"])
def test_what_may_be_missing_is_not(path: str) -> None:
    assert faults(spoilt(path, ...)) == {}


@each_line(
    ("path", "new"),
    [
        (f"{TEXT}.text.body", "x" * (MAX_TEXT + 1)),
        (f"{TEXT}.from", "1" * 2000),
        (f"{TEXT}.anything", "x" * (MAX_TEXT + 1)),
    ],
)
def test_what_is_enormous_is_named(path: str, new: str) -> None:
    assert faults(spoilt(path, new))[path].reason == "too_long"


@each_line("number", ["1" * 5000, "1e999", "-Infinity", "NaN"])
@each_line("path", [f"{TEXT}.text.body", f"{TEXT}.timestamp", f"{TEXT}.new"])
def test_a_number_that_nobody_can_hold_is_named(number: str, path: str) -> None:
    body = json.dumps(spoilt(path, "NUMBER")).replace('"NUMBER"', number).encode()
    assert faults(body)[path].reason == "unreadable_number"
    read = read_body(body, is_signed=True)
    assert [getattr(event, "id", "") for event in read.events][:2] == ["wamid.ONE", "wamid.TWO"]


@each_line("path", [f"{TEXT}.text.body", f"{TEXT}.id", f"{VALUE}.new", "new"])
@each_line("deep", ["[" * 5000 + "]" * 5000, '{"a":' * 300 + "1" + "}" * 300])
def test_what_is_nested_too_deep_is_cut_out_and_the_rest_is_read(path: str, deep: str) -> None:
    body = json.dumps(spoilt(path, "DEEP")).replace('"DEEP"', deep).encode()
    read = read_body(body, is_signed=True)
    assert "too_deep" in {fault.reason for fault in read.malformed if fault.path.startswith(path)}
    assert getattr(read.events[1], "id", "") == "wamid.TWO"
    assert json.loads(json.dumps([getattr(event, "raw", None) for event in read.events]))


@each_line("kind", kinds(), ids=lambda kind: str(kind.name))
def test_every_part_of_every_kind_may_be_anything(kind: Kind) -> None:
    whole = json.loads(kind.body)
    holder = whole["entry"][0]["changes"][0]["value"]
    for key in list(holder):
        for other in OTHERS:
            body = copy.deepcopy(whole)
            body["entry"][0]["changes"][0]["value"][key] = other
            read = read_body(json.dumps(body).encode(), is_signed=True)
            delivery = Delivery(read.events, b"", (), NOW, "valid", 0, read.malformed)
            assert list(event_json(delivery))
            assert all(click.unstyle(line).isprintable() for line in event_lines(delivery))


def test_the_faults_of_one_body_are_counted_out() -> None:
    body = spoilt(f"{VALUE}.messages", [{"id": 1, "type": 2, "timestamp": []}] * 900)
    assert len(faults(body)) == 100


async def test_a_malformed_body_is_taken_told_and_harms_no_other() -> None:
    body = json.dumps(spoilt(f"{TEXT}.text", {"body": ["\x1b[2J"]})).encode()
    async with http_client() as client, Endpoint(TOKEN, SECRET) as endpoint:
        assert await post(client, endpoint, body) == 200
        spoilt_one, told = await next_of(endpoint), []
        assert isinstance(spoilt_one, Delivery)
        told = [json.loads(text) for text in event_json(spoilt_one)]
        assert await post(client, endpoint, written("wamid.NEXT")) == 200
        after = await next_of(endpoint)
    assert [one["event"] for one in told] == ["message", "message", "status", "malformed"]
    assert told[-1]["path"] == f"{TEXT}.text.body"
    assert (told[-1]["reason"], told[-1]["found"]) == ("wrong_type", "a list")
    assert isinstance(after, Delivery)
    assert isinstance(after.events[0], InboundMessage)
    assert (after.events[0].id, after.malformed) == ("wamid.NEXT", ())


def _places(parsed: Any, path: str = "") -> list[str]:
    """Every place in a document, from the root."""
    parts = parsed.items() if isinstance(parsed, dict) else enumerate(parsed)
    named = [
        (f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip("."), part)
        for key, part in parts
    ]
    inner = [_places(part, at) for at, part in named if isinstance(part, dict | list)]
    return [*(at for at, _ in named), *(at for places in inner for at in places)]


def test_what_is_seen_at_a_glance_is_what_a_close_look_finds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    news = [..., "", "word", "9" * 20, "x" * 2000, [{}], {"type": "text"}, *OTHERS]
    parsed = [spoilt(path, new) for path in _places(HEALTHY) for new in news]
    bodies = [json.dumps(one).encode() for one in parsed] + [kind.body for kind in kinds()]
    at_a_glance = [read_body(body, is_signed=True) for body in bodies]
    seen = sum(is_as_described(json.loads(body)) for body in bodies)
    monkeypatch.setattr(reading, "is_as_described", lambda _whole: False)
    assert at_a_glance == [read_body(body, is_signed=True) for body in bodies]
    assert 50 < seen < len(bodies) - 200
