"""Whether what Meta posted has the types that Meta describes, and where it has not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from wizard.webhook.envelope import MAX_TEXT
from wizard.webhook.json_values import Path, Unreadable, path_text, type_name, word

MalformedReason: TypeAlias = Literal[
    "missing", "wrong_type", "too_long", "too_deep", "unreadable_number"
]
Shape: TypeAlias = "str | Mapping[str, Shape] | list[Shape]"
"""A type by its name, an object by its members, or a list by its one member. A `!` at the end of
a name says that the member is always there."""

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


_ERROR: Shape = {
    "code": "number",
    "title": "text",
    "message": "text",
    "href": "text",
    "error_data": {"details": "text"},
}
_ID = "id"
_MEDIA: Shape = {
    "id": _ID,
    "url": "text",
    "mime_type": _ID,
    "sha256": _ID,
    "caption": "text",
    "filename": "text",
    "voice": "flag",
    "animated": "flag",
}
_CARD: Shape = {
    "name": {"formatted_name": "text", "first_name": "text", "last_name": "text"},
    "phones": [{"phone": "text", "wa_id": _ID, "type": _ID}],
    "emails": [{"email": "text", "type": _ID}],
    "urls": [{"url": "text", "type": _ID}],
    "addresses": [{}],
    "org": {"company": "text", "department": "text", "title": "text"},
    "vcard": "text",
    "origin": _ID,
}
_REPLY: Shape = {"id": "text", "title": "text", "description": "text"}
_CONTENT: dict[str, Shape] = {
    "text": {"body": "text!"},
    "image": _MEDIA,
    "video": _MEDIA,
    "audio": _MEDIA,
    "document": _MEDIA,
    "sticker": _MEDIA,
    "location": {
        "latitude": "number!",
        "longitude": "number!",
        "name": "text",
        "address": "text",
        "url": "text",
    },
    "contacts": [_CARD],
    "interactive": {
        "type": _ID,
        "button_reply": _REPLY,
        "list_reply": _REPLY,
        "nfm_reply": {"name": "text", "body": "text", "response_json": "text"},
        "call_permission_reply": {
            "response": _ID,
            "expiration_timestamp": "time",
            "response_source": _ID,
            "is_permanent": "flag",
        },
    },
    "button": {"text": "text", "payload": "text"},
    "order": {
        "catalog_id": "key",
        "text": "text",
        "product_items": [
            {
                "product_retailer_id": "key",
                "quantity": "number",
                "item_price": "number",
                "currency": _ID,
            }
        ],
    },
    "reaction": {"message_id": "id!", "emoji": "text"},
    "system": {
        "body": "text",
        "type": _ID,
        "wa_id": _ID,
        "user_id": _ID,
        "parent_user_id": _ID,
        "previous_user_id": _ID,
    },
    "unsupported": {"type": _ID},
    "revoke": {"original_message_id": "id!"},
}
_EDITED: Shape = {"type": "id!", "context": {}, **_CONTENT}
_ECHO: Shape = {"type": _ID, "context": {}, **_CONTENT}
MESSAGE: Mapping[str, Shape] = {
    "id": "id!",
    "from": _ID,
    "from_user_id": _ID,
    "from_parent_user_id": _ID,
    "group_id": _ID,
    "timestamp": "time!",
    "type": "id!",
    "context": {"id": _ID, "from": _ID, "forwarded": "flag", "frequently_forwarded": "flag"},
    "referral": {
        "source_url": "text",
        "source_id": "key",
        "source_type": _ID,
        "headline": "text",
        "body": "text",
        "ctwa_clid": "text",
    },
    "errors": [_ERROR],
    "edit": {"original_message_id": "id!", "message": _EDITED},
    **_CONTENT,
}
STATUS: Shape = {
    "id": "id!",
    "status": "id!",
    "timestamp": "time!",
    "recipient_id": _ID,
    "recipient_user_id": _ID,
    "recipient_parent_user_id": _ID,
    "parent_recipient_user_id": _ID,
    "recipient_type": _ID,
    "recipient_participant_id": _ID,
    "participant_recipient_id": _ID,
    "recipient_participant_user_id": _ID,
    "recipient_participant_parent_user_id": _ID,
    "biz_opaque_callback_data": "text",
    "conversation": {
        "id": _ID,
        "expiration_timestamp": "time",
        "origin": {"type": _ID},
    },
    "pricing": {"billable": "flag", "pricing_model": _ID, "category": _ID, "type": _ID},
    "errors": [_ERROR],
}
CONTACT: Shape = {
    "profile": {"name": "text", "username": "text"},
    "wa_id": _ID,
    "user_id": _ID,
    "parent_user_id": _ID,
}
METADATA: Shape = {"phone_number_id": "key", "display_phone_number": "text"}
ERROR = _ERROR
_NUMBERS = (int, float)
_TEXTS = {"id", "id!", "key", "key!", "text", "text!"}
_WITH_CONTENT = {*_CONTENT, "edit"} - {"unsupported"}
_EXPECTED = {
    "id": "text",
    "key": "text",
    "text": "text",
    "time": "seconds since 1970",
    "number": "a number",
    "flag": "true or false",
}


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
    yield from check_shape(inner, _ECHO, at)


def check_shape(value: object, shape: Shape, path: Path) -> Iterator[Malformed]:
    """Every place at or below `path` where the value is not of the shape; a member that may be
    missing is not asked for, and one that no shape knows is not looked at."""
    if isinstance(shape, str):
        yield from _check_leaf(value, shape.rstrip("!"), path)
    elif isinstance(shape, list):
        if not isinstance(value, list):
            yield _wrong(value, "a list", path)
            return
        for place, part in enumerate(value):
            yield from check_shape(part, shape[0], (*path, place))
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
        yield from check_shape(inner, part, (*path, name))


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
