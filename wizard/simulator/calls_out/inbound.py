"""What a customer sends, put together from a few words: any kind of message that Meta delivers.

https://developers.facebook.com/documentation/business-messaging/whatsapp/webhooks/reference/messages
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from wizard.simulator.calls_out import payloads
from wizard.simulator.calls_out.inbound_types import MAKERS, Conversation, InboundError
from wizard.simulator.calls_out.payloads import Part
from wizard.simulator.world.objects import Phone
from wizard.simulator.world.people import Customer

if TYPE_CHECKING:
    from wizard.simulator.world.state import MetaState

__all__ = ["KINDS", "Inbound", "InboundError", "from_line", "read"]

Given: TypeAlias = Mapping[str, Any]
FIELDS = ("messages", "standby", "calls")
KINDS = tuple(MAKERS)
_ADDED = ("context", "referral", "group_id", "identity", "errors")


@dataclass(frozen=True)
class Inbound:
    """A message, or a call where `field` says so, on its way to one of the business's numbers."""

    sender: Customer
    phone: Phone
    part: Part
    field: str = "messages"


def read(meta: MetaState, given: Given) -> Inbound:
    """A message as `POST /_simulator/messages` takes it. Raises `InboundError`.

    `type` is Meta's word, `text` where there is none; under its name stand the words of it, or an
    object such as Meta delivers, of which anything may be left out.
    """
    kind = _text(given, "type") or "text"
    sender, phone = _sender(given), _phone(meta, given)
    content = given.get(kind)
    if content is None and kind not in MAKERS:
        raise InboundError(f'"{kind}" is no kind of message known here, and no {kind} is given.')
    field = _text(given, "field") or ("calls" if kind == "call" else "messages")
    if field not in FIELDS:
        raise InboundError(f'"field" is one of {", ".join(FIELDS)}.')
    maker = MAKERS.get(kind)
    part = (
        maker(Conversation(meta, sender, phone), content)
        if maker
        else {"type": kind, kind: content}
    )
    added = {name: given[name] for name in _ADDED if name in given}
    if reply_to := _text(given, "reply_to"):
        added["context"] = {"from": payloads.digits(phone.display_phone_number), "id": reply_to}
    return Inbound(sender, phone, {**added, **part}, field)


def _sender(given: Given) -> Customer:
    number, user_id = _text(given, "from"), _text(given, "user_id") or _text(given, "from_user_id")
    if number and "." in number and not number.replace(".", "").isdigit():
        number, user_id = None, number
    digits = payloads.digits(number) if number and not re.search(r"[^\W\d]", number) else ""
    if user_id and not re.fullmatch(r"[A-Za-z]{2}\.[A-Za-z0-9.]{1,140}", user_id):
        raise InboundError('"user_id" is a user ID such as US.13491208655302.')
    if number and not 5 <= len(digits) <= 15:
        raise InboundError('"from" is a phone number, or a user ID such as US.13491208655302.')
    known = Customer()
    if not digits and not user_id:
        digits = known.wa_id
    name = known.name if given.get("name") is None else _text(given, "name") or ""
    return Customer(digits, name, user_id or "", _text(given, "username") or "")


def _phone(meta: MetaState, given: Given) -> Phone:
    wanted = _text(given, "to") or _text(given, "phone_number_id")
    if wanted is None:
        return meta.test_number
    for phone in (phone for waba in meta.wabas for phone in waba.phones):
        if wanted == phone.id or payloads.digits(wanted) == payloads.digits(
            phone.display_phone_number
        ):
            return phone
    raise InboundError('"to" is the ID of a number of this simulator, or the number itself.')


def from_line(line: str, sender: Given) -> tuple[dict[str, Any] | None, Given]:
    """What a line of standard input means: a message to be `read`, and who writes from now on.

    `as NUMBER` and `as US.…` change who writes; any kind of message is its own word, and `say`
    and `react` stand for `text` and `reaction`. Raises `InboundError`.
    """
    word, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    if word == "as":
        return None, _as(rest)
    kind = {"say": "text", "react": "reaction", "contact": "contacts"}.get(word, word)
    if kind not in MAKERS:
        # A value that was pasted here by mistake is not repeated.
        named = f'"{word}"' if re.fullmatch(r"[A-Za-z_-]{1,20}", word) else "That"
        raise InboundError(
            f"{named} is not known. Type say TEXT, react EMOJI, button TITLE, as NUMBER, or one"
            f" of {', '.join(KINDS)}."
        )
    if kind == "text" and not rest:
        raise InboundError("say needs a text.")
    return {**sender, "type": kind, **({kind: rest} if rest else {})}, sender


def _as(rest: str) -> Given:
    who, _, name = rest.partition(" ")
    if not who:
        return {}
    _sender({"from": who})
    return {"from": who, **({"name": name.strip()} if name.strip() else {})}


def _text(given: Given, name: str) -> str | None:
    found = given.get(name)
    if found is None or isinstance(found, str):
        return found or None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    raise InboundError(f'"{name}" is a text.')
