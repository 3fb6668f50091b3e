"""The kinds of message, and what there is to show of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_Part = Mapping[str, Any]

# Each path in turn, below the object that bears the kind's name.
_PATHS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "text": (("body",),),
    "button": (("text",), ("payload",)),
    "interactive": (
        ("button_reply", "title"),
        ("list_reply", "title"),
        ("nfm_reply", "body"),
        ("nfm_reply", "name"),
    ),
    "reaction": (("emoji",),),
    "image": (("caption",),),
    "video": (("caption",),),
    "document": (("caption",), ("filename",)),
    "order": (("text",),),
    "system": (("body",),),
}


def message_type(message: _Part) -> str:
    """Meta's word for it, or `unknown`."""
    return word(message.get("type")) or "unknown"


def message_text(message: _Part) -> str:
    """What a person would want to see of the message; empty where it has no words."""
    kind = message_type(message)
    part = message.get(kind)
    if kind in _SPECIAL:
        return _SPECIAL[kind](part)
    said = (word(dig(part, *path)) for path in _PATHS.get(kind, ()))
    return next(filter(None, said), "") or _error(message)


def summarize(kind: str, text: str) -> str:
    """A message in a few words: `"halo"`, `[image] "a caption"`, `[sticker]`."""
    named = f"[{kind or 'unknown'}]" if kind != "text" or not text else ""
    return " ".join(filter(None, [named, f'"{text}"' if text else ""]))


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
    if isinstance(value, str):
        # JSON may hold half a surrogate pair, which UTF-8 refuses.
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    whole = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if whole else ""


def _location(part: object) -> str:
    named = [word(dig(part, "name")), word(dig(part, "address"))]
    place = [repr(at) for at in (dig(part, "latitude"), dig(part, "longitude")) if _is_degree(at)]
    return ", ".join(filter(None, named)) or ", ".join(place)


def _is_degree(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 360


def _contacts(part: object) -> str:
    cards = part if isinstance(part, list) else []
    return ", ".join(filter(None, (word(dig(card, "name", "formatted_name")) for card in cards)))


_SPECIAL: Mapping[str, Callable[[object], str]] = {"location": _location, "contacts": _contacts}


def _error(message: _Part) -> str:
    """Why Meta can't pass it on, for what it calls `unsupported`."""
    error = dig(message, "errors", 0)
    return word(dig(error, "title")) or word(dig(error, "message"))
