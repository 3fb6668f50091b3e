"""People who share no number: written to, read back and remembered by their user ID."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from tests.tables import each_line
from tests.webhook.kinds import HIDDEN, PARENT_ID, USER_ID
from tests.webhook.meta import change, value
from wizard.journeys.messages.messages import MessageDraft, SendResult, send
from wizard.journeys.messages.phone_input import parse_phone_input
from wizard.journeys.messages.recipients import RecipientError, read_recipient
from wizard.journeys.messages.service_window import RecentSenders
from wizard.settings import GRAPH_VERSION
from wizard.simulator import serve
from wizard.values.credentials import Secret, Values
from wizard.webhook.events import InboundMessage
from wizard.webhook.reading import read_events
from wizard.world import World

NOW = datetime(2026, 11, 23, 17, tzinfo=UTC)
TO = read_recipient(USER_ID)
LONGEST = "US." + "a1" * 64


@dataclass
class Taking:
    """A Graph that takes any message, and says this of it."""

    message: dict[str, Any]
    contact: dict[str, Any]
    templates: list[dict[str, Any]] = field(default_factory=list)
    error: dict[str, Any] | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"].endswith("message_templates"):
            await JSONResponse({"data": self.templates})(scope, receive, send)
            return
        self.asked.append(await Request(scope, receive).json())
        reply = {"contacts": [self.contact], "messages": [self.message]}
        answer = JSONResponse({"error": self.error}, 400) if self.error else JSONResponse(reply)
        await answer(scope, receive, send)


@asynccontextmanager
async def world(graph: Taking) -> AsyncIterator[World]:
    values = Values(phone_number_id="1", access_token=Secret("EAA" + "x" * 60), waba_id="2")
    async with serve(graph) as base, World("test", values, base, GRAPH_VERSION) as made:
        yield made


async def sent(graph: Taking, draft: MessageDraft) -> SendResult:
    async with world(graph) as made:
        return await send(made, draft)


@each_line("text", [USER_ID, PARENT_ID, LONGEST, f"  {USER_ID}\n"])
def test_a_user_id_is_a_recipient(text: str) -> None:
    to = read_recipient(text)
    assert (to.digits, to.shown, to.other, to.is_user_id) == (
        text.strip(),
        text.strip(),
        None,
        True,
    )


@each_line("text", ["us.1349", "US.", "US.13-49", LONGEST + "1", "US.ENT.", "US.1 2", "US.ENT.x.y"])
def test_what_only_looks_like_one_is_refused_with_its_form(text: str) -> None:
    with pytest.raises(RecipientError, match="two capital letters"):
        read_recipient(text)


def test_a_user_id_is_read_while_it_is_typed() -> None:
    assert parse_phone_input("US.").unfinished
    reading = parse_phone_input(USER_ID)
    assert reading.recipient == TO
    assert reading.country == "United States"


async def test_a_message_to_a_user_id_goes_to_recipient_and_its_reply_has_no_number() -> None:
    graph = Taking({"id": "wamid.1"}, {"input": USER_ID, "user_id": USER_ID})
    outcome = await sent(graph, MessageDraft(TO, "Halo"))
    assert (outcome.id, [one.id for one in outcome.findings]) == ("wamid.1", ["message.sent"])
    assert graph.asked[0]["recipient"] == USER_ID
    assert "to" not in graph.asked[0]


async def test_a_number_still_goes_to_to() -> None:
    graph = Taking({"id": "wamid.1"}, {"wa_id": "16505550148"})
    await sent(graph, MessageDraft(read_recipient("+16505550148")))
    assert graph.asked[0]["to"] == "16505550148"
    assert "recipient" not in graph.asked[0]


@each_line(
    ("status", "ids"),
    [
        ("accepted", ["message.sent"]),
        ("held_for_quality_assessment", ["message.sent", "message.held"]),
        ("paused", ["message.sent", "message.paused"]),
        ("of tomorrow", ["message.sent"]),
    ],
)
async def test_what_meta_holds_back_is_said(status: str, ids: list[str]) -> None:
    graph = Taking({"id": "wamid.1", "message_status": status}, {})
    outcome = await sent(graph, MessageDraft(TO))
    assert outcome.id == "wamid.1"
    assert [one.id for one in outcome.findings] == ids


async def test_a_refused_template_comes_with_the_command_for_one_that_is_there() -> None:
    body = {"type": "BODY", "text": "Hi {{1}}"}
    templates: list[dict[str, Any]] = [
        {"name": "cart", "language": "en", "status": "APPROVED", "components": [body]},
        {"name": "pending", "language": "en", "status": "PENDING"},
        {"name": "plain", "language": "id", "status": "APPROVED", "components": [{"type": "BODY"}]},
    ]
    error = {"code": 131058, "message": "(#131058) Hello World templates"}
    outcome = await sent(Taking({}, {}, templates, error), MessageDraft(TO))
    assert [one.name for one in outcome.others or ()] == ["plain", "cart"]
    command = f"whatsapp-wizard send {USER_ID} --template plain --language id"
    assert outcome.findings[0].fix[0] == command


async def test_what_cant_go_to_a_user_id_is_named() -> None:
    error = {"code": 131062, "message": "(#131062) BSUID recipients are not supported"}
    outcome = await sent(Taking({}, {}, [], error), MessageDraft(TO))
    assert outcome.findings[0].id == "message.user_id_unsupported"


def written(field_: str = "messages", **parts: Any) -> InboundMessage:
    head = {"id": "wamid.1", "timestamp": str(int(NOW.timestamp())), "type": "text"}
    message = head | {"text": {"body": "Halo"}} | parts
    (event,) = read_events(change(value("1", contacts=[HIDDEN], messages=[message]), field_))
    assert isinstance(event, InboundMessage)
    return event


def test_who_wrote_without_a_number_is_among_those_who_wrote() -> None:
    senders = RecentSenders()
    senders.handle_event(written(from_user_id=USER_ID), NOW)
    last = senders.last("1")
    assert last is not None
    assert (last.recipient, last.name) == (TO, "Noor")
    assert senders.within("1", TO, NOW + timedelta(hours=23)) == last
    assert senders.within("1", TO, NOW + timedelta(hours=25)) is None


def test_who_wrote_with_both_is_found_by_either() -> None:
    senders = RecentSenders()
    senders.handle_event(written(**{"from": "16505550148", "from_user_id": USER_ID}), NOW)
    for to in (TO, read_recipient("+16505550148")):
        assert senders.within("1", to, NOW) is not None


def test_who_writes_to_another_apps_conversation_is_not_ours_to_answer() -> None:
    senders = RecentSenders()
    senders.handle_event(written("standby", from_user_id=USER_ID), NOW)
    assert senders.last("1") is None
