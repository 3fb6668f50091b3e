"""What is set up for a number and its account: profile, settings, codes, people, QR codes."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.conftest import NOON, Graph
from tests.simulator.graph_api.everyday import bad, good
from tests.simulator.graph_api.test_messages import PIN, text
from tests.tables import each_line
from wizard.simulator.world.people import Customer

pytestmark = pytest.mark.asyncio(loop_scope="session")

PROFILE = "{phone_number_id}/whatsapp_business_profile"


def product(**others: Any) -> dict[str, Any]:
    return {"messaging_product": "whatsapp", **others}


async def test_a_profile_is_read_as_it_was_written(graph: Graph) -> None:
    told = {"about": "Fresh daily", "email": "halo@hidden-market.example", "vertical": "RETAIL"}
    websites = ["https://hidden-market.example/"]
    assert (await good(graph, "POST", PROFILE, product(**told, websites=websites)))["success"]
    fields = "about,address,description,email,profile_picture_url,websites,vertical"
    (row,) = (await good(graph, "GET", f"{PROFILE}?fields={fields}"))["data"]
    assert row == {**told, "websites": websites, "messaging_product": "whatsapp"}
    (row,) = (await good(graph, "GET", PROFILE))["data"]
    assert (row["about"], row["business_profile"]["about"]) == ("Fresh daily", "Fresh daily")
    await good(graph, "POST", PROFILE, product(email=""))
    (row,) = (await good(graph, "GET", f"{PROFILE}?fields=email,about"))["data"]
    assert row == {"about": "Fresh daily", "messaging_product": "whatsapp"}


async def test_a_profile_has_an_id_of_its_own(graph: Graph) -> None:
    (row,) = (await good(graph, "GET", f"{PROFILE}?fields=id"))["data"]
    assert (await good(graph, "POST", row["id"], product(description="Halo")))["success"]
    read = await good(graph, "GET", row["id"])
    assert (read["id"], read["description"]) == (row["id"], "Halo")


@each_line(
    "change",
    [
        {"about": "x" * 140},
        {"about": ""},
        {"email": "nobody"},
        {"vertical": "FUN"},
        {"websites": ["ftp://x"]},
        {"websites": ["https://a", "https://b", "https://c"]},
        {"websites": "https://a"},
        {"messaging_product": "messenger"},
    ],
)
async def test_what_no_profile_can_have_is_refused(graph: Graph, change: dict[str, Any]) -> None:
    assert (await bad(graph, "POST", PROFILE, {**product(), **change}))["code"] == 100


async def test_a_number_leaves_the_platform_and_comes_back(graph: Graph) -> None:
    path = "{phone_number_id}/"
    assert (await good(graph, "POST", path + "deregister"))["success"]
    read = await good(graph, "GET", path + "?fields=status,platform_type")
    assert (read["status"], read["platform_type"]) == ("PENDING", "NOT_APPLICABLE")
    assert (await bad(graph, "POST", path + "messages", text()))["code"] == 133010
    assert (await bad(graph, "POST", path + "deregister"))["code"] == 133010
    assert (await good(graph, "POST", path + "register", product(pin=PIN)))["success"]


async def test_a_number_is_verified_by_its_code(graph: Graph) -> None:
    path = "{phone_number_id}/"
    assert (await bad(graph, "POST", path + "verify_code", {"code": "123456"}))["code"] == 136025
    asked = {"code_method": "SMS", "language": "en_US"}
    assert (await good(graph, "POST", path + "request_code", asked))["success"]
    assert (await bad(graph, "POST", path + "verify_code", {"code": "654321"}))["code"] == 136025
    assert (await good(graph, "POST", path + "verify_code?code=123-456"))["success"]
    read = await good(graph, "GET", path + "?fields=code_verification_status")
    assert read["code_verification_status"] == "VERIFIED"
    assert (await bad(graph, "POST", path + "request_code", asked))["code"] == 136024


@each_line(
    "asked",
    [{"code_method": "PIGEON", "language": "en"}, {"code_method": "SMS"}, {"language": "en_US"}],
)
async def test_how_a_code_comes_is_said(graph: Graph, asked: dict[str, str]) -> None:
    assert (await bad(graph, "POST", "{phone_number_id}/request_code", asked))["code"] == 100


async def test_the_pin_of_two_step_verification_is_asked_for_afterwards(graph: Graph) -> None:
    assert (await good(graph, "POST", "{phone_number_id}", {"pin": PIN}))["success"]
    path = "{phone_number_id}/register"
    assert (await bad(graph, "POST", path, product(pin="000000")))["code"] == 133005
    assert (await bad(graph, "POST", "{phone_number_id}", {"pin": "1"}))["code"] == 100


async def test_settings_are_kept_part_by_part(graph: Graph) -> None:
    path = "{phone_number_id}/settings"
    before = await good(graph, "GET", path)
    assert (before["calling"]["status"], before["storage_configuration"]["status"]) == (
        "disabled",
        "default",
    )
    for part in (
        {"calling": {"status": "ENABLED", "call_icon_visibility": "hidden"}},
        {"storage_configuration": {"enabled": True, "region": "ID"}},
    ):
        assert (await good(graph, "POST", path, part))["success"]
    after = await good(graph, "GET", path)
    assert (after["calling"]["status"], after["calling"]["call_icon_visibility"]) == (
        "enabled",
        "hidden",
    )
    assert after["storage_configuration"]["status"] == "in_country_storage_enabled"
    assert (await bad(graph, "POST", path, {"calling": {"status": "maybe"}}))["code"] == 100
    assert (await bad(graph, "POST", path, {}))["code"] == 100


async def test_a_blocked_person_neither_writes_nor_is_written_to(graph: Graph) -> None:
    path, person = "{phone_number_id}/block_users", Customer()
    body = product(block_users=[{"user": f"+{person.wa_id}"}])
    done = await good(graph, "POST", path, body)
    row = {"input": f"+{person.wa_id}", "wa_id": person.wa_id}
    assert done == product(block_users={"added_users": [row]})
    listed = await good(graph, "GET", path)
    assert listed["data"] == [product(input=person.wa_id, wa_id=person.wa_id)]
    assert (await bad(graph, "POST", "{phone_number_id}/messages", text()))["code"] == 130403
    graph.meta.dispatcher.inbound_text("halo")
    assert not graph.meta.dispatcher.sending_rules.last_heard
    done = await good(graph, "DELETE", path, body)
    assert done == product(block_users={"removed_users": [row]})
    assert (await good(graph, "GET", path))["data"] == []
    assert (await bad(graph, "POST", path, product()))["code"] == 100
    assert (await bad(graph, "POST", path, product(block_users=[{"user": "x"}])))["code"] == 100


async def test_a_qr_code_is_made_read_changed_and_deleted(graph: Graph) -> None:
    path = "{phone_number_id}/message_qrdls"
    made = await good(
        graph, "POST", path, {"prefilled_message": "Halo", "generate_qr_image": "PNG"}
    )
    assert made["deep_link_url"] == f"https://wa.me/message/{made['code']}"
    assert made["qr_image_url"]
    changed = await good(graph, "POST", path, {"code": made["code"], "prefilled_message": "Hi"})
    assert changed["prefilled_message"] == "Hi"
    fields = "?fields=prefilled_message,creation_time,qr_image_url.format(SVG)"
    (read,) = (await good(graph, "GET", f"{path}/{made['code']}{fields}"))["data"]
    assert (read["creation_time"], read["qr_image_url"][-3:]) == (int(NOON), "svg")
    assert len((await good(graph, "GET", path))["data"]) == 1
    assert (await good(graph, "DELETE", f"{path}/{made['code']}"))["success"]
    assert (await good(graph, "GET", path))["data"] == []
    assert (await bad(graph, "DELETE", f"{path}/{made['code']}"))["code"] == 100
    assert (await bad(graph, "POST", path, {}))["code"] == 100


async def test_automation_is_a_field_of_the_number(graph: Graph) -> None:
    command = {"command_name": "menu", "command_description": "What there is"}
    body = {"enable_welcome_message": True, "prompts": ["Menu?"], "commands": [command]}
    path = "{phone_number_id}/conversational_automation"
    assert (await good(graph, "POST", path, body))["success"]
    read = await good(graph, "GET", "{phone_number_id}?fields=conversational_automation")
    automation = read["conversational_automation"]
    assert (automation["prompts"], automation["commands"]) == (["Menu?"], [command])
    refused: list[dict[str, Any]] = [
        {"prompts": ["x" * 81]},
        {"commands": [{}]},
        {"commands": "menu"},
    ]
    for wrong in refused:
        assert (await bad(graph, "POST", path, wrong))["code"] == 100


async def test_commerce_settings_are_switched(graph: Graph) -> None:
    path = "{phone_number_id}/whatsapp_commerce_settings"
    assert (await good(graph, "POST", path + "?is_catalog_visible=true"))["success"]
    (row,) = (await good(graph, "GET", path))["data"]
    assert (row["is_catalog_visible"], row["is_cart_enabled"]) == (True, True)
    assert (await bad(graph, "POST", path))["code"] == 100
    assert (await bad(graph, "POST", path + "?is_cart_enabled=perhaps"))["code"] == 100


async def test_a_public_key_is_kept(graph: Graph) -> None:
    path = "{phone_number_id}/whatsapp_business_encryption"
    assert (await good(graph, "GET", path))["data"] == []
    key = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"
    assert (await good(graph, "POST", path, {"business_public_key": key}))["success"]
    assert (await good(graph, "GET", path))["data"][0]["business_public_key"] == key
    assert (await bad(graph, "POST", path, {"business_public_key": "key"}))["code"] == 100


async def test_an_account_is_renamed(graph: Graph) -> None:
    assert (await good(graph, "POST", "{waba_id}", {"name": "Morning Stall"}))["success"]
    assert (await good(graph, "GET", "{waba_id}"))["name"] == "Morning Stall"


async def test_analytics_count_what_was_sent(graph: Graph) -> None:
    graph.meta.dispatcher.pace = 0
    graph.meta.dispatcher.inbound_text("halo")
    await good(graph, "POST", "{phone_number_id}/messages", text())
    await graph.meta.dispatcher.idle()
    span = f".start({int(NOON) - 86400}).end({int(NOON) + 86400}).granularity(DAY)"
    read = await good(graph, "GET", "{waba_id}?fields=analytics" + span)
    points = read["analytics"]["data_points"]
    assert sum(one["sent"] for one in points) == sum(one["delivered"] for one in points) == 1
    for name in ("conversation_analytics", "pricing_analytics"):
        read = await good(graph, "GET", f"{{waba_id}}?fields={name}{span}")
        assert len(read[name]["data"][0]["data_points"]) == 1
    template = graph.meta.waba.templates[0].id
    query = f"start={int(NOON)}&end={int(NOON) + 1}&granularity=DAILY&template_ids=[{template}]"
    listed = await good(graph, "GET", "{waba_id}/template_analytics?" + query)
    assert listed["data"][0]["data_points"][0]["sent"] == 0
    assert (await bad(graph, "GET", "{waba_id}?fields=analytics"))["code"] == 100
