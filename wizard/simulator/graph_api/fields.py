"""The language of the `fields` parameter: `id,phone_numbers.limit(2){id,verified_name}`.

https://developers.facebook.com/docs/graph-api/guides/field-expansion
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from wizard.simulator import errors

_NAME = re.compile(r"\s*(\w+)\s*")
_MODIFIER = re.compile(r"\.(\w+)\(([^)]*)\)")


class Field(NamedTuple):
    """A name that was asked for, with what was asked of the object behind it."""

    name: str
    inner: tuple[Field, ...] = ()
    modifiers: Mapping[str, str] = MappingProxyType({})


def parse(text: str) -> tuple[Field, ...]:
    """The fields in the order asked; `GraphError` 2500 says where the text makes no sense."""
    if not text.strip():
        return ()
    found, end = _row(text, 0)
    if end < len(text):
        raise errors.bad_syntax("end of string", text, end)
    return found


def _row(text: str, start: int) -> tuple[tuple[Field, ...], int]:
    one, at = _field(text, start)
    row = [one]
    while text[at : at + 1] == ",":
        one, at = _field(text, at + 1)
        row.append(one)
    return tuple(row), at


def _field(text: str, start: int) -> tuple[Field, int]:
    name = _NAME.match(text, start)
    if not name:
        raise errors.bad_syntax("name", text, start)
    at, modifiers = name.end(), {}
    while modifier := _MODIFIER.match(text, at):
        modifiers[modifier[1]] = modifier[2]
        at = modifier.end()
    inner, at = _inner(text, at)
    return Field(name[1], inner, modifiers), at


def _inner(text: str, at: int) -> tuple[tuple[Field, ...], int]:
    if text[at : at + 1] != "{":
        return (), at
    inner, at = _row(text, at + 1)
    if text[at : at + 1] != "}":
        raise errors.bad_syntax('"}"', text, at)
    return inner, at + 1
