"""Each type of message as a customer sends it, put together from a few words.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.simulator.calls_out import payloads
from wizard.simulator.calls_out.payloads import Part
from wizard.simulator.world.media import LIMITS, RECEIVED_FOR, SAMPLES, download_url
from wizard.simulator.world.objects import Phone
from wizard.simulator.world.outbox import Sent
from wizard.simulator.world.people import Customer
from wizard.simulator.world.templates import Template

if TYPE_CHECKING:
    from wizard.simulator.world.state import MetaState

_MEDIA_WORDS = {"image": "caption", "video": "caption", "document": "caption"}
_MAX_FILE = max(LIMITS.values())
_SDP = (
    "v=0\r\no=- 766999780303 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 127.0.0.1\r\na=rtpmap:111 opus/48000/2\r\n"
)


class InboundError(ValueError):
    """What was given is no message; the text says why."""


@dataclass(frozen=True)
class Conversation:
    """Who writes, and where."""

    meta: MetaState
    sender: Customer
    phone: Phone

    @property
    def number(self) -> str:
        return payloads.digits(self.phone.display_phone_number)

    def last_sent(self) -> Sent | None:
        """What the business last sent to this person."""
        mine = (one for one in reversed(self.meta.outbox.sent) if one.to == self.sender.key)
        return next((one for one in mine if one.phone is self.phone), None)

    def context(self) -> Part:
        last = self.last_sent()
        message_id = (
            last.id
            if last
            else payloads.wamid(self.meta.seed, "unseen", self.number, inbound=False)
        )
        return {"context": {"from": self.number, "id": message_id}}


def _as_text(_room: Conversation, content: Any) -> Part:
    words = content.get("body") if isinstance(content, Mapping) else content
    return payloads.text("Halo" if words is None else str(words))


def _file(kind: str) -> Callable[[Conversation, Any], Part]:
    def make(room: Conversation, content: Any) -> Part:
        told = dict(content) if isinstance(content, Mapping) else {}
        if isinstance(content, str) and (word := _MEDIA_WORDS.get(kind)):
            told[word] = content
        mime_type, sample = SAMPLES[kind]
        data = _decoded(told.pop("data", None), sample)
        mime_type = str(told.pop("mime_type", mime_type))
        name = str(told.get("filename") or ("menu.pdf" if kind == "document" else ""))
        now = room.meta.now()
        kept = room.meta.media.add(room.phone.id, mime_type, data, now + RECEIVED_FOR, name)
        part = {**told, "mime_type": mime_type, "sha256": _digest(kept.sha256), "id": kept.id}
        if room.meta.origin:
            part["url"] = download_url(room.meta.seed, room.meta.origin, kept, now)
        if kind == "document":
            part["filename"] = name
        if kind == "audio":
            part.setdefault("voice", True)
        if kind == "sticker":
            part.setdefault("animated", False)
        return {"type": kind, kind: part}

    return make


def _voice(room: Conversation, content: Any) -> Part:
    return _file("audio")(room, content)


def _location(_room: Conversation, content: Any) -> Part:
    told = dict(content) if isinstance(content, Mapping) else {}
    if isinstance(content, str):
        told["name"] = content
    place = {"latitude": -6.1754, "longitude": 106.8272, "name": "Monas", "address": "Jakarta"}
    return {"type": "location", "location": {**place, **told}}


def _contacts(_room: Conversation, content: Any) -> Part:
    if isinstance(content, list) and content:
        return {"type": "contacts", "contacts": content}
    name = content if isinstance(content, str) and content else "Budi Santoso"
    phone = {"phone": "+62 812-5550-1234", "wa_id": "6281255501234", "type": "CELL"}
    card = {"name": {"formatted_name": name, "first_name": name.split()[0]}, "phones": [phone]}
    return {"type": "contacts", "contacts": [card]}


def _reaction(room: Conversation, content: Any) -> Part:
    told = dict(content) if isinstance(content, Mapping) else {"emoji": content or "👍"}
    told.setdefault("message_id", room.context()["context"]["id"])
    told.setdefault("emoji", "👍")
    return {"type": "reaction", "reaction": told}


def _button(room: Conversation, content: Any) -> Part:
    """A tap: on the button or the row of this title where the last message had one, else on the
    quick reply of a template, which brings the payload that it was sent with."""
    if isinstance(content, Mapping):
        told = {"payload": content.get("text", "Yes"), "text": content.get("payload", "Yes")}
        return {**room.context(), "type": "button", "button": {**told, **content}}
    title = str(content or "Yes")
    last = room.last_sent()
    if last and last.type == "interactive" and (reply := _reply(last, title)):
        return {**room.context(), "type": "interactive", "interactive": reply}
    reply = _quick_reply(room, last, title) if last and last.type == "template" else None
    reply = reply or {"payload": title, "text": title}
    return {**room.context(), "type": "button", "button": reply}


def _quick_reply(room: Conversation, last: Sent, title: str) -> Part | None:
    template = room.meta.find_node(last.template_id) if last.template_id else None
    buttons = template.buttons() if isinstance(template, Template) else ()
    titles = {index: str(button.get("text")) for index, button in buttons}
    place = next((at for at, text in titles.items() if text.casefold() == title.casefold()), None)
    if place is None:
        return None
    # A send checks what it has by place, where the last of two at one place counts.
    at_place = {
        str(one.get("index", 0)): one
        for one in last.request["template"].get("components") or ()
        if str(one.get("type")).lower() == "button"
    }
    given = at_place.get(str(place), {}).get("parameters") or ()
    payload = next((str(one["payload"]) for one in given if one.get("payload")), titles[place])
    return {"payload": payload, "text": titles[place]}


def _reply(last: Sent, title: str) -> Part | None:
    content = last.request.get("interactive")
    action = content.get("action") if isinstance(content, Mapping) else None
    action = action if isinstance(action, Mapping) else {}
    for button in action.get("buttons") or ():
        reply = button.get("reply", {})
        if title.casefold() in (
            str(reply.get("title")).casefold(),
            str(reply.get("id")).casefold(),
        ):
            told = {"id": reply.get("id"), "title": reply.get("title")}
            return {"type": "button_reply", "button_reply": told}
    rows = [row for section in action.get("sections") or () for row in section.get("rows") or ()]
    for row in rows:
        if title.casefold() in (str(row.get("title")).casefold(), str(row.get("id")).casefold()):
            told = {name: row[name] for name in ("id", "title", "description") if row.get(name)}
            return {"type": "list_reply", "list_reply": told}
    return None


def _interactive(room: Conversation, content: Any) -> Part:
    if not isinstance(content, Mapping):
        title = str(content or "Yes")
        last = room.last_sent()
        made = _reply(last, title) if last and last.type == "interactive" else None
        reply = {"id": title.casefold().replace(" ", "-"), "title": title}
        made = made or {"type": "button_reply", "button_reply": reply}
        return {**room.context(), "type": "interactive", "interactive": made}
    told = dict(content)
    if "type" not in told:
        told = {"type": next(iter(told), "button_reply"), **told}
    if (kind := str(told["type"])) == "nfm_reply":
        reply = {"name": "flow", "body": "Sent", "response_json": '{"flow_token":"unused"}'}
        given = told.get(kind)
        given = given if isinstance(given, dict) else {}
        if not isinstance(answer := given.get("response_json", ""), str):
            given = {**given, "response_json": json.dumps(answer)}
        told[kind] = {**reply, **given}
    return {**room.context(), "type": "interactive", "interactive": told}


def _order(_room: Conversation, content: Any) -> Part:
    item = {"product_retailer_id": "menu-1", "quantity": 2, "item_price": 30, "currency": "USD"}
    told = dict(content) if isinstance(content, Mapping) else {"text": str(content or "")}
    order = {"catalog_id": "19483698700383", "text": "", "product_items": [item]}
    return {"type": "order", "order": {**order, **told}}


def _system(room: Conversation, content: Any) -> Part:
    told = dict(content) if isinstance(content, Mapping) else {}
    new = "12195555358"
    body = f"User {room.sender.name} changed from {room.sender.key} to {new}"
    system = {"body": body, "wa_id": new, "type": "user_changed_number"}
    return {"type": "system", "system": {**system, **told}}


def _unsupported(_room: Conversation, _content: Any) -> Part:
    return payloads.unsupported()


def _edit(room: Conversation, content: Any) -> Part:
    told = dict(content) if isinstance(content, Mapping) else {}
    words = content if isinstance(content, str) else "Halo again"
    first = payloads.wamid(room.meta.seed, "edited", room.sender.key, inbound=True)
    edit = {"original_message_id": first, "message": payloads.text(words)}
    return {"type": "edit", "edit": {**edit, **told}}


def _revoke(room: Conversation, content: Any) -> Part:
    told = dict(content) if isinstance(content, Mapping) else {}
    first = payloads.wamid(room.meta.seed, "revoked", room.sender.key, inbound=True)
    return {"type": "revoke", "revoke": {"original_message_id": first, **told}}


def _request_welcome(_room: Conversation, _content: Any) -> Part:
    return {"type": "request_welcome"}


def _call(_room: Conversation, content: Any) -> Part:
    told = dict(content) if isinstance(content, Mapping) else {}
    session = {"sdp_type": "offer", "sdp": _SDP}
    return {"event": "connect", "direction": "USER_INITIATED", "session": session, **told}


MAKERS: Mapping[str, Callable[[Conversation, Any], Part]] = {
    "text": _as_text,
    **{kind: _file(kind) for kind in SAMPLES},
    "voice": _voice,
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "button": _button,
    "interactive": _interactive,
    "order": _order,
    "system": _system,
    "unsupported": _unsupported,
    "edit": _edit,
    "revoke": _revoke,
    "request_welcome": _request_welcome,
    "call": _call,
}


def _decoded(data: Any, sample: bytes) -> bytes:
    if data is None:
        return sample
    try:
        found = base64.b64decode(str(data), validate=True)
    except (binascii.Error, ValueError):
        raise InboundError('"data" is a file in base64.') from None
    if len(found) > _MAX_FILE:
        raise InboundError('"data" is larger than Meta takes.')
    return found


def _digest(sha256: str) -> str:
    """As a webhook tells it, which is in base64 and not in hex."""
    return base64.b64encode(bytes.fromhex(sha256)).decode()
