"""What Meta describes and nothing here keeps a state for: a checked request, a plausible answer.

`described.json` is made from Meta's OpenAPI description by `python docs/write_described.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import schema
from wizard.simulator.graph_api.arguments import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import (
    App,
    Business,
    Flow,
    Media,
    Node,
    Phone,
    Template,
    User,
    Waba,
)

PATH = Path(__file__).with_name("described.json")
HEADER = "x-simulated"
_GROUP = "Y2FwaV9ncm91cDo"
"""What the IDs of groups begin with."""
_OWNERS: Mapping[str, type[Node]] = {
    "{Application-ID}": App,
    "{Business-ID}": Business,
    "{Flow-ID}": Flow,
    "{Media-ID}": Media,
    "{Phone-Number-ID}": Phone,
    "{TEMPLATE_ID}": Template,
    "{User-ID}": User,
    "{WABA-ID}": Waba,
    "{WhatsApp-Business-Account-ID}": Waba,
}
"""Whose operations these are; all other owners exist in no world here."""


class Described(dict[str, object]):
    """An answer made from the description, which a header says."""

    headers: Mapping[str, str] = {
        HEADER: "described; from Meta's OpenAPI examples, nothing is kept"
    }


@cache
def document() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(PATH.read_text("utf-8"))
    return found


def of_thing(call: Call, thing: Node) -> Described | None:
    """What the description answers about an object of the world, `None` where it has no such
    operation. Raises `GraphError` 100 for a request that is not as described."""
    for operation in _fitting(call.method, call.parts):
        owner = _OWNERS.get(operation["path"][0])
        if owner is not None and isinstance(thing, owner):
            return _answer(call, operation)
    return None


def of_stranger(call: Call) -> Described | None:
    """As `of_thing`, for objects that no world has, such as groups: their ID is whatever the call
    says, as long as the operation tells their kind, or an answer has named the ID before."""
    if call.meta.find_node(call.parts[0]) is not None:
        return None
    named = kind_of(call.meta.named, call.parts[0])
    for operation in _fitting(call.method, call.parts):
        owner = operation["path"][0]
        if owner in _OWNERS or (len(call.parts) == 1 and named != owner):
            continue
        call.token()
        return _answer(call, operation)
    return None


def is_known(call: Call, *, method: str | None = None) -> bool:
    """Whether the description has this operation for some kind of object."""
    return any(_fitting(method or call.method, call.parts))


def unknown(call: Call) -> GraphError:
    """The error for what nothing here simulates; whoever runs the simulator is told."""
    if call.meta.on_unsimulated:
        call.meta.on_unsimulated(f"{call.method} /{'/'.join(call.parts)}")
    others = (one for one in ("GET", "POST", "DELETE") if one != call.method)
    if len(call.parts) == 1 or any(is_known(call, method=one) for one in others):
        return errors.unsupported(call.method)
    return errors.unknown_path(call.parts[1:])


def _fitting(method: str, parts: Sequence[str]) -> Iterator[dict[str, Any]]:
    wanted = "GET" if method == "HEAD" else method
    for operation in document()["operations"]:
        path = operation["path"]
        if operation["method"] == wanted and len(path) == len(parts):
            rest = zip(path[1:], parts[1:], strict=True)
            if all(name.startswith("{") or name == part for name, part in rest):
                yield operation


def _answer(call: Call, operation: Mapping[str, Any]) -> Described:
    for problem in _problems(call, operation):
        raise errors.bad_parameter(problem)
    reply = Described(operation["reply"])
    if len(call.parts) == 1 and "id" in reply:
        reply["id"] = call.parts[0]
    if owner := operation.get("makes"):
        call.meta.named |= dict.fromkeys(_ids(reply), owner)
    return reply


def kind_of(named: Mapping[str, str], object_id: str) -> str | None:
    """What kind of object no world has is meant, as a path names it: `{group_id}`."""
    return "{group_id}" if object_id.startswith(_GROUP) else named.get(object_id)


def _ids(reply: Mapping[str, object]) -> Iterator[str]:
    """What an answer names, itself or in its list."""
    rows = reply.get("data")
    for row in (reply, *(rows if isinstance(rows, list) else ())):
        yield from (str(row[name]) for name in row if name == "id" or name.endswith("_id"))


def _problems(call: Call, operation: Mapping[str, Any]) -> Iterator[str]:
    asked, shared = arguments(call), document()["schemas"]
    for name, (needed, found) in operation.get("query", {}).items():
        if asked.get(name) is not None:
            yield from schema.problems(asked[name], found, shared, name)
        elif needed:
            yield f"The parameter {name} is required."
    if body := operation.get("body"):
        given = {**asked, **{name: "" if one is None else name for name, one in call.files.items()}}
        if body["required"] or given:
            yield from schema.problems(given, body["schema"], shared)
