"""Message templates: made, listed, edited, deleted, and filled when they are sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.calls_out.callbacks import bearer
from tests.simulator.calls_out.deliveries import listening
from tests.simulator.conftest import Graph
from tests.simulator.graph_api.everyday import bad, good
from tests.simulator.graph_api.test_messages import template
from tests.tables import each_line
from wizard.simulator.world.objects import Subscription

pytestmark = pytest.mark.asyncio(loop_scope="session")

BODY = {
    "type": "body",
    "text": "Hi {{1}}, order {{2}} is ready.",
    "example": {"body_text": [["Ayu", "7"]]},
}
NAMED = {
    "type": "BODY",
    "text": "Hi {{name}}, welcome.",
    "example": {"body_text_named_params": [{"param_name": "name", "example": "Ayu"}]},
}


def order(**others: Any) -> dict[str, Any]:
    made = {"name": "order_ready", "language": "id", "category": "UTILITY", "components": [BODY]}
    return {**made, **others}


async def create(graph: Graph, **others: Any) -> str:
    made = await good(graph, "POST", "{waba_id}/message_templates", order(**others))
    assert made["status"] == "PENDING"
    return str(made["id"])


def filled(*words: str, **others: Any) -> list[dict[str, Any]]:
    parameters = [{"type": "text", "text": word, **others} for word in words]
    return [{"type": "body", "parameters": parameters}]


async def send(graph: Graph, components: object) -> dict[str, Any]:
    message = template("order_ready", "id")
    message["template"]["components"] = components
    url = f"/v23.0/{graph.values.phone_number_id}/messages"
    answer = await graph.stage.client.post(url, json=message, headers=bearer(graph))
    found: dict[str, Any] = answer.json()
    return found


async def test_a_template_is_made_read_listed_edited_and_deleted(graph: Graph) -> None:
    made = await create(graph)
    read = await good(graph, "GET", made)
    assert (read["name"], read["status"], read["components"][0]["type"]) == (
        "order_ready",
        "APPROVED",
        "BODY",
    )
    fields = (
        "id,name,language,category,status,components,parameter_format,message_send_ttl_seconds,"
        "correct_category,previous_category,rejected_reason,library_template_name,quality_score,"
        "cta_url_link_tracking_opted_out,sub_category,degrees_of_freedom_spec"
    )
    listed = await good(graph, "GET", "{waba_id}/message_templates?fields=" + fields)
    last = listed["data"][-1]
    assert (last["id"], last["parameter_format"]) == (made, "POSITIONAL")
    assert last["quality_score"]["score"] == "UNKNOWN"
    edited = {"category": "MARKETING", "components": [{"type": "BODY", "text": "Ready."}]}
    assert (await good(graph, "POST", made, edited))["success"] is True
    read = await good(graph, "GET", f"{made}?fields=category,previous_category,components")
    assert (read["category"], read["previous_category"]) == ("MARKETING", "UTILITY")
    gone = "{waba_id}/message_templates?name=order_ready&hsm_id=" + made
    assert await good(graph, "DELETE", gone) == {"success": True}
    assert (await bad(graph, "GET", made))["error_subcode"] == 33
    assert (await bad(graph, "DELETE", gone))["error_subcode"] == 2593002


@each_line(
    ("query", "names"),
    [
        ("name=order", ["order_ready"]),
        ("language=en_US", ["hello_world"]),
        ('status=["APPROVED","PENDING"]', ["hello_world", "order_ready"]),
        ("status=REJECTED", []),
        ("category=UTILITY&language=id", ["order_ready"]),
    ],
)
async def test_a_list_is_filtered(graph: Graph, query: str, names: list[str]) -> None:
    await create(graph)
    listed = await good(graph, "GET", "{waba_id}/message_templates?" + query)
    assert [one["name"] for one in listed["data"]] == names


async def test_a_summary_counts_them(graph: Graph) -> None:
    await create(graph)
    path = "{waba_id}/message_templates?summary=total_count,message_template_limit"
    assert (await good(graph, "GET", path))["summary"]["total_count"] == 2


@each_line(
    ("change", "subcode"),
    [
        ({"name": "Order Ready"}, 2388072),
        ({"components": [{"type": "FOOTER", "text": "Bye"}]}, 2388043),
        ({"components": [{**BODY, "example": None}]}, 2388043),
        ({"components": [{**BODY, "text": "{{1}} is ready."}]}, 2388299),
        ({"components": [{**BODY, "text": "Order {{2}} is ready."}]}, 2388072),
        ({"components": [{"type": "BODY", "text": "x" * 1025}]}, 2388040),
        ({"category": "FUN"}, None),
        ({"language": "Indonesian"}, None),
        ({"components": []}, None),
        ({"components": "BODY"}, None),
        ({"components": [{"type": "TAIL"}]}, None),
    ],
)
async def test_what_meta_would_not_take_is_refused(
    graph: Graph, change: dict[str, Any], subcode: int | None
) -> None:
    error = await bad(graph, "POST", "{waba_id}/message_templates", order(**change))
    assert (error["code"], error.get("error_subcode")) == (100, subcode)


async def test_a_name_has_one_content_a_language(graph: Graph) -> None:
    await create(graph)
    error = await bad(graph, "POST", "{waba_id}/message_templates", order())
    assert error["error_user_title"] == "Content in This Language Already Exists"
    await create(graph, language="en_US")


@each_line(
    ("components", "code"),
    [
        (filled("Ayu", "7"), None),
        (filled("Ayu"), 132000),
        (filled("Ayu", "7", "8"), 132000),
        (None, 132000),
        ([{"type": "tail"}], 100),
        ({"type": "body"}, 100),
        ([*filled("Ayu", "7"), {"type": "header", "parameters": [{"type": "text"}]}], 132000),
        ([*filled("Ayu", "7"), {"type": "button", "index": 0, "parameters": []}], 132000),
    ],
)
async def test_its_variables_are_counted(
    graph: Graph, components: object, code: int | None
) -> None:
    await create(graph)
    answer = await send(graph, components)
    assert answer.get("error", {}).get("code") == code


async def test_a_template_without_variables_takes_none(graph: Graph) -> None:
    message = template()
    message["template"]["components"] = filled("Ayu")
    error = await bad(graph, "POST", "{phone_number_id}/messages", message)
    assert error["error_data"]["details"] == (
        "body: number of localizable_params (1) does not match the expected number of params (0)"
    )


async def test_named_variables_are_named(graph: Graph) -> None:
    await create(graph, components=[NAMED], parameter_format="NAMED")
    assert "error" not in await send(graph, filled("Ayu", parameter_name="name"))
    assert (await send(graph, filled("Ayu", parameter_name="nama")))["error"]["code"] == 100


async def test_a_header_of_another_format_is_refused(graph: Graph) -> None:
    header = {"type": "HEADER", "format": "IMAGE", "example": {"header_handle": ["4:a"]}}
    await create(graph, components=[header, {"type": "BODY", "text": "Ready."}])
    assert (await send(graph, []))["error"]["code"] == 132012
    picture = {"type": "image", "image": {"link": "https://hidden-market.example/a.jpg"}}
    assert "error" not in await send(graph, [{"type": "header", "parameters": [picture]}])
    picture["image"] = {"id": "1"}
    refused = await send(graph, [{"type": "header", "parameters": [picture]}])
    assert "media attachment ID" in refused["error"]["message"]


async def test_a_code_fills_the_body_and_the_button(graph: Graph) -> None:
    parts = [
        {"type": "BODY", "add_security_recommendation": True},
        {"type": "FOOTER", "code_expiration_minutes": 5},
        {"type": "BUTTONS", "buttons": [{"type": "OTP", "otp_type": "COPY_CODE"}]},
    ]
    made = await create(graph, category="AUTHENTICATION", components=parts)
    assert "{{1}}" in (await good(graph, "GET", made))["components"][0]["text"]
    assert (await send(graph, filled("123456")))["error"]["code"] == 131008
    button = {"type": "button", "sub_type": "url", "index": "0", "parameters": [{"type": "text"}]}
    assert "error" not in await send(graph, [*filled("123456"), button])


async def test_several_languages_are_made_at_once(graph: Graph) -> None:
    body = {"name": "code", "languages": ["en_US", "id"], "category": "AUTHENTICATION"}
    made = {**body, "components": [{"type": "BODY"}]}
    for _ in range(2):
        done = (await good(graph, "POST", "{waba_id}/upsert_message_templates", made))["data"]
        assert [one["language"] for one in done] == ["en_US", "id"]
    assert len(graph.meta.waba.templates) == 3


async def test_the_callback_is_told_that_it_was_approved(graph: Graph) -> None:
    async with listening(graph) as heard:
        hooks = graph.meta.app.subscriptions
        fields = ("messages", "message_template_status_update")
        hooks[:] = [Subscription(hooks[0].callback_url, fields)]
        made = await create(graph)
        await graph.meta.dispatcher.idle()
    (change,) = json.loads(heard.requests[-1].body)["entry"][0]["changes"]
    assert (change["field"], change["value"]["event"]) == (
        "message_template_status_update",
        "APPROVED",
    )
    assert str(change["value"]["message_template_id"]) == made
