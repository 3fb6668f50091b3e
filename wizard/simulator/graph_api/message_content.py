"""Whether the content of a message is one that Meta takes.

https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from wizard.simulator import errors
from wizard.simulator.graph_api import arguments, interactive
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.cloud_errors import bad_media, invalid
from wizard.simulator.world.objects import Phone

Content: TypeAlias = Mapping[str, Any]
CheckMedia: TypeAlias = Callable[[str, Content], None]

MEDIA = ("audio", "document", "image", "sticker", "video")
_CAPTIONED = ("document", "image", "video")
_MAX_TEXT, _MAX_CAPTION = 4096, 1024


def check(kind: str, content: object, check_media: CheckMedia) -> None:
    """Raises `GraphError` where the object named `kind` lacks something, or has too much of it.

    A template's own content is looked at elsewhere.
    """
    if kind == "contacts":
        _check_contacts(content)
        return
    found = as_object(content, kind)
    if kind in MEDIA:
        check_media(kind, found)
        _check_caption(kind, found)
    elif kind in _CHECKS:
        _CHECKS[kind](found)
    elif kind == "interactive":
        interactive.check(found, check_media)


def media_checker(call: Call, phone: Phone) -> CheckMedia:
    """Knows the media of a number's account; an object has an `id` of them, or a `link`."""
    owners = {one.id for one in call.meta.waba_of(phone).phones}

    def check_media(path: str, content: Content) -> None:
        if (media_id := content.get("id")) not in ("", None):
            found = call.meta.media.find(str(media_id), call.meta.now())
            if found is None or found.owner not in owners:
                raise bad_media(f"{path}['id']")
        elif (link := content.get("link")) not in ("", None):
            if not re.match(r"https?://[^/\s]", str(link)):
                raise errors.bad_parameter(f"Param {path}['link'] is not a valid URL.")
        else:
            raise errors.bad_parameter(f"The parameter {path}['id'] or {path}['link'] is required.")

    return check_media


def as_object(content: object, path: str) -> Content:
    """An object, which in a form stands as JSON; else `GraphError` 100."""
    found = arguments.read(content)
    if not isinstance(found, dict):
        raise errors.bad_parameter(f"Param {path} must be a JSON object.")
    return found


def part(content: Content, path: str, name: str) -> Any:
    """What stands there; `GraphError` 100 where it is missing or empty."""
    if (found := content.get(name)) in ("", None):
        raise errors.bad_parameter(f"The parameter {path}['{name}'] is required.")
    return found


def _check_text(content: Content) -> None:
    body = part(content, "text", "body")
    if not isinstance(body, str):
        raise errors.bad_parameter("Param text['body'] must be a string.")
    if len(body) > _MAX_TEXT:
        sentence = f"Param text['body'] must be at most {_MAX_TEXT} characters long."
        raise errors.bad_parameter(sentence)


def _check_caption(kind: str, content: Content) -> None:
    caption = content.get("caption")
    if caption is None:
        return
    if kind not in _CAPTIONED:
        raise errors.bad_parameter(f'Unexpected key "caption" on param "{kind}".')
    if len(str(caption)) > _MAX_CAPTION:
        sentence = f"Param {kind}['caption'] must be at most {_MAX_CAPTION} characters long."
        raise errors.bad_parameter(sentence)


def _check_location(content: Content) -> None:
    for name, limit in (("latitude", 90), ("longitude", 180)):
        found = part(content, "location", name)
        try:
            fits = not isinstance(found, bool) and abs(float(found)) <= limit
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise invalid(f"Param location['{name}'] is not a {name}.")


def _check_reaction(content: Content) -> None:
    part(content, "reaction", "message_id")
    if "emoji" not in content:
        raise errors.bad_parameter("The parameter reaction['emoji'] is required.")


def _check_contacts(content: object) -> None:
    found = arguments.read(content)
    if not isinstance(found, list) or not found:
        raise errors.bad_parameter("Param contacts must be an array that is not empty.")
    for place, one in enumerate(found):
        name = as_object(one, f"contacts[{place}]").get("name")
        path = f"contacts[{place}]['name']"
        part(as_object({} if name is None else name, path), path, "formatted_name")


_CHECKS: Mapping[str, Callable[[Content], None]] = {
    "text": _check_text,
    "location": _check_location,
    "reaction": _check_reaction,
}
