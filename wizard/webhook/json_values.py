"""Values of a JSON document that a stranger wrote: looked at without trust in their types."""

from __future__ import annotations

from typing import Any, TypeAlias

Path: TypeAlias = tuple[str | int, ...]
"""Keys and places in lists, from the root."""

_MAX_KEY = 100
_MAX_STEPS = 20


class Unreadable(str):
    """What stands for a number that JSON allows and no program can hold; the text is its
    beginning."""


def dig(value: object, *path: str | int) -> object:
    """What lies at the path, or `None` where the way there is of another shape."""
    for key in path:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and isinstance(key, int) and key < len(value):
            value = value[key]
        else:
            return None
    return value


def word(value: object) -> str:
    """A string or a whole number as text that any file or terminal takes; else empty."""
    if type(value) is str and value.isascii():
        return value
    if value is None or isinstance(value, Unreadable):
        return ""
    if isinstance(value, str):
        # JSON may hold half a surrogate pair, which UTF-8 refuses.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole else ""


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; none where it is no list."""
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []


def number(value: object) -> int | None:
    """A whole number, also one that is written as text; else `None`."""
    try:
        return int(word(value))
    except ValueError:
        return None


def type_name(value: object) -> str:
    """JSON's own word for the type of a value."""
    if isinstance(value, Unreadable):
        return "an unreadable number"
    names = {str: "text", dict: "an object", list: "a list", bool: "true or false"}
    return "null" if value is None else names.get(type(value), "a number")


def path_text(path: Path) -> str:
    """A path as people write it: `entry[0].changes[0].value`."""
    shown = path[:_MAX_STEPS]
    parts = [f"[{key}]" if isinstance(key, int) else f".{key[:_MAX_KEY]}" for key in shown]
    return "".join(parts).lstrip(".") + ("…" if len(path) > _MAX_STEPS else "")
