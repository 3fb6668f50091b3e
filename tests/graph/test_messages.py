"""What is sent and registered through Graph, and how its replies are read."""

from __future__ import annotations

import json

import pytest

from tests.graph.conftest import NUMBER_ID, TOKEN, WABA_ID, Connect, refusal, reply
from tests.loopback import Serve
from tests.tables import each_line
from wizard.graph import Accepted, GraphError, Reason, Template
from wizard.values.credentials import Secret

TO = "6281234567890"
PIN = Secret("271828")
ID = "wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABEYEg=="
TAKEN = {
    "messaging_product": "whatsapp",
    "contacts": [{"input": TO, "wa_id": TO}],
    "messages": [{"id": ID, "message_status": "accepted"}],
}


async def test_a_template_goes_out_with_its_language(serve: Serve, connect: Connect) -> None:
    server = await serve(reply(TAKEN))
    messages = connect(server.url).messages
    accepted = await messages.send_template(NUMBER_ID, TOKEN, TO, "hello_world", "en_US")
    (request,) = server.requests
    assert accepted == Accepted(ID, TO, status="accepted")
    assert (request.method, request.target) == ("POST", f"/v25.0/{NUMBER_ID}/messages")
    assert request.headers["authorization"] == f"Bearer {TOKEN.reveal()}"
    assert json.loads(request.body) == {
        "messaging_product": "whatsapp",
        "recipient_type": "individual",
        "to": TO,
        "type": "template",
        "template": {
            "name": "hello_world",
            "language": {"policy": "deterministic", "code": "en_US"},
        },
    }


async def test_a_text_goes_out_as_it_is(serve: Serve, connect: Connect) -> None:
    server = await serve(reply(TAKEN))
    said = 'Halo "Ayu"\n\u2014 \U0001f44b'
    await connect(server.url).messages.send_text(NUMBER_ID, TOKEN, TO, said)
    body = json.loads(server.requests[0].body)
    assert (body["type"], body["text"]) == ("text", {"body": said})


@each_line(
    ("body", "expected"),
    [
        ({"messages": [{"id": f" {ID} "}]}, Accepted(ID)),
        ({"messages": [{"id": ID}], "contacts": []}, Accepted(ID)),
        ({"messages": [{"id": ID}], "contacts": [{"wa_id": None}]}, Accepted(ID)),
        ({"messages": [{"id": ID}], "contacts": "?"}, Accepted(ID)),
    ],
)
async def test_what_a_reply_lacks_beside_the_id_is_not_missed(
    body: object, expected: Accepted, serve: Serve, connect: Connect
) -> None:
    server = await serve(reply(body))
    sent = await connect(server.url).messages.send_text(NUMBER_ID, TOKEN, TO, "halo")
    assert sent == expected


@each_line("body", [{}, {"messages": []}, {"messages": [{}]}, {"messages": ["x"]}])
async def test_a_reply_that_names_no_message_is_none_of_graphs(
    body: object, serve: Serve, connect: Connect
) -> None:
    server = await serve(reply(body))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).messages.send_text(NUMBER_ID, TOKEN, TO, "halo")
    assert caught.value.reason is Reason.NOT_JSON


async def test_a_message_is_sent_once_whatever_comes_back(serve: Serve, connect: Connect) -> None:
    server = await serve(refusal(131000, "(#131000) Something went wrong", 500))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).messages.send_text(NUMBER_ID, TOKEN, TO, "halo")
    assert (caught.value.reason, caught.value.code) == (Reason.SERVER_ERROR, 131000)
    assert len(server.requests) == 1


@each_line(
    ("title", "details", "evidence"),
    [
        ("(#131042) Payment issue", "No method.", "Graph: 131042, Payment issue No method."),
        ("(#130497) Not here", "Not here", "Graph: 130497, Not here"),
        ("(#131030) Not allowed", "Not allowed: add it.", "Graph: 131030, Not allowed: add it."),
        ("(#133010) Not registered", None, "Graph: 133010, Not registered"),
    ],
)
async def test_code_title_and_details_are_told_once(
    title: str, details: str | None, evidence: str, serve: Serve, connect: Connect
) -> None:
    data = {"messaging_product": "whatsapp", "details": details} if details else None
    code = int(title[2:8])
    server = await serve(refusal(code, title, error_data=data))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).messages.send_text(NUMBER_ID, TOKEN, TO, "halo")
    assert (caught.value.code, caught.value.evidence) == (code, evidence)


async def test_a_number_is_registered_with_a_pin_that_nobody_hears_of(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    server = await serve(
        reply({"success": True}), refusal(133005, f"(#133005) PIN {PIN.reveal()} is wrong")
    )
    messages = connect(server.url).messages
    await messages.register(NUMBER_ID, TOKEN, PIN)
    request = server.requests[0]
    assert request.target == f"/v25.0/{NUMBER_ID}/register"
    assert json.loads(request.body) == {"messaging_product": "whatsapp", "pin": PIN.reveal()}
    with pytest.raises(GraphError) as caught:
        await messages.register(NUMBER_ID, TOKEN, PIN)
    assert caught.value.code == 133005
    assert PIN.reveal() not in f"{caught.value.evidence} {vars(caught.value)} {caplog.text}"


async def test_templates_are_listed_with_language_and_status(
    serve: Serve, connect: Connect
) -> None:
    listed = [
        {"id": "1", "name": "hello_world", "language": "en_US", "status": "APPROVED"},
        {"id": "2", "name": "order_ready", "language": "id", "status": "pending"},
        {"id": "3", "name": "odd"},
    ]
    server = await serve(reply({"data": listed}))
    found = await connect(server.url).messages.templates(WABA_ID, TOKEN)
    assert server.requests[0].path == f"/v25.0/{WABA_ID}/message_templates"
    assert found == (
        Template("hello_world", "en_US", "APPROVED"),
        Template("order_ready", "id", "PENDING"),
        Template("odd", ""),
    )
