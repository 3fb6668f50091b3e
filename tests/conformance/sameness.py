"""What two exchanges have in common that the description can't tell apart.

Thousands of tests ask alike, and to validate one takes milliseconds. So it is looked at once for
each shape: every key stays as it is, and of a value goes only what no schema has a word on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl

from tests.conformance.description import description
from tests.conformance.deviations import deviations
from wizard.simulator.graph_api import operations as lacking
from wizard.simulator.graph_api.recorder import Exchange

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
_WORDS = {
    *("enum", "const", "format", "uniqueItems", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}
"""What a schema may say of a value that its type and length don't tell."""
_LOOKED_AT = {"code", "error_subcode"}
"""Whose values the validator reads itself."""
_UNSHAPED = {"host", "content-length", "authorization"}
_PORT = re.compile(r"(?<=\b127\.0\.0\.1):\d+")
_WITHIN = ("allOf", "anyOf", "oneOf")


@dataclass(frozen=True)
class Said:
    """All that is said anywhere of the values under one name."""

    as_it_is: bool
    patterns: frozenset[str]

    def __or__(self, other: Said) -> Said:
        return Said(self.as_it_is or other.as_it_is, self.patterns | other.patterns)


def shape(exchange: Exchange) -> object:
    """Equal for exchanges of one operation in which the same is right and wrong."""
    headers = {name: one for name, one in exchange.headers.items() if name not in _UNSHAPED}
    scheme, _, token = exchange.headers.get("authorization", "").partition(" ")
    return (
        re.sub(r"\d{6,}", lambda found: "9" * len(found[0]), exchange.path),
        _pairs(exchange.query),
        frozenset(headers.items()),
        (scheme, bool(token)),
        _of_body(exchange.headers, exchange.body),
        exchange.status,
        frozenset(exchange.reply_headers),
        exchange.reply_headers.get("content-type"),
        _of_body(exchange.reply_headers, exchange.reply),
    )


def _of_body(headers: Mapping[str, str], body: bytes) -> object:
    kind = headers.get("content-type", "").partition(";")[0]
    if kind == FORM:
        return _pairs(body.decode("utf-8", "replace"))
    if kind == JSON:
        try:
            return _reduced("", json.loads(body))
        except (ValueError, RecursionError):
            pass
    return body


def _pairs(text: str) -> object:
    pairs = parse_qsl(text, keep_blank_values=True)
    return tuple((name, _reduced(name, value)) for name, value in pairs)


def _reduced(name: str, value: Any) -> object:
    if isinstance(value, dict):
        return frozenset((key, _reduced(key, inner)) for key, inner in value.items())
    if isinstance(value, list):
        return tuple(_reduced(name, inner) for inner in value)
    said = _said().get(name)
    if value is None or isinstance(value, bool) or said is None or said.as_it_is:
        return type(value), _PORT.sub("", value) if isinstance(value, str) else value
    if isinstance(value, str):
        return len(value), tuple(re.search(one, value) is not None for one in said.patterns)
    return type(value)


@cache
def _said() -> Mapping[str, Said]:
    """By the name of a property or a parameter. A name of which nobody has a word is missing, and
    so is one that tells which of several schemas is meant: their values stay."""
    found: dict[str, Said] = {name: Said(True, frozenset()) for name in _LOOKED_AT}
    documents = [description(), lacking.document()]
    named = [pair for one in documents for pair in _named(one, one)]
    for row in deviations():
        name = row.place.rpartition(".")[2].removesuffix("[]")
        named += [(name, _of(row.answered, {})), *_named(row.answered, {})]
    for name, said in named:
        found[name] = found.get(name, said) | said
    return found


def _named(part: Any, document: Any) -> Iterator[tuple[str, Said]]:
    if isinstance(part, list):
        for inner in part:
            yield from _named(inner, document)
    if not isinstance(part, dict):
        return
    if isinstance(properties := part.get("properties"), dict):
        yield from ((name, _of(schema, document)) for name, schema in properties.items())
    if "in" in part and "schema" in part:
        yield part["name"], _of(part["schema"], document)
    if isinstance(chooser := part.get("discriminator"), dict):
        yield chooser["propertyName"], Said(True, frozenset())
    for name, inner in part.items():
        if name not in {"example", "examples", "x-needs"}:
            yield from _named(inner, document)


def _of(schema: Any, document: Any, seen: frozenset[str] = frozenset()) -> Said:
    """What is said of a value, or of each in a list of them."""
    said = Said(False, frozenset())
    if not isinstance(schema, dict):
        return said
    if isinstance(ref := schema.get("$ref"), str):
        if ref in seen:
            return said
        found = document
        for name in ref.removeprefix("#/").split("/"):
            found = found[name]
        return _of(found, document, seen | {ref})
    patterns = frozenset({schema["pattern"]} if isinstance(schema.get("pattern"), str) else ())
    # In a form, an object is a text with a shape of its own.
    strict = not _WORDS.isdisjoint(schema) or schema.get("type") == "object"
    said = Said(strict, patterns)
    for inner in [schema.get("items"), *(one for key in _WITHIN for one in schema.get(key, ()))]:
        said |= _of(inner, document, seen)
    return said
