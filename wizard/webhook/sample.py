"""What the doctor posts in Meta's place: messages that say that they are a test, and signatures."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from typing import Any

from wizard.values.credentials import Secret
from wizard.webhook.origins import SAMPLE_ENTRY_ID, SAMPLE_NUMBER_ID
from wizard.webhook.signature import sign

_PLAIN = "This is a test by whatsapp-wizard doctor. Nobody wrote it."
_ESCAPED = (
    "This is a test by whatsapp-wizard doctor: caf\u00e9, \U0001f642 and/or more. Nobody wrote it."
)
_SIZE = "This measures by whatsapp-wizard doctor how large a delivery may be. "
_LARGE = 1_500_000


def _value(part: Mapping[str, Any]) -> dict[str, Any]:
    metadata = {"display_phone_number": "16505551111", "phone_number_id": SAMPLE_NUMBER_ID}
    return {"messaging_product": "whatsapp", "metadata": metadata, **part}


def _messages(message_id: str, text: str) -> dict[str, Any]:
    message = {
        "from": "16315551181",
        "id": message_id,
        "timestamp": "1504902988",
        "type": "text",
        "text": {"body": text},
    }
    contact = {"profile": {"name": "test user name"}, "wa_id": "16315551181"}
    return _value({"contacts": [contact], "messages": [message]})


def _envelope(value: Mapping[str, Any], **more: str) -> bytes:
    """As Meta writes it: ASCII, escapes in lower-case hex, slashes escaped as well.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    entry = {"id": SAMPLE_ENTRY_ID, "changes": [{"value": value, "field": "messages"}]}
    envelope = {"object": "whatsapp_business_account", "entry": [entry], **more}
    return json.dumps(envelope, separators=(",", ":")).replace("/", "\\/").encode()


SAMPLE = _envelope(_messages("ABGGFlA5Fpa", "this is a text message"))
"""Meta's own, which the dashboard's Test button sends."""


def plain_message() -> bytes:
    """A text message in ASCII alone; each has an ID of its own."""
    return _envelope(_messages(_new_id(), _PLAIN))


def escaped_message() -> bytes:
    """A text message with what Meta escapes: an accent, an emoji and a slash."""
    return _envelope(_messages(_new_id(), _ESCAPED))


def padded_status(size: int = _LARGE) -> bytes:
    """A status of a message that nobody sent, padded to so many bytes beside its entries."""
    status = {
        "id": _new_id(),
        "status": "read",
        "timestamp": "1504902988",
        "recipient_id": "16315551181",
    }
    body = _envelope(_value({"statuses": [status]}), padding=_SIZE)
    return body.replace(_SIZE.encode(), _SIZE.encode().ljust(len(_SIZE) + size - len(body), b"."))


def _new_id() -> str:
    return f"wamid.WHATSAPPWIZARDTEST{secrets.token_hex(8).upper()}"


def signatures(secret: Secret, body: bytes) -> Mapping[str, str]:
    """The headers by which Meta signs a body: today's, and the older one that may come too.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    key = secret.reveal().encode(errors="surrogatepass")
    older = hmac.new(key, body, hashlib.sha1).hexdigest()
    return {"X-Hub-Signature": f"sha1={older}", "X-Hub-Signature-256": sign(secret, body)}
