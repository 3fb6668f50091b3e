"""Each fault of the webhook stands in Meta's record, and nowhere else."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.conftest import NOON, Graph
from wizard.simulator import SCENARIOS, Meta, demo_values, scenario
from wizard.values.credentials import Secret

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOSED = "waba_id.limited_access"
"""Its victim may not read the record at all."""
DOCTORS = sorted(
    name for name, found in SCENARIOS.items() if found.asked_by == "doctor" and name != CLOSED
)


async def record(graph: Graph, name: str) -> dict[str, Any]:
    """What Meta's record says of the victim's webhook, as the victim can read it."""
    graph.enter(*scenario(name, Meta(now=lambda: NOON)))
    values = graph.values
    app_token = Secret(f"{values.app_id}|{values.app_secret.reveal()}" if values.app_secret else "")
    hooks = await graph.ask(f"/v25.0/{values.app_id}/subscriptions", token=app_token)
    (hook,) = hooks.json()["data"] or [{}]
    number = await graph.read(f"/v25.0/{values.phone_number_id}")
    apps = (await graph.read(f"/v25.0/{values.waba_id}/subscribed_apps"))["data"]
    return {
        "url": hook.get("callback_url"),
        "active": hook.get("active"),
        "fields": [field["name"] for field in hook.get("fields", ())],
        "in_force": number.get("webhook_configuration", {}),
        "apps": [app["whatsapp_business_api_data"]["id"] for app in apps],
    }


async def test_each_leaves_the_six_values_right(graph: Graph) -> None:
    assert len(DOCTORS) >= 8
    for name in DOCTORS:
        meta, values = scenario(name, Meta(now=lambda: NOON))
        assert values == demo_values(meta), name


async def test_no_two_give_the_same_record(graph: Graph) -> None:
    records = [repr(await record(graph, name)) for name in DOCTORS]
    assert len(set(records)) == len(DOCTORS)


async def test_an_app_that_is_not_registered_has_no_callback(graph: Graph) -> None:
    told = await record(graph, "webhook.not_registered")
    assert (told["url"], told["in_force"]) == (None, {})


async def test_a_webhook_that_is_switched_off_is_not_in_force(graph: Graph) -> None:
    told = await record(graph, "webhook.inactive")
    assert (told["active"], told["fields"], told["in_force"]) == (False, ["messages"], {})


async def test_a_field_that_is_missing_is_not_listed(graph: Graph) -> None:
    told = await record(graph, "webhook.field_missing")
    assert told["active"] is True
    assert told["fields"]
    assert "messages" not in told["fields"]


@pytest.mark.parametrize("name", ["webhook.stale_url", "webhook.shared_app"])
async def test_a_foreign_callback_is_whole_but_for_its_url(graph: Graph, name: str) -> None:
    told, ours = await record(graph, name), await record(graph, "webhook.inactive")
    assert told["url"] not in {None, ours["url"]}
    assert (told["active"], told["fields"]) == (True, ["messages"])
    assert told["apps"] == [graph.values.app_id]


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("webhook.overridden", "whatsapp_business_account"),
        ("webhook.overridden/phone", "phone_number"),
    ],
)
async def test_an_override_calls_elsewhere_at_its_level(
    graph: Graph, name: str, level: str
) -> None:
    told = await record(graph, name)
    assert set(told["in_force"]) == {"application", level}
    assert told["in_force"]["application"] == told["url"]
    assert told["in_force"][level] != told["url"]


@pytest.mark.parametrize("name", [name for name in DOCTORS if name.startswith("waba_id.")])
async def test_an_account_that_does_not_subscribe_the_app_lacks_it_alone(
    graph: Graph, name: str
) -> None:
    told = await record(graph, name)
    assert graph.values.app_id not in told["apps"]
    assert (told["active"], told["fields"]) == (True, ["messages"])
