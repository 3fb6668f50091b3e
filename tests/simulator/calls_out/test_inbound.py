"""Customers who write: from a few words, by the control path, and by a line of standard input."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from tests.simulator.calls_out.callbacks import bearer
from tests.simulator.calls_out.deliveries import listening, quick, record, statuses, value
from tests.simulator.conftest import Graph
from tests.simulator.graph_api.everyday import bad, good
from tests.simulator.graph_api.test_messages import STRANGER, TO, template, text
from tests.tables import each_line
from wizard.simulator.calls_out.inbound import KINDS, InboundError, from_line, read
from wizard.simulator.world.objects import Subscription

pytestmark = pytest.mark.asyncio(loop_scope="session")

USER = "US.13491208655302"


async def post(graph: Graph, given: object, **headers: str) -> httpx.Response:
    return await graph.stage.client.post("/_simulator/messages", json=given, headers=headers)


async def arrived(graph: Graph, given: Mapping[str, object]) -> dict[str, Any]:
    """The value in which a message arrives at a callback."""
    async with quick(graph) as dispatcher, listening(graph) as server:
        answer = await post(graph, given)
        assert answer.status_code == 200, answer.text
        await dispatcher.idle()
    found = next(value(one) for one in server.requests if b'"messages":[' in one.body)
    assert found["messages"][0]["id"] == answer.json()["messages"][0]["id"]
    return found


@each_line("kind", [kind for kind in KINDS if kind not in {"call", "voice"}])
async def test_any_kind_arrives_with_words_of_its_own(graph: Graph, kind: str) -> None:
    (message,) = (await arrived(graph, {"type": kind}))["messages"]
    assert (message["type"], message["from"]) == (kind, TO)
    if kind not in {"unsupported", "request_welcome"}:
        assert message[kind]


async def test_a_call_comes_on_a_field_of_its_own(graph: Graph) -> None:
    async with quick(graph) as dispatcher, listening(graph) as server:
        record(graph, f"{server.url}/webhook")
        held = await post(graph, {"type": "call"})
        assert held.json()["held"]
        graph.meta.app.subscriptions[:] = [Subscription(f"{server.url}/", ("messages", "calls"))]
        dispatcher.release()
        await dispatcher.idle()
    assert b'"field":"calls"' in server.requests[-1].body
    assert b'"USER_INITIATED"' in server.requests[-1].body


async def test_who_shares_no_number_has_none_anywhere(graph: Graph) -> None:
    told = await arrived(graph, {"text": "halo", "from": USER, "username": "budi", "name": ""})
    (message,), (contact,) = told["messages"], told["contacts"]
    assert (message["from_user_id"], contact["user_id"]) == (USER, USER)
    assert not {"from", "wa_id"} & {*message, *contact}
    assert contact["profile"] == {"username": "budi"}


async def test_who_wrote_without_a_number_is_answered_by_the_id(graph: Graph) -> None:
    async with quick(graph) as dispatcher, listening(graph) as server:
        await post(graph, {"text": "halo", "user_id": USER})
        answer = {**text(), "recipient": USER}
        del answer["to"]
        sent = await good(graph, "POST", "{phone_number_id}/messages", answer)
        await dispatcher.idle()
        assert sent["contacts"] == [{"input": USER, "user_id": USER}]
        stranger = {**answer, "recipient": "US.1"}
        assert (await bad(graph, "POST", "{phone_number_id}/messages", stranger))["code"] == 131030
    told = [value(request) for request in server.requests if b"statuses" in request.body]
    words = [one["statuses"][0]["status"] for one in told]
    assert words == ["sent", "delivered", "read"]
    assert "recipient_id" not in told[0]["statuses"][0]


async def test_a_number_goes_before_an_id(graph: Graph) -> None:
    sent = await good(graph, "POST", "{phone_number_id}/messages", {**text(), "recipient": USER})
    assert sent["contacts"] == [{"input": TO, "wa_id": TO}]


async def test_it_opens_the_window_for_free_form_answers(graph: Graph) -> None:
    async with quick(graph) as dispatcher, listening(graph) as server:
        await post(graph, {"text": "halo"})
        await good(graph, "POST", "{phone_number_id}/messages", text("halo juga"))
        await dispatcher.idle()
        answered = [one for one in server.requests if b"statuses" in one.body]
        server.requests[:] = answered
        assert [one["status"] for one in statuses(server)] == ["sent", "delivered", "read"]


async def test_what_a_customer_sends_is_downloaded(graph: Graph) -> None:
    data = base64.b64encode(b"a menu").decode()
    given = {"type": "document", "document": {"data": data, "filename": "menu.txt"}}
    (message,) = (await arrived(graph, given))["messages"]
    read = await good(graph, "GET", message["document"]["id"])
    url = message["document"]["url"]
    for address in (read["url"], url):
        answer = await graph.stage.client.get(address, headers=bearer(graph))
        assert answer.content == b"a menu"
    assert message["document"]["filename"] == "menu.txt"


@pytest.mark.parametrize(
    ("interactive", "reply"),
    [
        (
            {"type": "button", "action": {"buttons": [{"reply": {"id": "y", "title": "Yes"}}]}},
            {"type": "button_reply", "button_reply": {"id": "y", "title": "Yes"}},
        ),
        (
            {"type": "list", "action": {"sections": [{"rows": [{"id": "y", "title": "Yes"}]}]}},
            {"type": "list_reply", "list_reply": {"id": "y", "title": "Yes"}},
        ),
    ],
)
async def test_a_tap_answers_what_was_sent_last(
    graph: Graph, interactive: dict[str, Any], reply: dict[str, Any]
) -> None:
    if interactive["type"] == "list":
        interactive["action"]["button"] = "Choose"
    body = {**text(), "type": "interactive", "interactive": {**interactive, "body": {"text": "?"}}}
    sent = (await good(graph, "POST", "{phone_number_id}/messages", body))["messages"][0]["id"]
    (message,) = (await arrived(graph, {"type": "button", "button": "yes"}))["messages"]
    assert (message["context"]["id"], message["interactive"]) == (sent, reply)


@pytest.mark.parametrize(
    ("parameters", "payload"),
    [([{"type": "payload", "payload": "STOP-7"}], "STOP-7"), ([], "Stop promotions")],
    ids=["with a payload", "without"],
)
async def test_a_tap_on_a_template_brings_the_payload_it_was_sent_with(
    graph: Graph, parameters: list[dict[str, str]], payload: str
) -> None:
    words = [{"type": "QUICK_REPLY", "text": one} for one in ("Confirm", "Stop promotions")]
    parts = [{"type": "BODY", "text": "Ready."}, {"type": "BUTTONS", "buttons": words}]
    order = {"name": "ready", "language": "id", "category": "UTILITY", "components": parts}
    await good(graph, "POST", "{waba_id}/message_templates", order)
    body = template("ready", "id")
    button = {"type": "button", "sub_type": "quick_reply", "index": "1", "parameters": parameters}
    body["template"]["components"] = [button] if parameters else []
    await good(graph, "POST", "{phone_number_id}/messages", body)
    (message,) = (await arrived(graph, {"type": "button", "button": "stop promotions"}))["messages"]
    assert message["type"] == "button"
    assert message["button"] == {"payload": payload, "text": "Stop promotions"}


async def test_a_voice_note_says_which_codec_it_has(graph: Graph) -> None:
    (message,) = (await arrived(graph, {"type": "voice"}))["messages"]
    assert message["type"] == "audio"
    assert message["audio"]["voice"] is True
    assert message["audio"]["mime_type"] == "audio/ogg; codecs=opus"
    read = await good(graph, "GET", message["audio"]["id"])
    assert read["mime_type"] == message["audio"]["mime_type"]


async def test_a_kind_that_is_not_known_comes_as_it_is_given(graph: Graph) -> None:
    given = {"type": "poll", "poll": {"question": "?"}, "group_id": "Y2Fw"}
    (message,) = (await arrived(graph, given))["messages"]
    assert (message["poll"], message["group_id"]) == ({"question": "?"}, "Y2Fw")


@each_line(
    "given",
    [
        {"type": "poll"},
        {"text": "halo", "from": "nobody"},
        {"text": "halo", "to": "1"},
        {"text": "halo", "field": "statuses"},
        {"type": 7.5},
        {"type": "image", "image": {"data": "?"}},
        [],
        "halo",
        None,
    ],
)
async def test_what_is_no_message_is_refused_in_a_sentence(graph: Graph, given: object) -> None:
    answer = await post(graph, given)
    assert (answer.status_code, answer.json()["error"]["type"]) == (400, "SimulatorError")


async def test_it_waits_for_a_callback_where_there_is_none(graph: Graph) -> None:
    async with quick(graph) as dispatcher:
        answer = await post(graph, {"text": "halo"})
        assert answer.json()["held"]
        assert not dispatcher.sending_rules.last_heard
        async with listening(graph) as server:
            dispatcher.release()
            await dispatcher.idle()
            assert len(server.requests) == 1
            dispatcher.release()
            await dispatcher.idle()
            assert len(server.requests) == 1


async def test_what_the_business_sent_is_read(graph: Graph) -> None:
    await good(graph, "POST", "{phone_number_id}/messages", text())
    (sent,) = (await graph.stage.client.get("/_simulator/messages")).json()["messages"]
    assert (sent["to"], sent["request"]["text"]) == (TO, {"body": "halo"})


async def test_the_next_message_fails_as_told(graph: Graph) -> None:
    async with quick(graph) as dispatcher, listening(graph) as server:
        await post(graph, {"text": "halo"})
        for given in ({"code": 131056}, {"code": 131026, "details": "Away."}):
            answer = await graph.stage.client.post("/_simulator/failures", json=given)
            assert answer.status_code == 200
        assert (await bad(graph, "POST", "{phone_number_id}/messages", text()))["code"] == 131056
        await good(graph, "POST", "{phone_number_id}/messages", text())
        await good(graph, "POST", "{phone_number_id}/messages", text())
        await dispatcher.idle()
        told = [value(one)["statuses"][0] for one in server.requests if b"statuses" in one.body]
    failed = [one["errors"][0] for one in told if one["status"] == "failed"]
    assert [(one["code"], one["error_data"]["details"]) for one in failed] == [(131026, "Away.")]
    assert [one["status"] for one in told].count("read") == 1


@each_line("given", [{}, {"code": "x"}, {"code": 1, "count": 0}, []])
async def test_a_failure_has_a_code(graph: Graph, given: object) -> None:
    answer = await graph.stage.client.post("/_simulator/failures", json=given)
    assert answer.status_code == 400


@each_line(
    "headers",
    [
        {"host": "hidden-market.example"},
        {"x-forwarded-for": "203.0.113.7"},
        {"origin": "https://hidden-market.example"},
    ],
)
async def test_a_tunnel_or_a_page_gets_no_control(graph: Graph, headers: dict[str, str]) -> None:
    assert (await post(graph, {"text": "halo"}, **headers)).status_code == 403


@each_line(
    ("path", "status"), [("messages/x", 404), ("", 404), ("failures", 405), ("messages", 200)]
)
async def test_other_control_paths_say_what_there_is(graph: Graph, path: str, status: int) -> None:
    assert (await graph.stage.client.get(f"/_simulator/{path}")).status_code == status


@each_line(
    ("line", "given"),
    [
        ("say halo there", {"type": "text", "text": "halo there"}),
        ("image", {"type": "image"}),
        ("image the menu", {"type": "image", "image": "the menu"}),
        ("button yes", {"type": "button", "button": "yes"}),
        ("react 👍", {"type": "reaction", "reaction": "👍"}),
        ("  call  ", {"type": "call"}),
    ],
)
async def test_a_line_is_a_message(graph: Graph, line: str, given: dict[str, str]) -> None:
    assert from_line(line, {"from": TO}) == ({"from": TO, **given}, {"from": TO})
    assert read(graph.meta, given).sender.wa_id == TO


async def test_a_line_may_change_who_writes(graph: Graph) -> None:
    _, sender = from_line(f"as {USER} Budi", {})
    assert read(graph.meta, {**sender, "text": "x"}).sender.key == USER
    _, sender = from_line(f"as +{STRANGER}", sender)
    assert read(graph.meta, {**sender, "text": "x"}).sender.key == STRANGER
    assert from_line("as", sender) == (None, {})


@each_line("line", ["shout", "say", "as nobody"])
async def test_any_other_line_is_refused(line: str) -> None:
    with pytest.raises(InboundError):
        from_line(line, {})


@each_line("begun", ["", "as ", "WHATSAPP_APP_SECRET=", '{"from": "'])
@each_line("secret", ["9f86d081884c7d659a2feaa0c55ad015", "EAAJBq7ZCd0ABO3kXw9v"])
async def test_a_value_that_was_pasted_by_mistake_is_not_repeated(begun: str, secret: str) -> None:
    with pytest.raises(InboundError) as refused:
        from_line(begun + secret, {})
    assert secret not in str(refused.value)
