"""What Meta describes and nothing here keeps a state for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.conformance.compact import compact
from tests.conformance.used import note
from tests.simulator.calls_out.callbacks import bearer
from tests.simulator.conftest import Graph
from tests.simulator.graph_api.everyday import bad, call, good
from tests.tables import each_line
from wizard.simulator.graph_api.described import HEADER, PATH, document
from wizard.simulator.graph_api.schema import problems
from wizard.simulator.world.flows import Flow
from wizard.simulator.world.objects import BUSINESS, MANAGEMENT, MESSAGING

pytestmark = pytest.mark.asyncio(loop_scope="session")

OPERATIONS = {one["id"]: one for one in document()["operations"]}
GROUP, STRANGER = "Y2FwaV9ncm91cDox", "1234509876543210"


def made(schema: Any) -> Any:
    """Something that fits a schema, with as little in it as may be."""
    if "$ref" in schema:
        return made(document()["schemas"][schema["$ref"]])
    if choices := schema.get("oneOf") or schema.get("anyOf"):
        base = made({**schema, "oneOf": (), "anyOf": ()}) if "properties" in schema else {}
        choice = made(choices[0])
        return {**base, **choice} if isinstance(choice, dict) else choice
    if "allOf" in schema:
        return {key: one for part in schema["allOf"] for key, one in made(part).items()}
    if "enum" in schema or "const" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    if (kind := schema.get("type")) in SIMPLE:
        return SIMPLE[kind](schema)
    properties = schema.get("properties", {})
    return {name: made(properties.get(name, TEXT)) for name in schema.get("required", [])}


def text(schema: Mapping[str, Any]) -> str:
    for tried in ("123456", "en_US", "16315551000", "a", "10:00", "1", "ABCDEFGHIJKLMN"):
        if not list(problems(tried, schema, {})):
            return tried
    return "x" * int(schema.get("minLength", 1))


TEXT = {"type": "string"}
SIMPLE: Mapping[str, Callable[[Mapping[str, Any]], Any]] = {
    "array": lambda schema: [made(schema.get("items", TEXT))] * max(1, schema.get("minItems", 0)),
    "integer": lambda schema: schema.get("minimum", 1),
    "number": lambda schema: schema.get("minimum", 1),
    "boolean": lambda _schema: True,
    "string": text,
}


def path_of(graph: Graph, operation: Mapping[str, Any]) -> str:
    waba = graph.meta.waba
    if not waba.flows:
        waba.flows.append(Flow("4455667788990011", "a flow"))
    known = {
        "{Application-ID}": graph.meta.app.id,
        "{Business-ID}": graph.meta.business.id,
        "{Phone-Number-ID}": graph.meta.test_number.id,
        "{WABA-ID}": waba.id,
        "{WhatsApp-Business-Account-ID}": waba.id,
        "{User-ID}": graph.meta.user.id,
        "{TEMPLATE_ID}": waba.templates[0].id,
        "{Flow-ID}": waba.flows[0].id,
        "{Media-ID}": graph.meta.media.add(graph.meta.test_number.id, "image/png", b"x", 9e9).id,
        "{group_id}": GROUP,
        "{QR-Code-ID}": "ABCDEFGHIJKLMN",
    }
    parts = operation["path"]
    return "/".join(known.get(part, STRANGER) if "{" in part else part for part in parts)


async def ask(graph: Graph, name: str) -> Any:
    """The answer to a request that fits, for a token that may do everything."""
    operation = OPERATIONS[name]
    meta = graph.meta
    token = meta.issue(meta.app, scopes=(MANAGEMENT, MESSAGING, BUSINESS))
    if operation["path"][0] == "{Application-ID}":
        headers = {"authorization": f"Bearer {meta.app.token.reveal()}"}
    else:
        headers = {"authorization": f"Bearer {token.text.reveal()}"}
    query = {
        key: str(made(schema))
        for key, (needed, schema) in operation.get("query", {}).items()
        if needed
    }
    body = made(operation["body"]["schema"]) if "body" in operation else None
    stranger = operation["path"][0]
    if len(operation["path"]) == 1:
        meta.named[STRANGER] = stranger
    return await graph.stage.client.request(
        operation["method"],
        f"/v23.0/{path_of(graph, operation)}",
        params=query,
        json=body,
        headers=headers,
    )


@each_line("name", OPERATIONS)
async def test_each_operation_of_the_description_has_an_answer(graph: Graph, name: str) -> None:
    answer = await ask(graph, name)
    if answer.headers.get(HEADER):
        assert answer.status_code == 200, answer.text
    else:
        # It has a state, in which a made-up request may be refused, but never as unknown.
        assert "Unknown path" not in answer.text
        assert answer.status_code < 500


async def test_which_answers_are_examples_stands_in_the_table(graph: Graph) -> None:
    answers = {name: await ask(graph, name) for name in OPERATIONS}
    note("described", [name for name, one in answers.items() if HEADER in one.headers])


async def test_the_file_is_made_from_the_description() -> None:
    assert json.loads(PATH.read_text("utf-8")) == json.loads(json.dumps(compact()))
    assert "Permission is hereby granted" in document()["licence"]
    assert PATH.stat().st_size < 150_000


async def test_what_lacks_is_named_and_what_does_not_fit_too(graph: Graph) -> None:
    path = "{waba_id}/phone_numbers"
    lacking = await bad(graph, "POST", path, {"verified_name": "A shop"})
    assert lacking["message"] == "(#100) The parameter phone_number is required."
    wrong = {"phone_number": "+1 (631)", "verified_name": "A shop"}
    assert "phone_number" in (await bad(graph, "POST", path, wrong))["message"]


async def test_the_answer_says_where_it_is_from(graph: Graph) -> None:
    answer = await call(graph, "GET", "{waba_id}/solutions")
    assert "nothing is kept" in answer.headers[HEADER]
    stateful = await call(graph, "GET", "{waba_id}/flows")
    assert HEADER not in stateful.headers


async def test_what_an_answer_names_can_be_asked_for(graph: Graph) -> None:
    first = (await good(graph, "GET", "{waba_id}/solutions"))["data"][0]["id"]
    assert (await good(graph, "GET", first))["id"] == first
    assert (await good(graph, "GET", GROUP))["subject"]


async def test_a_stranger_that_nobody_named_does_not_exist(graph: Graph) -> None:
    error = await bad(graph, "GET", "1234509876543211")
    assert (error["code"], error["error_subcode"]) == (100, 33)


async def test_nobody_is_answered_without_a_token(graph: Graph) -> None:
    answer = await graph.stage.client.post(f"/v23.0/{GROUP}/invite_link", json={})
    assert answer.json()["error"]["code"] == 104
    assert bearer(graph)


@each_line(
    ("value", "schema", "said"),
    [
        (1, {"type": "boolean"}, "a boolean"),
        ("true", {"type": "boolean"}, ""),
        ("[1]", {"type": "array", "items": {"type": "integer"}}, ""),
        ([1, 2], {"type": "array", "maxItems": 1}, "at most 1"),
        ({"a": ""}, {"type": "object", "required": ["a"]}, "a is required"),
        ("abc", {"type": "string", "maxLength": 2}, "at most 2"),
        (5, {"type": "integer", "maximum": 4}, "at most 4"),
        ("x", {"oneOf": [{"type": "integer"}, {"enum": ["y"]}]}, "must be"),
        ("y", {"oneOf": [{"type": "integer"}, {"enum": ["y"]}]}, ""),
        ({"a": {"b": 1}}, {"properties": {"a": {"properties": {"b": {"enum": [2]}}}}}, "a['b']"),
        ("x", {"$ref": "A"}, "a JSON object"),
    ],
)
async def test_a_schema_is_held_leniently(value: Any, schema: Any, said: str) -> None:
    found = " ".join(problems(value, schema, {"A": {"type": "object"}}))
    assert said in found if said else not found
