"""What can still be read of a damaged state file: it is the only index of the profiles, and the
only memory of a replaced callback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from wizard.state.profile_index import UNREADABLE
from wizard.state.progress import read_progress

_NUMBER = r"[0-9]+(?:\.[0-9]+)?"
_VERSION = rf'(?:"[^"0-9\n]{{0,9}})?({_NUMBER})|\[|\{{'
_SCHEMA = re.compile(
    rf'(?:\A\W*|^ ?)"schema"\s*:\s*(?:{_VERSION})|"schema"\s*:\s*(?:{_VERSION})[^,:]*\Z', re.M
)
_PROFILES = re.compile(r'"profiles"\s*:\s*\{')
_NAME = r'"((?:[^"\\\n]|\\.)*)"\s*:\s*'
_MEMBER = re.compile(rf"[\s,]*{_NAME}")
_DEEPEST = 6


def salvage(text: bytes) -> dict[str, Any]:
    """The file's object as far as it can be read, every known part of the right type.

    Parts that no one knows are kept; a profile of which nothing can be read keeps its name.
    """
    try:
        said = json.loads(text, object_pairs_hook=_joined)
    except UNREADABLE:
        said = _members_read(text.decode("utf-8", "replace").replace("\0", ""))
    said = said if isinstance(said, dict) else {}
    profiles = said.get("profiles")
    if isinstance(profiles, list):
        profiles = {name: {} for name in profiles if isinstance(name, str)}
    named = profiles.items() if isinstance(profiles, dict) else ()
    kept = {key: value for key, value in said.items() if key not in {"schema", "profiles"}}
    if not isinstance(kept.get("current"), str | None):
        del kept["current"]
    return kept | {"profiles": {name: _entry(entry) for name, entry in named}}


def _joined(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of two members of one name with what both hold."""
    made: dict[str, Any] = {}
    for name, value in pairs:
        before = made.get(name)
        if isinstance(before, dict) and isinstance(value, dict):
            made[name] = _joined([*before.items(), *value.items()])
        elif isinstance(before, list) and isinstance(value, list):
            made[name] = before + value
        else:
            made[name] = value
    return made


def is_later(text: bytes, schema: int) -> bool:
    """Whether a damaged file says that a later program wrote it: what that kept in it, this one
    would not know how to save."""
    found = _SCHEMA.finditer(text.decode("utf-8", "replace"))
    return any(float(match[1] or match[2] or "inf") > schema for match in found)


def is_schema_later(said: object, schema: int) -> bool:
    """Whether a file's own word for its schema is one of a later program, which may write it in
    another form than a number."""
    if isinstance(said, str):
        number = re.search(_NUMBER, said)
        return number is not None and float(number[0]) > schema
    return isinstance(said, dict | list) or (isinstance(said, int | float) and said > schema)


def _entry(entry: object) -> dict[str, Any]:
    """The members of one profile's entry that can be read, and of those that can't, their parts."""
    if not isinstance(entry, dict):
        return {}
    parts = {
        "done": _texts,
        "skipped": _texts,
        "tested": _sound(lambda name, one: {"tested": {name: one}}),
        "webhook": _webhook,
    }
    kept = {}
    for key, value in entry.items():
        if _reads({key: value}):
            kept[key] = value
        elif key in parts and (part := parts[key](value)):
            kept[key] = part
    return kept


def _webhook(value: object) -> object:
    kept = _sound(lambda key, one: {"webhook": {key: one}})(value)
    replaced = value.get("replaced") if isinstance(value, dict) else None
    if isinstance(replaced, list):
        kept["replaced"] = [one for one in replaced if _reads({"webhook": {"replaced": [one]}})]
    return kept


def _sound(entry: Callable[[str, object], Mapping[str, Any]]) -> Callable[[object], dict[str, Any]]:
    def kept(value: object) -> dict[str, Any]:
        members = value.items() if isinstance(value, dict) else ()
        return {key: one for key, one in members if _reads(entry(key, one))}

    return kept


def _texts(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _reads(entry: Mapping[str, Any]) -> bool:
    try:
        read_progress(entry)
    except UNREADABLE:
        return False
    return True


def _members_read(text: str) -> dict[str, Any]:
    """Of what is no JSON as a whole: by its lines, as this program writes them, or else as far as
    its profiles can be read one after the other. Where their beginning is lost, what stands as
    deep as a profile is one."""
    said = _by_lines(text, 1)
    if "profiles" in said:
        return said
    if begun := _PROFILES.search(text):
        said["profiles"] = dict(_in_turn(text, begun.end()))
    else:
        deep = _by_lines(text, 2)
        said["profiles"] = {name: one for name, one in deep.items() if isinstance(one, dict)}
    return said


def _by_lines(text: str, depth: int) -> dict[str, Any]:
    """The members that stand at this depth of indentation."""
    found = list(re.finditer(rf"^ {{{depth}}}{_NAME}", text, re.MULTILINE))
    ends = [*(match.start() for match in found[1:]), len(text)]
    kept = {}
    for match, end in zip(found, ends, strict=False):
        value = _value(text[match.end() : end], depth)
        if value is not None:
            kept[_unescaped(match[1])] = value
    return kept


def _value(text: str, depth: int) -> Any:
    try:
        return json.JSONDecoder().raw_decode(text)[0]
    except UNREADABLE:
        if text.startswith("[") and depth < _DEEPEST:
            return list(_elements(text))
        if text.startswith("{") and depth < _DEEPEST:
            return _by_lines(text, depth + 1)
    return {} if depth == 2 else None  # a profile's name is kept


def _elements(text: str) -> Iterator[Any]:
    at = 1
    while True:
        at += len(text[at:]) - len(text[at:].lstrip(" \n\r\t,"))
        try:
            value, at = json.JSONDecoder().raw_decode(text, at)
        except UNREADABLE:
            return
        yield value


def _in_turn(text: str, at: int) -> Iterator[tuple[str, Any]]:
    while match := _MEMBER.match(text, at):
        try:
            value, at = json.JSONDecoder().raw_decode(text, match.end())
        except UNREADABLE:
            yield _unescaped(match[1]), {}
            return
        yield _unescaped(match[1]), value


def _unescaped(name: str) -> str:
    try:
        return str(json.loads(f'"{name}"'))
    except ValueError:
        return name
