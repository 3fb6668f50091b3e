"""Whether what was asked for fits a JSON schema, as far as Meta's description uses them.

It is held leniently: what a schema doesn't name is let through, for Meta takes more than it
describes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str, int, float),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}
_MAX_DEPTH = 40


def problems(
    value: Any, schema: Schema, shared: Mapping[str, Schema], path: str = ""
) -> Iterator[str]:
    """What is wrong with a value, in a sentence each; `shared` are the schemas by their names."""
    yield from _problems(value, schema, shared, path, 0)


def _problems(
    value: Any, schema: Schema, shared: Mapping[str, Schema], path: str, depth: int
) -> Iterator[str]:
    if depth > _MAX_DEPTH:
        return
    if (name := schema.get("$ref")) is not None:
        yield from _problems(value, shared[name], shared, path, depth + 1)
        return
    value = _typed(value, schema)
    if not _has_type(value, schema):
        yield f"Param {path or 'body'} must be {_article(str(schema['type']))}."
        return
    yield from _of_words(value, schema, path)
    if isinstance(value, dict):
        yield from _of_members(value, schema, shared, path, depth)
    if isinstance(value, list):
        yield from _of_items(value, schema, shared, path, depth)
    for part in schema.get("allOf", ()):
        yield from _problems(value, part, shared, path, depth + 1)
    if choices := (schema.get("oneOf") or schema.get("anyOf")):
        yield from _of_choices(value, choices, shared, path, depth)


def _of_choices(
    value: Any, choices: list[Schema], shared: Mapping[str, Schema], path: str, depth: int
) -> Iterator[str]:
    """Nothing where one of the choices fits, else what is wrong with the one that comes nearest."""
    told = [list(_problems(value, one, shared, path, depth + 1)) for one in choices]
    if all(told):
        yield from min(told, key=len)


def _of_members(
    value: Mapping[str, Any], schema: Schema, shared: Mapping[str, Schema], path: str, depth: int
) -> Iterator[str]:
    for name in schema.get("required", ()):
        if value.get(name) in (None, ""):
            yield f"The parameter {_inner(path, name)} is required."
    for name, inner in schema.get("properties", {}).items():
        if value.get(name) is not None:
            yield from _problems(value[name], inner, shared, _inner(path, name), depth + 1)


def _of_items(
    value: list[Any], schema: Schema, shared: Mapping[str, Schema], path: str, depth: int
) -> Iterator[str]:
    if len(value) < schema.get("minItems", 0):
        yield f"Param {path} must have at least {schema['minItems']} items."
    if len(value) > schema.get("maxItems", len(value)):
        yield f"Param {path} must have at most {schema['maxItems']} items."
    for place, one in enumerate(value):
        yield from _problems(one, schema.get("items", {}), shared, f"{path}[{place}]", depth + 1)


def _of_words(value: Any, schema: Schema, path: str) -> Iterator[str]:
    words = schema.get("enum", [schema["const"]] if "const" in schema else None)
    if words is not None and value not in words:
        offered = ", ".join(str(word) for word in words)
        yield f'Param {path} must be one of {{{offered}}} - got "{value}".'
    if isinstance(value, str):
        if len(value) < schema.get("minLength", 0):
            yield f"Param {path} must be at least {schema['minLength']} characters long."
        if len(value) > schema.get("maxLength", len(value)):
            yield f"Param {path} must be at most {schema['maxLength']} characters long."
        if "pattern" in schema and not re.search(schema["pattern"], value):
            yield f"Param {path} must match {schema['pattern']}."
    elif isinstance(value, int | float) and not isinstance(value, bool):
        if value < schema.get("minimum", value):
            yield f"Param {path} must be at least {schema['minimum']}."
        if value > schema.get("maximum", value):
            yield f"Param {path} must be at most {schema['maximum']}."


def _typed(value: Any, schema: Schema) -> Any:
    """What a form or an address says as text, as what its schema wants."""
    kind = schema.get("type")
    if not isinstance(value, str) or kind not in (
        "integer",
        "number",
        "boolean",
        "array",
        "object",
    ):
        return value
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _has_type(value: Any, schema: Schema) -> bool:
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in _TYPES:
        return True
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, _TYPES[kind])


def _article(kind: str) -> str:
    named = {"object": "a JSON object", "array": "an array", "integer": "an integer"}
    return named.get(kind, f"a {kind}")


def _inner(path: str, name: str) -> str:
    return f"{path}['{name}']" if path else name
