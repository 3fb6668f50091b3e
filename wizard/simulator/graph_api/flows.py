"""Flows: making, changing, publishing and listing them.

https://developers.facebook.com/docs/whatsapp/flows/reference/flowsapi
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.cloud_errors import managed
from wizard.simulator.graph_api.raw import RawAnswer
from wizard.simulator.world import fake_ids
from wizard.simulator.world.flows import CATEGORIES, DEPRECATED, DRAFT, PUBLISHED, Flow
from wizard.simulator.world.objects import App, Waba

PATH = ("whatsapp_flows", "assets")
_MAX_JSON = 10 * 1024 * 1024


async def create(call: Call, waba: Waba) -> dict[str, object]:
    asked = arguments.arguments(call)
    flow = Flow(_new_id(call, waba), _name(waba, asked), _categories(asked) or ["OTHER"])
    if source := arguments.text(asked, "clone_flow_id"):
        flow.flow_json = _find(waba, source).flow_json
    flow.endpoint_uri = arguments.text(asked, "endpoint_uri")
    answer: dict[str, object] = {"id": flow.id}
    if (told := asked.get("flow_json")) is not None:
        flow.flow_json = told if isinstance(told, str) else call.params["flow_json"]
        answer |= {"success": True, "validation_errors": flow.validation_errors}
    flow.updated_at = call.meta.now()
    waba.flows.append(flow)
    if arguments.flag(asked, "publish"):
        _publish(flow)
    return answer


async def update(call: Call, flow: Flow) -> dict[str, object]:
    asked = arguments.arguments(call)
    waba = waba_of(call, flow)
    if (name := arguments.text(asked, "name")) is not None and name != flow.name:
        flow.name = _name(waba, asked)
    flow.categories = _categories(asked) or flow.categories
    for name in ("endpoint_uri", "application_id"):
        if (told := arguments.text(asked, name)) is not None:
            setattr(flow, name, told)
    flow.updated_at = call.meta.now()
    return {"success": True}


async def delete(call: Call, flow: Flow) -> dict[str, object]:
    if flow.status != DRAFT:
        raise managed(
            4016001, "Flow can't be deleted", "Only a flow in DRAFT can be deleted.", code=139001
        )
    waba_of(call, flow).flows.remove(flow)
    return {"success": True}


async def publish(_call: Call, flow: Flow) -> dict[str, object]:
    _publish(flow)
    return {"success": True}


async def deprecate(_call: Call, flow: Flow) -> dict[str, object]:
    if flow.status != PUBLISHED:
        sentence = "Only a published flow can be deprecated."
        raise managed(4016003, "Flow can't be deprecated", sentence, code=139003)
    flow.status = DEPRECATED
    return {"success": True}


async def set_asset(call: Call, flow: Flow) -> dict[str, object]:
    """Takes the flow's JSON as a file; what is wrong with it is told, and kept all the same."""
    asked = arguments.arguments(call)
    arguments.word(asked, "asset_type", ("FLOW_JSON",)) or arguments.needed(asked, "asset_type")
    given = call.files.get("file")
    content = given.content if given else str(arguments.needed(asked, "file")).encode()
    if len(content) > _MAX_JSON:
        raise errors.bad_parameter("Param file must be at most 10 MB.")
    if flow.status == DEPRECATED:
        sentence = "A deprecated flow can't be changed."
        raise managed(4016006, "Flow can't be changed", sentence, code=139002)
    flow.flow_json = content.decode("utf-8", "replace")
    flow.status, flow.updated_at = DRAFT, call.meta.now()
    return {"success": True, "validation_errors": flow.validation_errors}


def assets(call: Call, flow: Flow, _params: Mapping[str, str]) -> list[dict[str, object]]:
    address = f"{call.origin}/{'/'.join(PATH)}/{flow.id}/flow.json"
    return [{"name": "flow.json", "asset_type": "FLOW_JSON", "download_url": address}]


def download(call: Call) -> RawAnswer:
    """The asset's text; its address is secret enough for Meta, which asks for no token here."""
    found = call.meta.find_node("".join(call.parts[2:3]))
    if not isinstance(found, Flow):
        raise GraphError(404, "URL signature expired", 1)
    return RawAnswer(found.flow_json.encode("utf-8", "replace"), "application/json")


async def migrate(call: Call, waba: Waba) -> dict[str, object]:
    """Copies flows of another account by their names; not simulated beyond one's own accounts."""
    asked = arguments.arguments(call)
    source = call.meta.find_node(str(arguments.needed(asked, "source_waba_id")))
    given = arguments.read(arguments.needed(asked, "source_flow_names"))
    names = given if isinstance(given, list) else str(given).split(",")
    known = {flow.name: flow for flow in source.flows} if isinstance(source, Waba) else {}
    done: list[object] = []
    failed: list[object] = []
    for name in map(str, names):
        if (flow := known.get(name)) is None:
            message = "Flows Migration Error: Flow name not found in source WABA."
            failed.append({"source_name": name, "error_code": "4233041", "error_message": message})
            continue
        copy = Flow(_new_id(call, waba), name, list(flow.categories), flow_json=flow.flow_json)
        waba.flows.append(copy)
        done.append({"source_name": name, "source_id": flow.id, "migrated_id": copy.id})
    return {"migrated_flows": done, "failed_flows": failed}


def preview(call: Call, flow: Flow) -> dict[str, object]:
    token = fake_ids.hexadecimal(call.meta.seed, f"preview/{flow.id}", 32)
    ends = datetime.fromtimestamp(call.meta.now() + 30 * 86400, UTC)
    return {
        "preview_url": f"https://business.facebook.com/wa/manage/flows/{flow.id}/preview/?token={token}",
        "expires_at": f"{ends:%Y-%m-%dT%H:%M:%S}+0000",
    }


def health(_call: Call, flow: Flow) -> dict[str, object]:
    """Whether the flow can be sent."""
    sendable = "BLOCKED" if flow.status == DEPRECATED or flow.validation_errors else "AVAILABLE"
    entity = {"entity_type": "FLOW", "id": flow.id, "can_send_message": sendable}
    return {"can_send_message": sendable, "entities": [entity]}


def application(call: Call, flow: Flow) -> App | None:
    """The app that it is connected to."""
    return call.meta.find_app(flow.application_id) if flow.application_id else None


def metric(_call: Call, _flow: Flow) -> dict[str, object]:
    """Nothing ever calls a flow's endpoint here."""
    return {"name": "ENDPOINT_REQUEST_COUNT", "granularity": "DAY", "data_points": []}


def waba_of(call: Call, flow: Flow) -> Waba:
    return next(waba for waba in call.meta.wabas if flow in waba.flows)


def _publish(flow: Flow) -> None:
    if flow.status == DEPRECATED or flow.validation_errors:
        sentence = "The flow has validation errors, or is deprecated."
        raise managed(4016002, "Flow can't be published", sentence, code=139002)
    flow.status = PUBLISHED


def _name(waba: Waba, asked: Mapping[str, Any]) -> str:
    name = str(arguments.needed(asked, "name"))
    if any(flow.name == name for flow in waba.flows):
        raise managed(
            4016019, "Flow name not unique", "The account has a flow of this name already."
        )
    return name


def _categories(asked: Mapping[str, Any]) -> list[str] | None:
    given = arguments.items(asked, "categories") if "categories" in asked else None
    if given is None:
        return None
    for one in given:
        if one not in CATEGORIES:
            raise errors.not_among("categories", str(one), CATEGORIES)
    return [str(one) for one in given]


def _find(waba: Waba, flow_id: str) -> Flow:
    found = next((flow for flow in waba.flows if flow.id == flow_id), None)
    if found is None:
        raise errors.bad_parameter("Param clone_flow_id is not a flow of this account.")
    return found


def _new_id(call: Call, waba: Waba) -> str:
    return call.meta.digits(f"flow/{waba.id}/{len(waba.flows)}/{call.meta.calls}", 16)
