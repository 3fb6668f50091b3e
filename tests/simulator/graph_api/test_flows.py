"""Flows: made, changed, published, listed, copied."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.simulator.conftest import Graph
from tests.simulator.graph_api.everyday import bad, good
from tests.tables import each_line

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREEN = {"id": "START", "layout": {"type": "SingleColumnLayout", "children": []}}
FLOW = json.dumps({"version": "7.1", "screens": [SCREEN]})


async def create(graph: Graph, **others: Any) -> str:
    body = {"name": "sign up", "categories": ["SIGN_UP"], **others}
    return str((await good(graph, "POST", "{waba_id}/flows", body))["id"])


async def upload(graph: Graph, flow: str, content: str) -> dict[str, Any]:
    files = {"file": ("flow.json", content, "application/json")}
    form = {"name": "flow.json", "asset_type": "FLOW_JSON"}
    found: dict[str, Any] = await good(graph, "POST", f"{flow}/assets", data=form, files=files)
    return found


async def test_a_flow_is_made_filled_published_and_retired(graph: Graph) -> None:
    flow = await create(graph)
    (listed,) = (await good(graph, "GET", "{waba_id}/flows"))["data"]
    assert (listed["id"], listed["status"], listed["categories"]) == (flow, "DRAFT", ["SIGN_UP"])
    assert (await bad(graph, "POST", f"{flow}/publish"))["code"] == 139002
    assert (await upload(graph, flow, "{"))["validation_errors"]
    assert (await upload(graph, flow, FLOW)) == {"success": True, "validation_errors": []}
    (asset,) = (await good(graph, "GET", f"{flow}/assets"))["data"]
    assert (await graph.stage.client.get(asset["download_url"])).text == FLOW
    assert (await good(graph, "POST", f"{flow}/publish"))["success"]
    assert (await bad(graph, "DELETE", flow))["code"] == 139001
    assert (await good(graph, "POST", f"{flow}/deprecate"))["success"]
    read = await good(graph, "GET", f"{flow}?fields=status,health_status,json_version")
    assert (read["status"], read["json_version"]) == ("DEPRECATED", "7.1")
    assert read["health_status"]["can_send_message"] == "BLOCKED"


async def test_a_form_makes_one_too_and_a_draft_is_deleted(graph: Graph) -> None:
    form = {"name": (None, "b"), "categories": (None, '["SURVEY"]'), "flow_json": (None, FLOW)}
    made = await good(graph, "POST", "{waba_id}/flows", files=form)
    assert made["validation_errors"] == []
    flow = made["id"]
    update = {"name": "c", "endpoint_uri": "https://hidden-market.example/flow"}
    assert (await good(graph, "POST", flow, update))["success"]
    fields = "id,name,categories,preview.invalidate(false),data_channel_uri,application"
    read = await good(graph, "GET", f"{flow}?fields={fields},whatsapp_business_account")
    assert (read["name"], read["data_channel_uri"]) == ("c", update["endpoint_uri"])
    assert flow in read["preview"]["preview_url"]
    assert read["whatsapp_business_account"]["id"] == graph.values.waba_id
    assert (await good(graph, "DELETE", flow))["success"]
    assert (await bad(graph, "GET", flow))["error_subcode"] == 33


async def test_it_is_published_at_once_where_it_is_complete(graph: Graph) -> None:
    await create(graph, flow_json=FLOW, publish=True)
    (listed,) = (await good(graph, "GET", "{waba_id}/flows"))["data"]
    assert listed["status"] == "PUBLISHED"


@each_line(
    "change",
    [{"name": ""}, {"categories": ["FUN"]}, {"clone_flow_id": "1"}, {"categories": "SIGN_UP"}],
)
async def test_what_no_flow_can_be_is_refused(graph: Graph, change: dict[str, Any]) -> None:
    body = {"name": "sign up", "categories": ["SIGN_UP"], **change}
    assert (await bad(graph, "POST", "{waba_id}/flows", body))["code"] == 100


async def test_flows_are_copied_by_their_names(graph: Graph) -> None:
    await create(graph, flow_json=FLOW)
    body = {"source_waba_id": graph.values.waba_id, "source_flow_names": "sign up,lost"}
    done = await good(graph, "POST", "{waba_id}/migrate_flows", params=body)
    assert [one["source_name"] for one in done["migrated_flows"]] == ["sign up"]
    assert [one["source_name"] for one in done["failed_flows"]] == ["lost"]
