"""Sending from a number, each of Meta's refusals, and registering the number."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import httpx
import pytest
import pytest_asyncio

from tests.simulator.calls_out.callbacks import bearer, done
from tests.simulator.calls_out.deliveries import listening, quick, statuses
from tests.simulator.conftest import NOON, Graph, error
from tests.tables import each_line
from wizard.simulator import Meta
from wizard.simulator.calls_out.dispatcher import EventDispatcher
from wizard.simulator.world.objects import MANAGEMENT, MESSAGING, Phone, Template
from wizard.simulator.world.people import Customer, SendError

pytestmark = pytest.mark.asyncio(loop_scope="session")

Change: TypeAlias = Callable[[Meta], None]

TO = Customer().wa_id
STRANGER = "6281255501234"
PIN = "246810"


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def dispatcher(graph: Graph) -> AsyncIterator[EventDispatcher]:
    async with quick(graph) as found:
        yield found


def template(name: str = "hello_world", code: str = "en_US", to: str = TO) -> dict[str, Any]:
    content = {"name": name, "language": {"code": code}}
    return {"messaging_product": "whatsapp", "to": to, "type": "template", "template": content}


def text(body: str = "halo", to: str = TO) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": body}}


async def post(graph: Graph, path: str, body: object, phone: Phone | None = None) -> httpx.Response:
    number = (phone or graph.meta.test_number).id
    url = f"/v25.0/{number}/{path}"
    return await graph.stage.client.post(url, json=body, headers=bearer(graph))


async def send(graph: Graph, body: object, phone: Phone | None = None) -> httpx.Response:
    return await post(graph, "messages", body, phone)


async def accepted(graph: Graph, body: object, phone: Phone | None = None) -> str:
    """The id that the message was given."""
    answer = await send(graph, body, phone)
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["messages"][0]["id"]
    return found


def own_template(meta: Meta) -> None:
    meta.waba.templates.append(Template("1", "order_ready", "id"))


async def test_a_template_is_accepted_then_followed_to_read(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with listening(graph) as server:
        answer = await send(graph, template(to=f"+{TO}"))
        await dispatcher.idle()
    body = answer.json()
    message_id = body["messages"][0]["id"]
    assert message_id.startswith("wamid.")
    assert body == {
        "messaging_product": "whatsapp",
        "contacts": [{"input": f"+{TO}", "wa_id": TO}],
        "messages": [{"id": message_id, "message_status": "accepted"}],
    }
    told = statuses(server)
    assert [status["status"] for status in told] == ["sent", "delivered", "read"]
    assert {status["id"] for status in told} == {message_id}
    assert {status["recipient_id"] for status in told} == {TO}
    assert told[0]["pricing"]["category"] == "utility"


async def test_nothing_is_said_of_a_name_that_nobody_told(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with listening(graph) as server:
        await send(graph, template())
        await dispatcher.idle()
    (contact,) = json.loads(server.requests[0].body)["entry"][0]["changes"][0]["value"]["contacts"]
    assert contact == {"wa_id": TO, "user_id": Customer().user_id}


@each_line(
    ("change", "sentence"),
    [
        ({"messaging_product": None}, "The parameter messaging_product is required."),
        (
            {"messaging_product": "sms"},
            'Param messaging_product must be one of {WHATSAPP} - got "sms".',
        ),
        ({"to": ""}, "The parameter to is required."),
        ({"type": "fax"}, "Param type must be one of {AUDIO, CONTACTS, "),
        ({"type": "text"}, "The parameter text is required."),
        ({"type": "text", "text": "halo"}, "Param text must be a JSON object."),
        ({"type": "text", "text": {}}, "The parameter text['body'] is required."),
        (
            {"type": "text", "text": {"body": "x" * 4097}},
            "Param text['body'] must be at most 4096 characters long.",
        ),
        ({"template": []}, "Param template must be a JSON object."),
        ({"template": {"name": "hello_world"}}, "The parameter template['language'] is required."),
        (
            {"template": {"name": "hello_world", "language": {}}},
            "The parameter template['language']['code'] is required.",
        ),
    ],
)
async def test_what_is_missing_is_named(
    graph: Graph, change: dict[str, object], sentence: str
) -> None:
    answer = await send(graph, {**template(), **change})
    found = error(answer)
    assert (answer.status_code, found["code"]) == (400, 100)
    assert found["message"].startswith(f"(#100) {sentence}")
    assert "error_data" not in found


async def test_a_recipient_has_digits(graph: Graph) -> None:
    assert error(await send(graph, template(to="Budi")))["code"] == 131009


@dataclass(frozen=True)
class Refusal:
    """What Meta says to a message, in a world that was changed."""

    code: int
    title: str
    body: dict[str, Any]
    change: Change = lambda _: None
    number: str = "test_number"
    status: int = 400


def pause_template(meta: Meta) -> None:
    meta.waba.templates[0].status = "PAUSED"


def deregister(meta: Meta) -> None:
    meta.own_number.platform_type = "NOT_APPLICABLE"


def leave_unpaid(meta: Meta) -> None:
    meta.dispatcher.sending_rules.unpaid = True


def restrict(meta: Meta) -> None:
    meta.dispatcher.sending_rules.restricted = ("62", "1")


NO_TEMPLATE = "Template name does not exist in the translation"
NOT_IN_THIS_COUNTRY = "Business account is restricted from messaging users in this country."
ONLY_TEST_NUMBERS = "Hello World templates can only be sent from the Public Test Numbers"
OWN_TEMPLATE = template("order_ready", "id")
REFUSALS = [
    Refusal(131030, "Recipient phone number not in allowed list", template(to=STRANGER)),
    Refusal(131058, ONLY_TEST_NUMBERS, template(), number="own_number"),
    Refusal(132001, NO_TEMPLATE, template(code="en"), status=404),
    Refusal(132001, NO_TEMPLATE, template(), pause_template, status=404),
    Refusal(133010, "Account not registered", template(), deregister, "own_number"),
    Refusal(131042, "Business eligibility payment issue", OWN_TEMPLATE, leave_unpaid, "own_number"),
    Refusal(130497, NOT_IN_THIS_COUNTRY, OWN_TEMPLATE, restrict, "own_number", 403),
]


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: str(refusal.code))
async def test_each_refusal_has_its_code_and_its_words(
    graph: Graph, dispatcher: EventDispatcher, refusal: Refusal
) -> None:
    own_template(graph.meta)
    refusal.change(graph.meta)
    async with listening(graph) as server:
        answer = await send(graph, refusal.body, getattr(graph.meta, refusal.number))
        await dispatcher.idle()
    found = error(answer)
    assert (answer.status_code, found["code"]) == (refusal.status, refusal.code)
    assert found["message"] == f"(#{refusal.code}) {refusal.title}"
    assert found["type"] == "OAuthException"
    assert server.requests == []


async def test_a_refusal_explains_itself_in_error_data(graph: Graph) -> None:
    found = error(await send(graph, template(code="en")))
    assert found["error_data"] == {
        "messaging_product": "whatsapp",
        "details": "template name (hello_world) does not exist in en",
    }


async def test_an_own_number_may_write_to_anybody(graph: Graph) -> None:
    own_template(graph.meta)
    await accepted(graph, template("order_ready", "id", STRANGER), graph.meta.own_number)


async def test_a_test_number_needs_no_payment(graph: Graph, dispatcher: EventDispatcher) -> None:
    dispatcher.sending_rules.unpaid = True
    await accepted(graph, template())


@pytest.mark.parametrize(
    ("listed", "wa_id"),
    [
        ("541155501234", "5491155501234"),
        ("525555501234", "5215555501234"),
        ("5531987654321", "553187654321"),
    ],
)
async def test_the_number_of_a_webhook_may_not_be_the_one_on_the_list(
    graph: Graph, dispatcher: EventDispatcher, listed: str, wa_id: str
) -> None:
    dispatcher.sending_rules.allowed_recipients = [listed]
    dispatcher.inbound_text("halo", sender=wa_id)
    assert error(await send(graph, text(to=wa_id)))["code"] == 131030
    answer = await send(graph, text(to=listed))
    assert answer.json()["contacts"] == [{"input": listed, "wa_id": wa_id}]


async def test_sao_paulo_is_known_by_the_number_that_is_dialled(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    dispatcher.sending_rules.allowed_recipients = [dialled := "5511987654321"]
    answer = await send(graph, text(to=dialled))
    assert answer.json()["contacts"] == [{"input": dialled, "wa_id": dialled}]


async def test_free_text_out_of_the_window_is_accepted_and_fails_later(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with listening(graph) as server:
        message_id = await accepted(graph, text())
        await dispatcher.idle()
    (told,) = statuses(server)
    assert (told["id"], told["status"]) == (message_id, "failed")
    (why,) = told["errors"]
    assert (why["code"], why["title"]) == (131047, "Re-engagement message")
    assert why["error_data"]["details"].startswith("Message failed to send because more than 24")


@pytest.mark.parametrize(
    ("hours", "last"), [(0, "read"), (23.9, "read"), (24, "failed"), (100, "failed")]
)
async def test_who_writes_may_be_answered_for_24_hours(
    graph: Graph, dispatcher: EventDispatcher, hours: float, last: str
) -> None:
    dispatcher.inbound_text("halo")
    await dispatcher.idle()
    graph.meta.token.expires_at = 0
    graph.meta.now = lambda: NOON + hours * 3600
    async with listening(graph) as server:
        await accepted(graph, text())
        await dispatcher.idle()
    assert statuses(server)[-1]["status"] == last


async def test_a_window_is_of_one_number_and_one_person(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    dispatcher.inbound_text("halo", to=graph.meta.own_number)
    dispatcher.inbound_text("halo", sender=STRANGER)
    async with listening(graph) as server:
        await accepted(graph, text())
        await dispatcher.idle()
    assert statuses(server)[-1]["status"] == "failed"


async def test_what_was_accepted_may_fail_for_any_reason(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    trouble = SendError(131026, "Message undeliverable", "Message Undeliverable.")
    dispatcher.sending_rules.error = trouble
    async with listening(graph) as server:
        await accepted(graph, template())
        await dispatcher.idle()
    (told,) = statuses(server)
    assert (told["status"], told["errors"][0]["code"]) == ("failed", 131026)


async def test_a_form_is_as_good_as_json(graph: Graph) -> None:
    form = {**template(), "template": json.dumps(template()["template"])}
    url = f"/v25.0/{graph.meta.test_number.id}/messages"
    answer = await graph.stage.client.post(url, data=form, headers=bearer(graph))
    assert answer.json()["messages"][0]["message_status"] == "accepted"


async def test_a_message_may_be_marked_as_read(graph: Graph, dispatcher: EventDispatcher) -> None:
    message_id = dispatcher.inbound_text("halo")
    body = {"messaging_product": "whatsapp", "status": "read", "message_id": message_id}
    await done(await send(graph, body))


async def test_sending_and_registering_each_ask_for_their_permission(graph: Graph) -> None:
    graph.meta.token.scopes = (MANAGEMENT,)
    assert (
        error(await send(graph, template()))["message"] == f"(#200) Requires {MESSAGING} permission"
    )
    graph.meta.token.scopes = (MESSAGING,)
    found = error(await post(graph, "register", {}))
    assert found["message"] == f"(#200) Requires {MANAGEMENT} permission"


def registration(pin: object = PIN) -> dict[str, object]:
    return {"messaging_product": "whatsapp", "pin": pin}


async def test_a_registered_number_may_send(graph: Graph) -> None:
    own = graph.meta.own_number
    own.platform_type, own.status = "NOT_APPLICABLE", "PENDING"
    own_template(graph.meta)
    assert error(await send(graph, template("order_ready", "id"), own))["code"] == 133010
    await done(await post(graph, "register", registration(), own))
    await accepted(graph, template("order_ready", "id"), own)
    assert (own.platform_type, own.status) == ("CLOUD_API", "CONNECTED")


async def test_a_number_keeps_the_pin_of_its_first_registration(graph: Graph) -> None:
    own = graph.meta.own_number
    await done(await post(graph, "register", registration(), own))
    own.platform_type = "NOT_APPLICABLE"
    answer = await post(graph, "register", registration("111111"), own)
    found = error(answer)
    assert (answer.status_code, found["code"]) == (400, 133005)
    assert found["message"] == "(#133005) Two step verification PIN Mismatch"
    assert own.platform_type == "NOT_APPLICABLE"
    await done(await post(graph, "register", registration(int(PIN)), own))


@each_line("pin", ["12345", "1234567", "12345x", "١٢٣٤٥٦", None])
async def test_a_pin_has_six_digits(graph: Graph, pin: object) -> None:
    assert error(await post(graph, "register", registration(pin)))["code"] == 100


async def test_registering_asks_for_the_product(graph: Graph) -> None:
    found = error(await post(graph, "register", {"pin": PIN}))
    assert found["message"] == "(#100) The parameter messaging_product is required."


async def test_an_own_number_is_verified_before_it_is_registered(graph: Graph) -> None:
    own = graph.meta.own_number
    own.code_verification_status = "NOT_VERIFIED"
    assert error(await post(graph, "register", registration(), own))["code"] == 133006
    await done(await post(graph, "register", registration()))
