"""Messages from a number, and the number's registration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.graph.errors import GraphError, Reason
from wizard.graph.replies import entries
from wizard.graph.transport import Transport
from wizard.values.credentials import Secret

_PRODUCT = {"messaging_product": "whatsapp"}


@dataclass(frozen=True)
class Accepted:
    """A message that Meta took; how far it comes is told by webhooks alone.

    `wa_id` is the recipient as WhatsApp knows it, which may differ from what was asked for.
    """

    id: str
    wa_id: str = ""


@dataclass(frozen=True)
class Template:
    """A message template in one of its languages; `status` is Meta's word, such as APPROVED."""

    name: str
    language: str
    status: str = ""


class Messages:
    """Sends, registers and lists. Every method raises `GraphError`.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def send_template(
        self, number_id: str, token: Secret, to: str, name: str, language: str
    ) -> Accepted:
        """`to` is in digits, with the country's code: without one Meta takes the sender's."""
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
        query = {"fields": "name,language,status", "limit": "100"}
        reply = await self._transport.get(f"{waba_id}/message_templates", query, token=token)
        return tuple(_template(entry) for entry in entries(reply))

    async def _send(
        self, number_id: str, token: Secret, to: str, kind: str, content: Mapping[str, Any]
    ) -> Accepted:
        body = {**_PRODUCT, "recipient_type": "individual", "to": to, "type": kind, kind: content}
        return _accepted(
            await self._transport.post(f"{number_id}/messages", token=token, json=body)
        )


def _accepted(reply: Mapping[str, Any]) -> Accepted:
    message, contact = _first(reply.get("messages")), _first(reply.get("contacts"))
    if not message.get("id"):
        raise GraphError(Reason.NOT_JSON, "The reply is JSON, but names no message.")
    return Accepted(str(message["id"]).strip(), str(contact.get("wa_id") or "").strip())


def _template(entry: Mapping[str, Any]) -> Template:
    name, language, status = (str(entry.get(k) or "") for k in ("name", "language", "status"))
    return Template(name, language, status.upper())


def _first(entries_: object) -> Mapping[str, Any]:
    first = entries_[0] if isinstance(entries_, list) and entries_ else None
    return first if isinstance(first, Mapping) else {}
