"""Where Meta's description and what Meta was seen to do differ: `deviations.toml`, and what it
makes of the description."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from tests.conformance.description import ERROR, Json, resolve

PATH = Path(__file__).with_name("deviations.toml")
ALL = "all"


@dataclass(frozen=True)
class Deviation:
    """A line of the table; the head of deviations.toml says what stands in it."""

    about: str
    operations: tuple[str, ...]
    where: str
    answered: Json
    source: str
    described: Json

    @property
    def kind(self) -> str:
        return self.where.partition(" ")[0]

    @property
    def place(self) -> str:
        return self.where.partition(" ")[2]

    def concerns(self, operation_id: str) -> bool:
        return ALL in self.operations or operation_id in self.operations

    def thinner(self) -> Iterator[Deviation]:
        """The line without one of the things it allows, each in turn; nothing is left of a line
        that allows one thing alone."""
        parts = tuple(_parts(self.answered, self.described))
        for path in parts:
            yield replace(self, answered={} if len(parts) == 1 else _without(self.answered, path))
        if len(self.operations) > 1:
            for one in self.operations:
                yield replace(self, operations=tuple(set(self.operations) - {one}))


@cache
def deviations() -> tuple[Deviation, ...]:
    table = tomllib.loads(PATH.read_text("utf-8"))["deviation"]
    return tuple(
        Deviation(
            row["about"],
            tuple(row["operations"]),
            row["where"],
            row["answered"],
            row["source"],
            row.get("described", {}),
        )
        for row in table
    )


def amend(document: Json, operation: Json, rows: Sequence[Deviation]) -> None:
    """Puts into a document, and the one operation in it, what the field answers; both are changed,
    and are to be copies."""
    for row in rows:
        if row.answered and (change := _CHANGES.get(row.kind)):
            change(document, operation, row)


def place_of(document: Json, operation: Json, row: Deviation) -> Json:
    """The schema that a line is about, no longer shared with any other operation."""
    if row.kind == "schema":
        name, *pointer = row.place.split("/")
        schemas = document["components"]["schemas"]
        schemas[name] = deepcopy(schemas[name])
        return _pointed(schemas[name], pointer)
    holder = resolve(document, operation["responses"]["200"])
    if row.kind == "request":
        holder = operation["requestBody"]
    elif "$ref" in operation["responses"]["200"]:
        holder = operation["responses"]["200"] = deepcopy(holder)
    content = next(iter(holder["content"].values()))
    return _member(document, content, "schema", row.place)


def _member(document: Json, holder: Any, key: Any, path: str) -> Json:
    """`path` is such as `data[].name`; what is shared on the way is copied."""
    holder[key] = deepcopy(resolve(document, holder[key]))
    found: Json = holder[key]
    if not path:
        return found
    name, _, rest = path.partition(".")
    if name.startswith("[]"):
        return _member(document, found, "items", path.removeprefix("[]").removeprefix("."))
    bare, mark, _ = name.partition("[]")
    rest = mark + ("." + rest if mark and rest else rest)
    return _member(document, found["properties"], bare, rest)


def _pointed(found: Any, pointer: Sequence[str]) -> Json:
    for part in pointer:
        found = found[int(part) if isinstance(found, list) else part]
    schema: Json = found
    return schema


def _change_schema(document: Json, operation: Json, row: Deviation) -> None:
    _merge(place_of(document, operation, row), row.answered)


def _change_status(_document: Json, operation: Json, row: Deviation) -> None:
    for status in row.answered.get("status", ()):
        content = {"application/json": {"schema": {"$ref": ERROR}}}
        operation["responses"][str(status)] = {"description": "", "content": content}


def _change_query(document: Json, operation: Json, row: Deviation) -> None:
    for name, schema in row.answered.items():
        operation["parameters"].append({"name": name, "in": "query", "schema": schema})


_CHANGES = {
    "schema": _change_schema,
    "request": _change_schema,
    "reply": _change_schema,
    "status": _change_status,
    "query": _change_query,
}
KINDS = {*_CHANGES, "error", "header", "refused"}


def _merge(schema: Json, answered: Mapping[str, Any]) -> None:
    for key, value in answered.items():
        if isinstance(value, dict) and isinstance(schema.get(key), dict):
            _merge(schema[key], value)
        else:
            schema[key] = deepcopy(value)


def _parts(answered: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Where the things stand that `answered` allows beyond `described`."""
    for key, value in answered.items():
        if isinstance(value, list):
            new = [one for one in value if one not in described.get(key, ())]
            yield from ((key, one) for one in new) if new else [(key,)]
        elif key == "properties":
            yield from _allowed(answered)
        else:
            yield (key,)


def _allowed(schema: Any) -> Iterator[tuple[Any, ...]]:
    """Each member and each word that a schema lets in, however deep; all else in it narrows."""
    if not isinstance(schema, dict):
        return
    for name, inner in schema.get("properties", {}).items():
        yield "properties", name
        yield from (("properties", name, *rest) for rest in _allowed(inner))
    yield from (("items", *rest) for rest in _allowed(schema.get("items")))
    yield from (("enum", word) for word in schema.get("enum", ()))


def _without(part: Any, path: tuple[Any, ...]) -> Any:
    key, *inner = path
    if isinstance(part, list):
        return [one for one in part if one != key]
    if not inner:
        return {name: value for name, value in part.items() if name != key}
    return {**part, key: _without(part[key], tuple(inner))}
