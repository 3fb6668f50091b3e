"""Reading objects and lists that are there."""

from __future__ import annotations

import json

import pytest

from tests.simulator.conftest import NOON, Graph
from wizard.simulator.world.objects import BUSINESS, Subscription
from wizard.simulator.world.state import proof

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_number_is_read_with_its_default_fields(graph: Graph) -> None:
    assert await graph.read(f"/v25.0/{graph.meta.own_number.id}") == {
        "verified_name": "Hidden Market",
        "code_verification_status": "VERIFIED",
        "display_phone_number": "+62 812-3456-7890",
        "quality_rating": "GREEN",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "id": graph.meta.own_number.id,
    }


async def test_the_test_number_reports_what_metas_test_numbers_report(graph: Graph) -> None:
    fields = "display_phone_number,account_mode,platform_type,status,code_verification_status"
    assert await graph.read(f"/v25.0/{graph.values.phone_number_id}", fields=fields) == {
        "display_phone_number": "+1 555-014-2233",
        "account_mode": "SANDBOX",
        "platform_type": "CLOUD_API",
        "status": "CONNECTED",
        "code_verification_status": "NOT_VERIFIED",
        "id": graph.values.phone_number_id,
    }


async def test_a_known_field_without_a_value_is_left_out(graph: Graph) -> None:
    path = f"/v25.0/{graph.values.phone_number_id}"
    assert await graph.read(path, fields="certificate,username") == {
        "id": graph.values.phone_number_id
    }


async def test_an_account_is_read_with_its_default_fields(graph: Graph) -> None:
    body = await graph.read(f"/{graph.values.waba_id}")
    assert set(body) == {"id", "name", "timezone_id", "message_template_namespace"}
    assert body["name"] == "Hidden Market"


async def test_fields_reach_into_lists_and_objects(graph: Graph) -> None:
    fields = "owner_business_info,phone_numbers.limit(1){display_phone_number}"
    body = await graph.read(f"/v25.0/{graph.values.waba_id}", fields=fields)
    assert body["owner_business_info"] == {"name": "Hidden Market", "id": graph.meta.business.id}
    assert body["phone_numbers"]["data"] == [
        {"display_phone_number": "+1 555-014-2233", "id": graph.meta.test_number.id}
    ]
    assert "next" in body["phone_numbers"]["paging"]


async def test_health_names_every_entity_behind_a_number(graph: Graph) -> None:
    path = f"/v25.0/{graph.values.phone_number_id}"
    health = (await graph.read(path, fields="health_status"))["health_status"]
    assert health["can_send_message"] == "AVAILABLE"
    assert {entity["entity_type"]: entity["id"] for entity in health["entities"]} == {
        "PHONE_NUMBER": graph.values.phone_number_id,
        "WABA": graph.values.waba_id,
        "BUSINESS": graph.meta.business.id,
        "APP": graph.values.app_id,
    }


async def test_the_token_tells_its_app_and_its_person(graph: Graph) -> None:
    app = await graph.read("/v25.0/app", fields="id,name")
    assert app == {"id": graph.values.app_id, "name": "my-whatsapp-webhook"}
    assert await graph.read("/v25.0/me") == {"name": "Ayu Lestari", "id": graph.meta.user.id}


async def test_an_app_token_reads_its_app(graph: Graph) -> None:
    answer = await graph.ask(
        f"/v25.0/{graph.values.app_id}",
        token=graph.meta.app.token,
        fields="name,created_time,restrictions,privacy_policy_url",
    )
    assert answer.json() == {
        "name": "my-whatsapp-webhook",
        "created_time": "2025-10-31T13:00:00+0000",
        "restrictions": {},
        "id": graph.values.app_id,
    }


async def test_the_numbers_of_an_account_are_listed(graph: Graph) -> None:
    body = await graph.read(f"/v25.0/{graph.values.waba_id}/phone_numbers")
    assert [phone["id"] for phone in body["data"]] == [
        graph.meta.test_number.id,
        graph.meta.own_number.id,
    ]
    assert set(body["paging"]) == {"cursors"}


async def test_the_subscribed_apps_of_an_account_are_listed(graph: Graph) -> None:
    path = f"/v25.0/{graph.values.waba_id}/subscribed_apps"
    entry = {
        "whatsapp_business_api_data": {
            "id": graph.values.app_id,
            "name": "my-whatsapp-webhook",
            "link": "https://hidden-market.example/",
        }
    }
    assert await graph.read(path) == {"data": [entry]}
    graph.meta.waba.subscribed[0].override_callback_uri = "https://elsewhere.example/"
    assert await graph.read(path) == {
        "data": [{**entry, "override_callback_uri": "https://elsewhere.example/"}]
    }


async def test_the_webhooks_of_an_app_are_listed_for_its_app_token(graph: Graph) -> None:
    path, token = f"/v25.0/{graph.values.app_id}/subscriptions", graph.meta.app.token
    assert (await graph.ask(path, token=token)).json() == {"data": []}
    hook = Subscription("https://demo.example/webhook", ("messages",))
    graph.meta.app.subscriptions.append(hook)
    assert (await graph.ask(path, token=token)).json() == {
        "data": [
            {
                "object": "whatsapp_business_account",
                "callback_url": "https://demo.example/webhook",
                "active": True,
                "fields": [{"name": "messages", "version": "v27.0"}],
            }
        ]
    }


async def test_a_number_tells_which_callbacks_are_in_force(graph: Graph) -> None:
    graph.meta.app.subscriptions.append(Subscription("https://app.example/", ("messages",)))
    graph.meta.waba.subscribed[0].override_callback_uri = "https://waba.example/"
    path = f"/v25.0/{graph.values.phone_number_id}"
    assert (await graph.read(path))["webhook_configuration"] == {
        "application": "https://app.example/",
        "whatsapp_business_account": "https://waba.example/",
    }


async def test_hello_world_is_there_in_american_english(graph: Graph) -> None:
    path = f"/v25.0/{graph.values.waba_id}/message_templates"
    (template,) = (await graph.read(path))["data"]
    assert (template["name"], template["language"], template["status"]) == (
        "hello_world",
        "en_US",
        "APPROVED",
    )
    assert (await graph.read(path, name="hello_world", language="en")) == {"data": []}


async def test_a_portfolio_lists_its_accounts_for_who_may_manage_it(graph: Graph) -> None:
    graph.meta.token.scopes += (BUSINESS,)
    assert (await graph.read(f"/{graph.meta.business.id}"))["name"] == "Hidden Market"
    path = f"/v25.0/{graph.meta.business.id}/owned_whatsapp_business_accounts"
    owned = (await graph.read(path, fields="name"))["data"]
    assert [waba["name"] for waba in owned] == ["Hidden Market", "Night Stall"]


async def test_a_token_in_the_query_counts_too(graph: Graph) -> None:
    params = {"access_token": graph.meta.token.text.reveal()}
    answer = await graph.stage.client.get("/v25.0/me", params=params)
    assert answer.json()["id"] == graph.meta.user.id


async def test_the_right_proof_is_taken_and_may_be_required(graph: Graph) -> None:
    graph.meta.app.requires_proof = True
    right = proof(graph.meta.app, graph.meta.token.text.reveal())
    assert await graph.read("/v25.0/me", appsecret_proof=right)


async def test_answers_carry_metas_headers(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/me")
    assert answer.headers["content-type"] == "application/json; charset=UTF-8"
    assert answer.headers["x-app-usage"] == '{"call_count":0,"total_cputime":0,"total_time":0}'
    assert {"x-fb-trace-id", "x-fb-request-id", "x-fb-rev"} <= set(answer.headers)
    assert "server" not in answer.headers
    assert "x-business-use-case-usage" not in answer.headers


async def test_a_call_to_an_account_or_its_number_tells_of_that_accounts_calls(
    graph: Graph,
) -> None:
    for id_ in (graph.values.waba_id, graph.values.phone_number_id):
        answer = await graph.ask(f"/v25.0/{id_}")
        (told,) = json.loads(answer.headers["x-business-use-case-usage"])[graph.values.waba_id]
        assert told["type"] == "whatsapp_business_management"


async def test_an_id_may_be_changed_at_any_time(graph: Graph) -> None:
    graph.meta.waba.id = "102290129340398"
    body = await graph.read("/v25.0/102290129340398/phone_numbers")
    assert len(body["data"]) == 2


async def test_the_clock_is_the_worlds(graph: Graph) -> None:
    data = (await graph.inspect(graph.meta.token.text.reveal())).json()["data"]
    assert 0 < NOON + 86400 - data["expires_at"] < 3600
