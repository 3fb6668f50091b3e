"""Meta's description in short: what a request has to be like, and one answer an operation."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.conformance.description import LICENSE, Json, description, resolve
from tests.conformance.operations import Operation, operations
from tests.conformance.validator import standing
from wizard.simulator.graph_api.recorder import Exchange
from wizard.simulator.world.fake_ids import digits

_KEPT = frozenset(
    [
        "$ref",
        "type",
        "properties",
        "required",
        "items",
        "enum",
        "const",
        "pattern",
        "minLength",
        "maxLength",
        "minimum",
        "maximum",
        "minItems",
        "maxItems",
        "oneOf",
        "anyOf",
        "allOf",
    ]
)
_MAKES = {
    "createGroup": "{group_id}",
    "createWhatsAppBusinessSolution": "{Solution-ID}",
    "getApplicationWhatsAppBusinessSolutions": "{Solution-ID}",
    "listWabaSolutions": "{Solution-ID}",
    "getPreVerifiedPhoneNumbers": "{Pre-Verified-Phone-Number-ID}",
    "getMessageHistory": "{Message-History-ID}",
    "createOBOMobilityIntent": "{OBO-Mobility-Intent-ID}",
    "setSolutionMigrationIntent": "{Migration-Intent-ID}",
    "addPhoneNumbers": "{Pre-Verified-Phone-Number-ID}",
}
"""Whose ID an answer names."""
_NOT_ASKED = {"Version", "User-Agent", "Authorization", "Content-Type"}
_PLACEHOLDER = re.compile(r"<[^<>]*>|\{\{[^{}]*\}\}")


def compact() -> Json:
    """The whole file; the licence stands in it."""
    document = description()
    shared: dict[str, Json] = {}
    found = [
        _operation(document, one, shared)
        for one in operations().values()
        if one.described and one.path != "/{Version}/{Media-URL}"
    ]
    return {
        "about": "Made by docs/write_described.py from https://github.com/facebook/openapi",
        "licence": LICENSE.read_text("utf-8"),
        "operations": sorted(found, key=lambda one: (one["path"], one["method"])),
        "schemas": shared,
    }


def _operation(document: Json, one: Operation, shared: dict[str, Json]) -> Json:
    source = document["paths"][one.path][one.method]
    parts = one.path.removeprefix("/{Version}").strip("/").split("/")
    found: Json = {"id": one.id, "method": one.method.upper(), "path": parts}
    if query := dict(_query(document, one, source, shared)):
        found["query"] = query
    if body := source.get("requestBody"):
        body = resolve(document, body)
        content = next(iter(body["content"].values()))
        inner = _short(document, content.get("schema", {}), shared)
        found["body"] = {"required": bool(body.get("required")), "schema": inner}
    if one.id in _MAKES:
        found["makes"] = _MAKES[one.id]
    found["reply"] = _reply(document, one, source)
    return found


def _query(
    document: Json, one: Operation, source: Json, shared: dict[str, Json]
) -> Iterator[tuple[str, Any]]:
    for given in [
        *document["paths"][one.path].get("parameters", []),
        *source.get("parameters", []),
    ]:
        asked = resolve(document, given)
        if asked["in"] == "query" and asked["name"] not in _NOT_ASKED:
            inner = _short(document, asked.get("schema", {}), shared)
            yield asked["name"], [bool(asked.get("required")), inner]


def _short(document: Json, schema: Any, shared: dict[str, Json]) -> Any:
    """A schema without prose; what it refers to is put among the shared ones."""
    if isinstance(schema, list):
        return [_short(document, inner, shared) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    found = {}
    for name, inner in schema.items():
        if name == "$ref":
            key = inner.rpartition("/")[2]
            if key not in shared:
                shared[key] = {}
                shared[key] = _short(document, resolve(document, schema), shared)
            found[name] = key
        elif name == "properties":
            found[name] = {key: _short(document, one, shared) for key, one in inner.items()}
        elif name in _KEPT:
            found[name] = _short(document, inner, shared)
    return found


def _reply(document: Json, one: Operation, source: Json) -> Json:
    """The first example that is as described, else what the schema alone says."""
    answer = resolve(document, source["responses"]["200"])
    content = answer.get("content", {}).get("application/json", {})
    examples = [
        resolve(document, each).get("value") for each in content.get("examples", {}).values()
    ]
    examples.append(content.get("example"))
    for example in examples:
        if isinstance(example, dict):
            filled: Json = _filled(example, one.id)
            if _fits(one, filled):
                return filled
    made: Json = _made(document, content.get("schema", {}), one.id)
    return made


def _fits(one: Operation, reply: Json) -> bool:
    path = re.sub(r"\{[^}]*\}", "1234567890123456", one.path.replace("{Version}", "v23.0"))
    node = None
    exchange = Exchange(
        one.method.upper(),
        path,
        "",
        {},
        b"",
        node,
        200,
        {"content-type": "application/json"},
        json.dumps(reply).encode(),
    )
    return not list(standing().differences_of(exchange, one))


def _filled(value: Any, label: str) -> Any:
    """An example with digits where the page says what is to stand there."""
    if isinstance(value, dict):
        return {name: _filled(inner, f"{label}/{name}") for name, inner in value.items()}
    if isinstance(value, list):
        return [_filled(inner, label) for inner in value]
    if isinstance(value, str) and _PLACEHOLDER.search(value):
        return _PLACEHOLDER.sub(digits("described", label, 16), value)
    return value


def _made(document: Json, schema: Json, label: str) -> Any:
    schema = resolve(document, schema)
    for name in ("oneOf", "anyOf"):
        if name in schema:
            return _made(document, schema[name][0], label)
    if "allOf" in schema:
        return {
            key: inner
            for part in schema["allOf"]
            for key, inner in _made(document, part, label).items()
        }
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema.get("type")
    if kind == "array":
        return [_made(document, schema.get("items", {}), label)] if schema.get("minItems") else []
    if kind in {"integer", "number"}:
        return 0
    if kind == "boolean":
        return True
    if kind == "string":
        return _text(schema, label)
    properties = schema.get("properties", {})
    names = schema.get("required") or properties
    return {name: _made(document, properties[name], f"{label}/{name}") for name in names}


def _text(schema: Json, label: str) -> str:
    if schema.get("format") in {"uri", "url"}:
        return "https://hidden-market.example/"
    if label.endswith(("id", "ID")) or "[0-9]" in schema.get("pattern", ""):
        return digits("described", label, 16)
    return str(schema.get("example") or label.rpartition("/")[2])
