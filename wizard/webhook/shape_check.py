"""Whether what Meta posted has the types that Meta describes, and where it has not."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Mapping, Set
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

from wizard.webhook import descriptions
from wizard.webhook.descriptions import CONTENT, Shape
from wizard.webhook.envelope import MAX_TEXT
from wizard.webhook.json_values import Path, Unreadable, path_text, type_name, word

MalformedReason: TypeAlias = Literal[
    "missing", "wrong_type", "too_long", "too_deep", "unreadable_number"
]
Fits: TypeAlias = Callable[[object], bool]

_MAX_ID = 1024
"""Characters of an id, a name or a word: Meta's longest ids have about 150."""
_TIME = re.compile(r"-?[0-9]{1,12}")


@dataclass(frozen=True)
class Malformed:
    """A place in a body where something else stands than Meta describes, or nothing at all."""

    path: str
    reason: MalformedReason
    expected: str = ""
    found: str = ""


_NUMBERS = (int, float)
_TEXTS = {"id", "id!", "key", "key!", "text", "text!"}
_WITH_CONTENT = {*CONTENT, "edit"} - {"unsupported"}
_EXPECTED = {
    "id": "text",
    "key": "text",
    "text": "text",
    "time": "seconds since 1970",
    "number": "a number",
    "flag": "true or false",
}


class Description:
    """A shape, and a quick way to see that a value is of it, as nearly every one is: what does not
    `fit` has to be looked at member by member."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.fits = _fitting(shape)


def _fitting(shape: Shape) -> Fits:
    if isinstance(shape, str):
        return _LEAVES[shape.rstrip("!")]
    if isinstance(shape, list):
        return partial(_fits_list, _fitting(shape[0]))
    leaves = {name: part for name, part in shape.items() if isinstance(part, str)}
    texts = frozenset(name for name, kind in leaves.items() if kind in _TEXTS)
    required = frozenset(name for name, kind in leaves.items() if kind[-1] == "!")
    others = {name: _fitting(part) for name, part in shape.items() if name not in texts}
    return partial(_fits_object, texts, required, others)


def _fits_object(
    texts: Container[str], required: Set[str], others: Mapping[str, Fits], value: object
) -> bool:
    if type(value) is not dict or not required <= value.keys():
        return False
    for name, part in value.items():
        if name in texts:
            if type(part) is not str or len(part) > _MAX_ID:
                return False
        elif name in others and not others[name](part):
            return False
    return True


def _fits_list(fits: Fits, value: object) -> bool:
    return type(value) is list and all(map(fits, value))


def _fits_text(value: object) -> bool:
    return type(value) is str and len(value) <= _MAX_ID


_LEAVES: Mapping[str, Fits] = {
    "id": _fits_text,
    "key": _fits_text,
    "text": _fits_text,
    "time": lambda value: type(value) is str and _TIME.fullmatch(value) is not None,
    "number": lambda value: type(value) in _NUMBERS,
    "flag": lambda value: type(value) is bool,
}

MESSAGE = Description(descriptions.MESSAGE)
ECHO = Description(descriptions.ECHO)
STATUS = Description(descriptions.STATUS)
CONTACTS = Description([descriptions.CONTACT])
ERRORS = Description([descriptions.ERROR])
METADATA = Description(descriptions.METADATA)
OBJECTS = Description([{}])
ENVELOPE = Description(descriptions.ENVELOPE)
ENTRY = Description(descriptions.ENTRY)
CHANGE = Description(descriptions.CHANGE)
_CONVERSATION = Description(descriptions.CONVERSATION)


def is_as_described(whole: Mapping[str, Any]) -> bool:
    """Whether a body is of messages and their statuses alone, as nearly every one is, and has no
    fault; of all others it does not tell."""
    entries = whole.get("entry")
    return ENVELOPE.fits(whole) and type(entries) is list and all(map(_is_entry, entries))


def _is_entry(entry: object) -> bool:
    if not (isinstance(entry, dict) and ENTRY.fits(entry)):
        return False
    changes = entry.get("changes")
    return type(changes) is list and all(map(_is_conversation, changes))


def _is_conversation(change: object) -> bool:
    if not (isinstance(change, dict) and change.get("field") == "messages"):
        return False
    value = change.get("value")
    if not (_CONVERSATION.fits(value) and isinstance(value, dict) and "metadata" in value):
        return False
    messages = value.get("messages", ())
    is_told = bool(messages or value.get("statuses"))
    is_plain = value.keys() <= descriptions.CONVERSATION.keys()
    return is_told and is_plain and all(map(_has_content, messages))


def _has_content(message: Mapping[str, Any]) -> bool:
    return message["type"] not in _WITH_CONTENT or message["type"] in message


def check_message(
    message: Mapping[str, Any], path: Path, *, is_excused: bool = False
) -> Iterator[Malformed]:
    """Every place in a message that Meta's description forbids. Where Meta says itself that it
    could not tell what the message holds, that is `is_excused`.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
    """
    yield from check_shape(message, MESSAGE, path)
    kind = word(message.get("type"))
    is_excused = is_excused or bool(message.get("errors"))
    if kind in _WITH_CONTENT and kind not in message and not is_excused:
        expected = "a list" if kind == "contacts" else "an object"
        yield Malformed(path_text((*path, kind)), "missing", expected)


def check_echo(echo: Mapping[str, Any], path: Path) -> Iterator[Malformed]:
    """The same for a message that somebody else sent for the business: on `standby` it is what was
    asked for, one level deeper."""
    inner, at = (echo["message"], (*path, "message")) if "message" in echo else (echo, path)
    yield from check_shape(inner, ECHO, at)


def check_shape(value: object, described: Description, path: Path) -> Iterator[Malformed]:
    """Every place at or below `path` where the value is not as described; a member that may be
    missing is not asked for, and one that nothing describes is not looked at."""
    if not described.fits(value):
        yield from _check(value, described.shape, path)


def _check(value: object, shape: Shape, path: Path) -> Iterator[Malformed]:
    if isinstance(shape, str):
        yield from _check_leaf(value, shape.rstrip("!"), path)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield _wrong(value, "a list", path)
            return
        for place, part in enumerate(value):
            yield from _check(part, shape[0], (*path, place))
    elif not isinstance(value, dict):
        yield _wrong(value, "an object", path)
    else:
        yield from _check_members(value, shape, path)


def _check_members(
    value: Mapping[str, Any], shape: Mapping[str, Shape], path: Path
) -> Iterator[Malformed]:
    for name, part in shape.items():
        if name not in value:
            if type(part) is str and part[-1] == "!":
                yield Malformed(path_text((*path, name)), "missing", _EXPECTED[part.rstrip("!")])
            continue
        inner = value[name]
        # Nearly everything is a short text where one is expected, and needs no second look.
        if type(inner) is str and len(inner) <= _MAX_ID and type(part) is str and part in _TEXTS:
            continue
        yield from _check(inner, part, (*path, name))


def _check_leaf(value: object, kind: str, path: Path) -> Iterator[Malformed]:
    if isinstance(value, Unreadable) or not _is_of_kind(value, kind):
        yield _wrong(value, _EXPECTED[kind], path)
    elif isinstance(value, str) and len(value) > (MAX_TEXT if kind == "text" else _MAX_ID):
        yield Malformed(path_text(path), "too_long", found=f"{len(value):,} characters")


def _is_of_kind(value: object, kind: str) -> bool:
    if isinstance(value, str):
        match kind:
            case "flag":
                return False
            case "number":
                return _is_numeric(value)
            case "time":
                return _TIME.fullmatch(value) is not None
        return True
    if kind == "flag":
        return isinstance(value, bool)
    if kind == "time":
        return type(value) in _NUMBERS and _TIME.fullmatch(str(value)) is not None
    return (kind == "key" and type(value) is int) or (kind == "number" and type(value) in _NUMBERS)


def _is_numeric(text: str) -> bool:
    return re.fullmatch(r"-?[0-9]{1,30}(\.[0-9]{1,30})?", text) is not None


def _wrong(value: object, expected: str, path: Path) -> Malformed:
    return Malformed(path_text(path), "wrong_type", expected, type_name(value))


def expect(value: object, shape: Literal["object", "list"], path: Path) -> Iterator[Malformed]:
    """A fault where a container that Meta always sends is missing or of another type."""
    expected: type = dict if shape == "object" else list
    if isinstance(value, expected):
        return
    article = "an object" if shape == "object" else "a list"
    if value is None:
        yield Malformed(path_text(path), "missing", article)
    else:
        yield _wrong(value, article, path)
