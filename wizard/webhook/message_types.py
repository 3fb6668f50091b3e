"""What a program wants to know of a message of each kind, besides its text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.webhook.json_values import dig, word
from wizard.webhook.summary import message_type

_FACTS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "original_message_id": (("edit", "original_message_id"), ("revoke", "original_message_id")),
    "reply_to": (("context", "id"),),
    "reaction_to": (("reaction", "message_id"),),
    "interactive_type": (("interactive", "type"),),
    "response": (("interactive", "call_permission_reply", "response"),),
    "unsupported_type": (("unsupported", "type"),),
    "system_type": (("system", "type"),),
    "previous_user_id": (("system", "previous_user_id"),),
    "new_user_id": (("system", "user_id"),),
    "new_wa_id": (("system", "wa_id"),),
    "payload": (
        ("button", "payload"),
        ("interactive", "button_reply", "id"),
        ("interactive", "list_reply", "id"),
    ),
}
"""By the key that `listen --json` gives it, where it stands in Meta's object."""
_MEDIA = {"image", "video", "audio", "document", "sticker"}
_OF_MEDIA = {"media_id": "id", "url": "url", "mime_type": "mime_type", "filename": "filename"}


def message_facts(message: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that are there, by the key that `listen --json` gives each.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
    """
    facts: dict[str, Any] = {}
    for key, paths in _FACTS.items():
        if said := next(filter(None, (word(dig(message, *path)) for path in paths)), ""):
            facts[key] = said
    return facts | _media_facts(_edited(message))


def _edited(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an edit made of a message, or the message itself."""
    inner = dig(message, "edit", "message")
    return inner if isinstance(inner, dict) else message


def _media_facts(message: Mapping[str, Any]) -> dict[str, Any]:
    kind = message_type(message)
    part = message.get(kind) if kind in _MEDIA else None
    facts = {key: said for key, name in _OF_MEDIA.items() if (said := word(dig(part, name)))}
    voice = dig(part, "voice")
    return facts | ({"voice": voice} if isinstance(voice, bool) else {})
