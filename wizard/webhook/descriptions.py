"""What Meta describes that it posts: of each object the members, and the type of each.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Shape: TypeAlias = "str | Mapping[str, Shape] | list[Shape]"
"""A type by its name, an object by its members, or a list by its one member. A `!` at the end of
a name says that the member is always there."""

ERROR: Shape = {
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
CONTENT: dict[str, Shape] = {
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
_EDITED: Shape = {"type": "id!", "context": {}, **CONTENT}
ECHO: Shape = {"type": _ID, "context": {}, **CONTENT}
MESSAGE: Shape = {
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
    "errors": [ERROR],
    "edit": {"original_message_id": "id!", "message": _EDITED},
    **CONTENT,
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
    "errors": [ERROR],
}
CONTACT: Shape = {
    "profile": {"name": "text", "username": "text"},
    "wa_id": _ID,
    "user_id": _ID,
    "parent_user_id": _ID,
}
METADATA: Shape = {"phone_number_id": "key", "display_phone_number": "text"}
CONVERSATION: Mapping[str, Shape] = {
    "messaging_product": "text",
    "metadata": METADATA,
    "contacts": [CONTACT],
    "messages": [MESSAGE],
    "statuses": [STATUS],
}
"""A value of the field `messages` in which people write or are written to, and nothing else."""
ENVELOPE: Shape = {"object": "id!"}
ENTRY: Shape = {"id": "key!"}
CHANGE: Shape = {"field": "id!"}
