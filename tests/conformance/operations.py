"""The operations of Graph that can be held against somebody's words: Meta's description has most,
the simulator's own file what it leaves out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.conformance.description import Json, description
from tests.conformance.deviations import Deviation, amend
from wizard.simulator.graph_api import operations as lacking
from wizard.simulator.graph_api.recorder import Exchange

_METHODS = ("get", "post", "delete")
_OWNERS = {
    "WhatsAppBusinessAccount": "{WABA-ID}",
    "WhatsAppBusinessPhoneNumber": "{Phone-Number-ID}",
    "Application": "{Application-ID}",
    "Business": "{Business-ID}",
    "User": "{User-ID}",
    "WhatsAppMessageTemplate": "{TEMPLATE_ID}",
    "WhatsAppBusinessFlow": "{Flow-ID}",
    "WhatsAppBusinessMedia": "{Media-ID}",
    "WhatsAppBusinessProfile": "{WhatsApp-Business-Profile-ID}",
}
_STRANGER = {"get": "{WABA-ID}", "post": "{Phone-Number-ID}"}
"""Whose operation it is where the world has no object of this id."""
_KEPT = ("openapi", "servers")
_PROSE = {"description", "example", "examples", "externalDocs", "summary", "tags"}


@dataclass(frozen=True)
class Operation:
    """`described` says whether Meta's description has it."""

    id: str
    method: str
    path: str
    described: bool
    source: Json = field(repr=False)

    def alone(self, rows: Sequence[Deviation]) -> Json:
        """A document with this operation and nothing else, changed as these lines say, in which
        no object holds what is not described."""
        operation = deepcopy(self.source["paths"][self.path][self.method])
        shared = self.source["paths"][self.path].get("parameters", [])
        operation["parameters"] = [*deepcopy(shared), *operation.get("parameters", [])]
        operation["parameters"].append(_proof())
        components = {name: dict(part) for name, part in self.source["components"].items()}
        document = {name: self.source[name] for name in _KEPT if name in self.source}
        document |= {"paths": {self.path: {self.method: operation}}, "components": components}
        amend(document, operation, [row for row in rows if row.concerns(self.id)])
        return _closed(document)


@cache
def operations() -> Mapping[str, Operation]:
    return {
        operation["operationId"]: Operation(operation["operationId"], method, path, own, document)
        for own, document in ((True, description()), (False, lacking.document()))
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in _METHODS and "operationId" in operation
    }


def find(exchange: Exchange) -> Operation | None:
    """The operation that was asked for; a name without an id of its own, as in `{WABA-ID}`, is
    told from the object that the id stands for."""
    method, parts = exchange.method.lower(), _parts(exchange.path)
    fitting = [one for one in _by_shape().get((method, len(parts)), ()) if _fits(one.path, parts)]
    if len(parts) > 1 or (fitting and _literals(fitting[0].path)):
        return max(fitting, key=lambda one: _literals(one.path), default=None)
    node = exchange.node or ""
    owner = node if node.startswith("{") else _OWNERS.get(node)
    owner = owner if node else _STRANGER.get(method)
    return next((one for one in fitting if one.path == f"/{{Version}}/{owner}"), None)


@cache
def _by_shape() -> Mapping[tuple[str, int], list[Operation]]:
    found: dict[tuple[str, int], list[Operation]] = {}
    for one in operations().values():
        found.setdefault((one.method, len(_segments(one.path))), []).append(one)
    for some in found.values():
        some.sort(key=lambda one: -_literals(one.path))
    return found


def is_versioned(path: str) -> bool:
    return re.match(r"/v\d+\.\d+(/|$)", path) is not None


def _parts(path: str) -> list[str]:
    parts = [part for part in path.split("/") if part]
    return parts[1:] if is_versioned(path) else parts


@cache
def _segments(template: str) -> tuple[str, ...]:
    return tuple(template.removeprefix("/{Version}").strip("/").split("/"))


def _fits(template: str, parts: Sequence[str]) -> bool:
    pairs = zip(_segments(template), parts, strict=True)
    return all(segment.startswith("{") or segment == part for segment, part in pairs)


@cache
def _literals(template: str) -> int:
    return sum(not segment.startswith("{") for segment in _segments(template))


def _proof() -> Json:
    found: Json = lacking.document()["components"]["parameters"][lacking.PROOF]
    return found


def _closed(document: Json) -> Json:
    """The document with those components alone that are in reach, and no object open."""
    names, open_ = _reach(document)
    components = document["components"]
    kept: dict[str, Json] = {"securitySchemes": components.get("securitySchemes", {})}
    for group, name in names:
        is_open = (group, name) in open_
        kept.setdefault(group, {})[name] = _close(components[group][name], within=is_open)
    return {**document, "paths": _close(document["paths"]), "components": kept}


def _reach(document: Json) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The components that the paths lead to, and those that are part of an `allOf`."""
    found, open_, waiting = set[tuple[str, str]](), set[tuple[str, str]](), [document["paths"]]
    while waiting:
        for ref, within in _references(waiting.pop()):
            _, _, group, name = ref.split("/")
            if within:
                open_.add((group, name))
            if (group, name) not in found:
                found.add((group, name))
                waiting.append(document["components"][group][name])
    return found, open_


def _references(part: Any, *, within: bool = False) -> Iterator[tuple[str, bool]]:
    if isinstance(part, dict):
        if isinstance(ref := part.get("$ref"), str):
            yield ref, within
        for ref in part.get("discriminator", {}).get("mapping", {}).values():
            yield ref, False
        for name, inner in _parts_of(part):
            yield from _references(inner, within=name == "allOf")
    elif isinstance(part, list):
        for inner in part:
            yield from _references(inner, within=within)


def _parts_of(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What lies within a schema, without prose; a property may bear the name of prose."""
    for name, inner in schema.items():
        if name == "properties" and isinstance(inner, dict):
            yield from (("", one) for one in inner.values())
        elif name not in _PROSE:
            yield name, inner


def _close(part: Any, *, within: bool = False) -> Any:
    """A copy without prose; `within` an `allOf`, an object is for the whole to close."""
    if isinstance(part, list):
        return [_close(inner, within=within) for inner in part]
    if not isinstance(part, dict):
        return part
    copied = {
        name: _close(inner, within=name == "allOf")
        for name, inner in part.items()
        if name not in _PROSE and name != "properties"
    }
    if isinstance(properties := part.get("properties"), dict):
        copied["properties"] = {name: _close(inner) for name, inner in properties.items()}
        if not within:
            copied.setdefault("additionalProperties", False)
        elif copied.get("additionalProperties") is True:
            # Said aloud, it would open the whole too.
            del copied["additionalProperties"]
    if "allOf" in copied and not within:
        copied["unevaluatedProperties"] = False
    return copied
