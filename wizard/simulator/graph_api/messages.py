"""Sending a message from a number, and registering the number.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.simulator import errors
from wizard.simulator.calls_out import payloads
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import message_content, template_parameters
from wizard.simulator.graph_api.arguments import arguments, member, need_product, read
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.cloud_errors import cloud, invalid
from wizard.simulator.world.objects import Phone, Template, Waba
from wizard.simulator.world.outbox import Sent
from wizard.simulator.world.people import WINDOW_CLOSED, Customer, OutboundMessage, SendError
from wizard.simulator.world.sending_rules import SendingRules

_TYPES = (
    "audio",
    "contacts",
    "document",
    "image",
    "interactive",
    "location",
    "reaction",
    "sticker",
    "template",
    "text",
    "video",
)
_RECIPIENT_TYPES = ("individual", "group")
_MAX_OPAQUE = 512
_KNOWN_AS = (
    (re.compile(r"(54)(\d{10})"), r"\g<1>9\2"),
    (re.compile(r"(52)(\d{10})"), r"\g<1>1\2"),
    (re.compile(r"(55(?:[3-9]\d))9([6-9]\d{7})"), r"\1\2"),
)
"""How WhatsApp knows mobile numbers of Argentina, Mexico and most of Brazil, in place of how they
are dialled: with a digit that people leave out, or without the ninth that came later.

https://support.gupshup.io/hc/en-us/articles/4407840924953
"""


@dataclass(frozen=True)
class _Recipient:
    """`given` is what the answer repeats; a group or an unknown user ID has no number."""

    given: str
    dialled: str
    person: Customer


async def send(call: Call, phone: Phone) -> dict[str, object]:
    """Takes a message; what becomes of it is told by webhooks. Raises `GraphError`."""
    asked = _asked(call)
    if "status" in asked:
        return _mark(call, phone, asked)
    return _take(call, phone, asked)


async def send_marketing(call: Call, phone: Phone) -> dict[str, object]:
    """The Marketing Messages API takes templates alone.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/marketing-messages/send-marketing-messages
    """
    asked = _asked(call)
    if (kind := str(asked.get("type", "template")).lower()) != "template":
        raise errors.not_among("type", kind, ["TEMPLATE"])
    return _take(call, phone, {**asked, "type": "template"})


def _take(call: Call, phone: Phone, asked: Mapping[str, Any]) -> dict[str, object]:
    outbox, dispatcher = call.meta.outbox, call.meta.dispatcher
    recipient = _recipient(dispatcher.sending_rules, asked)
    template = _check_content(call, asked, phone)
    if template and template.category == "AUTHENTICATION" and asked.get("to") in ("", None):
        raise _needs_number()
    _check_delivery(dispatcher.sending_rules, phone, recipient)
    failure = outbox.failures.popleft() if outbox.failures else None
    if failure and not failure.later:
        raise cloud(failure.code, failure.title, failure.details, status=failure.status)
    person, now = recipient.person, call.meta.now()
    category = template.category.lower() if template else "service"
    message_id = dispatcher.new_id(person.key, inbound=False)
    letter = OutboundMessage(
        message_id, person, category, str(asked.get("biz_opaque_callback_data") or "")
    )
    in_time = template or dispatcher.sending_rules.is_window_open(phone.id, person.key, now)
    trouble = dispatcher.sending_rules.error if in_time else WINDOW_CLOSED
    if failure:
        trouble = SendError(failure.code, failure.title, failure.details or failure.title)
    template_id = template.id if template else None
    sent = Sent(message_id, phone, person.key, _request(asked), now, category, template_id)
    outbox.add(sent)
    dispatcher.follow(phone, letter, trouble, sent)
    return _accepted(recipient, letter)


async def register(call: Call, phone: Phone) -> dict[str, object]:
    """Registers a number: with its PIN where it has one, else the PIN becomes its own.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration
    """
    asked, pins = _asked(call), call.meta.dispatcher.sending_rules.pins
    pin = str(_required(asked, "pin"))
    if not re.fullmatch(r"[0-9]{6}", pin):
        raise errors.bad_parameter("Param pin must be a string of 6 digits.")
    if phone.account_mode != "SANDBOX" and phone.code_verification_status == "NOT_VERIFIED":
        raise _unverified()
    if pins.setdefault(phone.id, pin) != pin:
        raise _pin_mismatch()
    phone.platform_type, phone.status = "CLOUD_API", "CONNECTED"
    return {"success": True}


def _mark(call: Call, phone: Phone, asked: Mapping[str, Any]) -> dict[str, object]:
    """https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/mark-message-as-read"""
    if (status := str(asked["status"])) != "read":
        raise errors.not_among("status", status, ["READ"])
    message_id = str(_required(asked, "message_id"))
    if call.meta.dispatcher.sending_rules.inbound.get(message_id) != phone.id:
        raise cloud(100, "Invalid parameter", "Message ID is invalid.")
    indicator = member(asked, "typing_indicator")
    if indicator is not None and indicator.get("type") != "text":
        given = str(indicator.get("type"))
        raise errors.not_among("typing_indicator['type']", given, ["TEXT"])
    return {"success": True}


def _asked(call: Call) -> Mapping[str, Any]:
    asked = arguments(call)
    if asked.get("messaging_product") in ("", None):
        raise _missing("messaging_product")
    need_product(asked)
    return asked


def _recipient(sending_rules: SendingRules, asked: Mapping[str, Any]) -> _Recipient:
    """A number goes before a user ID where both are given."""
    kind = str(asked.get("recipient_type") or "individual").lower()
    if kind not in _RECIPIENT_TYPES:
        raise errors.not_among("recipient_type", kind, [one.upper() for one in _RECIPIENT_TYPES])
    if asked.get("to") in ("", None) and (user_id := asked.get("recipient")):
        person = sending_rules.find_customer(str(user_id)) or Customer("", "", str(user_id))
        return _Recipient(str(user_id), person.wa_id, person)
    given = str(_required(asked, "to"))
    if kind == "group":
        raise invalid("The group does not exist.")
    to = payloads.digits(given)
    if not to or re.search(r"[^\W\d_]", given):
        raise _bad_recipient()
    return _Recipient(given, to, Customer(_wa_id(to), name=""))


def _check_content(call: Call, asked: Mapping[str, Any], phone: Phone) -> Template | None:
    """What the message needs is there, and the number may send; its template, if it is one."""
    kind = str(asked.get("type") or "text").lower()
    if kind not in _TYPES:
        raise errors.not_among("type", kind, [name.upper() for name in _TYPES])
    content, check_media = _required(asked, kind), message_content.media_checker(call, phone)
    if kind != "template":
        message_content.check(kind, content, check_media)
    if len(str(asked.get("biz_opaque_callback_data") or "")) > _MAX_OPAQUE:
        sentence = f"Param biz_opaque_callback_data must be at most {_MAX_OPAQUE} characters long."
        raise errors.bad_parameter(sentence)
    if (context := asked.get("context")) is not None:
        message_content.part(message_content.as_object(context, "context"), "context", "message_id")
    if phone.platform_type != "CLOUD_API":
        raise _not_registered()
    if kind != "template":
        return None
    found = message_content.as_object(content, "template")
    template = _template(found, phone, call.meta.waba_of(phone))
    template_parameters.check(template, found.get("components"), check_media)
    return template


def _template(content: Mapping[str, Any], phone: Phone, waba: Waba) -> Template:
    name = str(message_content.part(content, "template", "name"))
    path = "template['language']"
    language = message_content.as_object(
        message_content.part(content, "template", "language"), path
    )
    code = str(message_content.part(language, path, "code"))
    if name == "hello_world" and phone.account_mode != "SANDBOX":
        raise _test_numbers_only()
    for found in waba.templates:
        if (found.name, found.language, found.status) == (name, code, "APPROVED"):
            return found
    raise _no_template(name, code)


def _check_delivery(sending_rules: SendingRules, phone: Phone, recipient: _Recipient) -> None:
    person, is_test = recipient.person, phone.account_mode == "SANDBOX"
    if recipient.dialled and recipient.dialled == payloads.digits(phone.display_phone_number):
        details = "Sender and recipient phone number cannot be the same."
        raise cloud(131021, "Recipient cannot be sender", details)
    if is_test and not sending_rules.is_allowed(person, recipient.dialled):
        raise _not_allowed()
    if person.wa_id in phone.state.blocked or person.user_id in phone.state.blocked:
        raise cloud(130403, "User is blocked", "The recipient is on the block list of this number.")
    if sending_rules.restricted and recipient.dialled.startswith(sending_rules.restricted):
        raise _restricted()
    if sending_rules.unpaid and not is_test:
        raise _unpaid()


def _needs_number() -> GraphError:
    """https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids"""
    details = "Business-scoped User ID (BSUID) recipients are not supported for this message."
    return cloud(131062, "Unsupported recipient", details)


def _accepted(recipient: _Recipient, letter: OutboundMessage) -> dict[str, object]:
    person = letter.to
    by_number = {"wa_id": person.wa_id} if "." not in recipient.given else {}
    known = by_number or {"user_id": person.user_id}
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": recipient.given, **known}],
        "messages": [{"id": letter.id, "message_status": "accepted"}],
    }


def _request(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, with nothing secret in it, and forms read as the JSON they mean."""
    hidden = {"access_token", "appsecret_proof"}
    return {name: read(value) for name, value in asked.items() if name not in hidden}


def _wa_id(number: str) -> str:
    """The number as WhatsApp knows it, which is not always as it is dialled."""
    for dialled, known in _KNOWN_AS:
        if match := dialled.fullmatch(number):
            return match.expand(known)
    return number


def _required(asked: Mapping[str, Any], name: str) -> object:
    if (found := asked.get(name)) in ("", None):
        raise _missing(name)
    return found


def _missing(name: str) -> GraphError:
    return errors.bad_parameter(f"The parameter {name} is required.")


def _bad_recipient() -> GraphError:
    return invalid("The recipient is no phone number.")


def _not_allowed() -> GraphError:
    title = "Recipient phone number not in allowed list"
    way = "Add recipient phone number to recipient list and try again."
    return cloud(131030, title, f"{title}: {way}")


def _test_numbers_only() -> GraphError:
    sentence = "Hello World templates can only be sent from the Public Test Numbers"
    return cloud(131058, sentence)


def _no_template(name: str, code: str) -> GraphError:
    title = "Template name does not exist in the translation"
    return cloud(132001, title, f"template name ({name}) does not exist in {code}", status=404)


def _not_registered() -> GraphError:
    return cloud(133010, "Account not registered")


def _restricted() -> GraphError:
    title = "Business account is restricted from messaging users in this country."
    return cloud(130497, title, title, status=403)


def _unpaid() -> GraphError:
    details = (
        "Message failed to send because there were one or more errors related to your payment"
        " method."
    )
    return cloud(131042, "Business eligibility payment issue", details)


def _unverified() -> GraphError:
    details = "Phone number needs to be verified before registering."
    return cloud(133006, "Phone number re-verification needed", details)


def _pin_mismatch() -> GraphError:
    details = "Two-step verification PIN incorrect."
    return cloud(133005, "Two step verification PIN Mismatch", details)
