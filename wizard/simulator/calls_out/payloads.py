"""What Meta posts to a callback: the envelopes, their bytes, and their signature.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/overview
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

from wizard.simulator.world import fake_ids
from wizard.simulator.world.objects import Phone
from wizard.simulator.world.people import Customer, OutboundMessage, SendError
from wizard.values.credentials import Secret

AGENT = "facebookexternalua"
_ESCAPED = str.maketrans({"/": "\\/", "<": "\\u003C", "%": "\\u0025", "@": "\\u0040"})
_INBOUND, _OUTBOUND = b"\x12", b"\x11"

Part: TypeAlias = dict[str, Any]
"""A message's type, and the object that bears its name."""


def text(body: str) -> Part:
    return {"type": "text", "text": {"body": body}}


def image(caption: str) -> Part:
    media_id = fake_ids.digits(caption, "media", 16)
    picture = {
        "caption": caption,
        "mime_type": "image/jpeg",
        "sha256": base64.b64encode(hashlib.sha256(caption.encode()).digest()).decode(),
        "id": media_id,
        "url": f"https://lookaside.fbsbx.com/whatsapp_business/attachments/?mid={media_id}",
    }
    return {"type": "image", "image": picture}


def reaction(emoji: str, message_id: str) -> Part:
    return {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}}


def button(label: str, message_id: str, sender: str) -> Part:
    """A tap on the quick reply of a template, which `sender` had sent as `message_id`."""
    context = {"from": sender, "id": message_id}
    return {"context": context, "type": "button", "button": {"payload": label, "text": label}}


def location(latitude: float, longitude: float, name: str, address: str) -> Part:
    place = {"latitude": latitude, "longitude": longitude, "name": name, "address": address}
    return {"type": "location", "location": place}


def unsupported() -> Part:
    """What stands for a message that the API can't pass on."""
    title = "Message type unknown"
    data = {"details": "Message type is currently not supported."}
    error = {"code": 131051, "title": title, "message": title, "error_data": data}
    return {"errors": [error], "type": "unsupported"}


def written(phone: Phone, sender: Customer, message_id: str, at: float, part: Part) -> Part:
    """The value that reports a message to the business."""
    head = {**sender.named("from", "from_user_id"), "id": message_id, "timestamp": str(int(at))}
    return {**_value(phone, sender), "messages": [{**head, **part}]}


def called(phone: Phone, sender: Customer, call_id: str, at: float, part: Part) -> Part:
    """The value that reports a call to the business."""
    head = {
        "id": call_id,
        "to": digits(phone.display_phone_number),
        **sender.named("from", "from_user_id"),
        "timestamp": str(int(at)),
    }
    return {**_value(phone, sender), "calls": [{**head, **part}]}


def status(
    phone: Phone, letter: OutboundMessage, word: str, at: float, trouble: SendError | None = None
) -> Part:
    """The value that reports how far a message of the business has come."""
    said: Part = {
        "id": letter.id,
        "status": word,
        "timestamp": str(int(at)),
        **letter.to.named("recipient_id", "recipient_user_id"),
    }
    if letter.opaque:
        said["biz_opaque_callback_data"] = letter.opaque
    if word in {"sent", "delivered"}:
        said["pricing"] = letter.pricing()
    if trouble:
        said["errors"] = [trouble.entry()]
    return {**_value(phone, letter.to), "statuses": [said]}


def envelope(waba_id: str, value: Part, field: str = "messages") -> Part:
    entry = {"id": waba_id, "changes": [{"value": value, "field": field}]}
    return {"object": "whatsapp_business_account", "entry": [entry]}


def sample() -> Part:
    """What the dashboard's button "Test" sends: nobody's number, and a message of 2017."""
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "16505551111", "phone_number_id": "123456123"},
        "contacts": [{"profile": {"name": "test user name"}, "wa_id": "16315551181"}],
        "messages": [
            {
                "from": "16315551181",
                "id": "ABGGFlA5Fpa",
                "timestamp": "1504902988",
                **text("this is a text message"),
            }
        ],
    }
    return envelope("0", value)


def encode(event: Part) -> bytes:
    """As Meta writes it: ASCII, letters escaped in lower-case hex, and `/`, `<`, `%` and `@` as an
    older page of Meta's has them.

    https://developers.facebook.com/docs/messenger-platform/webhook-reference#security
    """
    written = json.dumps(event, separators=(",", ":"))
    return written.translate(_ESCAPED).encode()


def headers(secret: Secret, body: bytes) -> Mapping[str, str]:
    """The headers of a delivery, signed for these very bytes.

    https://developers.facebook.com/docs/graph-api/webhooks/getting-started
    """
    key = secret.reveal().encode()
    return {
        "Accept": "*/*",
        "Accept-Encoding": "deflate, gzip",
        "Content-Type": "application/json",
        "User-Agent": AGENT,
        "X-Hub-Signature": f"sha1={hmac.new(key, body, 'sha1').hexdigest()}",
        "X-Hub-Signature-256": f"sha256={hmac.new(key, body, 'sha256').hexdigest()}",
    }


def wamid(seed: str, label: str, number: str, *, inbound: bool) -> str:
    """A message's id: within its base64 stand the other side's number and a name in hex."""
    name = fake_ids.hexadecimal(seed, f"wamid/{label}", 18).upper().encode()
    packed = b"".join(
        (
            b"\x1c\x18",
            bytes([len(number)]),
            number.encode(),
            b"\x15\x02\x00",
            _INBOUND if inbound else _OUTBOUND,
            b"\x18",
            bytes([len(name)]),
            name,
            b"\x00",
        )
    )
    return "wamid." + base64.b64encode(packed).decode()


def digits(number: str) -> str:
    return "".join(char for char in number if "0" <= char <= "9")


def _value(phone: Phone, person: Customer) -> Part:
    metadata = {
        "display_phone_number": digits(phone.display_phone_number),
        "phone_number_id": phone.id,
    }
    return {"messaging_product": "whatsapp", "metadata": metadata, "contacts": [person.card()]}
