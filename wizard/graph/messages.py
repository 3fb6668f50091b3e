"""Messages from a number, and the number's registration."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.graph.errors import GraphError, Reason
from wizard.graph.replies import entries
from wizard.graph.transport import Transport
from wizard.values.credentials import Secret
from wizard.values.user_ids import is_user_id

_VARIABLE = re.compile(r"\{\{\s*\w+\s*\}\}")
_PRODUCT = {"messaging_product": "whatsapp"}


@dataclass(frozen=True)
class Accepted:
    """A message that Meta took; how far it comes is told by webhooks alone.

    `wa_id` is the recipient as WhatsApp knows it, which may differ from what was asked for, and is
    empty where the message went to a `user_id`. `status` is Meta's word, such as `accepted` or
    `held_for_quality_assessment`; empty where it says none.
    """

    id: str
    wa_id: str = ""
    user_id: str = ""
    status: str = ""


@dataclass(frozen=True)
class Template:
    """A message template in one of its languages; `status` is Meta's word, such as APPROVED."""

    name: str
    language: str
    status: str = ""
    values: int = 0
    """How many values have to be filled in before it can be sent."""


class Messages:
    """Sends, registers and lists. Every method raises `GraphError`.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def send_template(
        self, number_id: str, token: Secret, to: str, name: str, language: str
    ) -> Accepted:
        """`to` is in digits, with the country's code, for without one Meta takes the sender's; or
        it is a business-scoped user ID.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
        """
        content = {"name": name, "language": {"policy": "deterministic", "code": language}}
        return await self._send(number_id, token, to, "template", content)

    async def send_text(self, number_id: str, token: Secret, to: str, body: str) -> Accepted:
        """Goes out within 24 hours of the recipient's last message; `to` as for a template."""
        return await self._send(number_id, token, to, "text", {"body": body})

    async def register(self, number_id: str, token: Secret, pin: Secret) -> None:
        """Registers a number. The six digits are the PIN it has, or else become it.

        https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration
        """
        await self._transport.post(
            f"{number_id}/register", token=token, json={**_PRODUCT, "pin": pin}
        )

    async def templates(self, waba_id: str, token: Secret) -> tuple[Template, ...]:
        """The account's templates, those of the list's first page."""
        query = {"fields": "name,language,status,components", "limit": "100"}
        reply = await self._transport.get(f"{waba_id}/message_templates", query, token=token)
        return tuple(_template(entry) for entry in entries(reply))

    async def _send(
        self, number_id: str, token: Secret, to: str, kind: str, content: Mapping[str, Any]
    ) -> Accepted:
        to_whom = {"recipient" if is_user_id(to) else "to": to}
        head = {**_PRODUCT, "recipient_type": "individual", **to_whom}
        body = {**head, "type": kind, kind: content}
        return _accepted(
            await self._transport.post(f"{number_id}/messages", token=token, json=body)
        )


def _accepted(reply: Mapping[str, Any]) -> Accepted:
    message, contact = _first(reply.get("messages")), _first(reply.get("contacts"))
    if not message.get("id"):
        raise GraphError(Reason.NOT_JSON, "The reply is JSON, but names no message.")
    said = (contact.get("wa_id"), contact.get("user_id"), message.get("message_status"))
    wa_id, user_id, status = (str(one or "").strip() for one in said)
    return Accepted(str(message["id"]).strip(), wa_id, user_id, status)


def _template(entry: Mapping[str, Any]) -> Template:
    name, language, status = (str(entry.get(k) or "") for k in ("name", "language", "status"))
    return Template(name, language, status.upper(), _count_values(entry.get("components")))


def _count_values(components: object) -> int:
    """How many places a template leaves open: its variables, and the media of its header."""
    parts = _objects(components)
    media = sum(one.get("format") in {"IMAGE", "VIDEO", "DOCUMENT", "LOCATION"} for one in parts)
    texts = [str(one.get("text") or "") for one in parts]
    buttons = [one for part in parts for one in _objects(part.get("buttons"))]
    texts += [str(one.get("url") or "") for one in buttons]
    return media + sum(len(set(_VARIABLE.findall(text))) for text in texts)


def _objects(value: object) -> list[Mapping[str, Any]]:
    parts = value if isinstance(value, list) else []
    return [one for one in parts if isinstance(one, Mapping)]


def _first(entries_: object) -> Mapping[str, Any]:
    first = entries_[0] if isinstance(entries_, list) and entries_ else None
    return first if isinstance(first, Mapping) else {}
