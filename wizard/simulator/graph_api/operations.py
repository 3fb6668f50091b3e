"""The operations that Meta's OpenAPI description leaves out, as `operations.json` has them.

The file is OpenAPI 3.1, as is https://github.com/facebook/openapi, and one validator reads both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

PATH = Path(__file__).with_name("operations.json")


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    return found


PROOF: str = document()["components"]["parameters"]["appsecret_proof"]["name"]
"""What an app may demand of every call."""


@cache
def required(operation_id: str) -> tuple[str, ...]:
    """The parameters without which nothing is answered: those of the address, then the body's."""
    operation = _operation(operation_id)
    asked = (_resolved(parameter) for parameter in operation["parameters"])
    named = [one["name"] for one in asked if one["required"] and one["in"] == "query"]
    return (*named, *_form(operation).get("required", ()))


@cache
def grants() -> Mapping[str, list[str]]:
    """What each kind of `grant_type` asks for besides."""
    (found,) = (one for one in _operation("getAccessToken")["parameters"] if "x-needs" in one)
    needs: Mapping[str, list[str]] = found["x-needs"]
    return needs


@cache
def default(schema: str) -> tuple[str, ...]:
    """The fields of an object that come when none are asked for."""
    return tuple(_schema(schema)["x-default"])


@cache
def fields(schema: str) -> tuple[str, ...]:
    """The fields that an object has; a dot leads into one of them."""
    name, *inner = schema.split(".")
    found = _schema(name)
    for part in inner:
        found = found["properties"][part]
    return tuple(found["properties"])


def words(schema: str, field: str) -> tuple[str, ...]:
    """What may stand in a field."""
    return tuple(_schema(schema)["properties"][field]["enum"])


def subscribable() -> tuple[str, ...]:
    """The fields that a webhook can be subscribed to."""
    entry = _schema("Subscription")["properties"]["fields"]["items"]
    return tuple(entry["properties"]["name"]["enum"])


def _operations() -> Iterator[dict[str, Any]]:
    for path in document()["paths"].values():
        yield from path.values()


def _operation(operation_id: str) -> dict[str, Any]:
    return next(one for one in _operations() if one["operationId"] == operation_id)


def _schema(name: str) -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"][name]
    return found


def _form(operation: Mapping[str, Any]) -> dict[str, Any]:
    contents = operation.get("requestBody", {}).get("content", {}).values()
    return next((_resolved(content["schema"]) for content in contents), {})


def _resolved(part: dict[str, Any]) -> dict[str, Any]:
    found: Any = document()
    if "$ref" not in part:
        return part
    for name in part["$ref"].removeprefix("#/").split("/"):
        found = found[name]
    resolved: dict[str, Any] = found
    return resolved
