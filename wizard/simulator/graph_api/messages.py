"""Sending a message from a number, and registering the number.

https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wizard.simulator import errors
from wizard.simulator.calls_out import payloads
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world import people
from wizard.simulator.world.objects import Phone, Template, Waba
from wizard.simulator.world.people import Customer, OutboundMessage
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
_LONGEST = 4096
"""Characters of a text."""
_KNOWN_AS = (
    (re.compile(r"(54)(\d{10})"), r"\g<1>9\2"),
    (re.compile(r"(52)(\d{10})"), r"\g<1>1\2"),
    (re.compile(r"(55(?:[3-9]\d))9([6-9]\d{7})"), r"\1\2"),
)
"""How WhatsApp knows mobile numbers of Argentina, Mexico and most of Brazil, in place of how they
are dialled: with a digit that people leave out, or without the ninth that came later.

https://support.gupshup.io/hc/en-us/articles/4407840924953
"""


@dataclass(eq=False)
class CloudError(GraphError):
    """An error of the Cloud API, which explains itself in `error_data`."""

    details: str = ""

    def body(self, trace: str) -> dict[str, object]:
        body = super().body(trace)
        if self.details and isinstance(error := body["error"], dict):
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        return body


async def send(call: Call, phone: Phone) -> dict[str, object]:
    """Takes a message; what becomes of it is told by webhooks. Raises `GraphError`."""
    asked = _asked(call)
    if asked.get("status") == "read":
        return {"success": True}
    dispatcher, to = call.meta.dispatcher, _recipient(asked)
    template = _check_content(call, asked, phone)
    _check_delivery(dispatcher.sending_rules, phone, to)
    person = Customer(_wa_id(to), name="")
    category = template.category.lower() if template else "service"
    letter = OutboundMessage(dispatcher.new_id(person.wa_id, inbound=False), person, category)
    now = call.meta.now()
    in_time = template or dispatcher.sending_rules.is_window_open(phone.id, person.wa_id, now)
    trouble = dispatcher.sending_rules.error if in_time else people.WINDOW_CLOSED
    dispatcher.follow(phone, letter, trouble)
    return _accepted(str(asked["to"]), letter)


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


def _asked(call: Call) -> Mapping[str, Any]:
    asked = {**call.params, **call.body}
    if _required(asked, "messaging_product") != "whatsapp":
        given = str(asked["messaging_product"])
        raise errors.not_among("messaging_product", given, ("WHATSAPP",))
    return asked


def _recipient(asked: Mapping[str, Any]) -> str:
    to = payloads.digits(str(_required(asked, "to")))
    if not to:
        raise _bad_recipient()
    return to


def _check_content(call: Call, asked: Mapping[str, Any], phone: Phone) -> Template | None:
    """What the message needs is there, and the number may send; its template, if it is one."""
    kind = str(asked.get("type", "text")).lower()
    if kind not in _TYPES:
        raise errors.not_among("type", kind, [name.upper() for name in _TYPES])
    content = _required(asked, kind)
    if kind == "text" and len(str(_inner(content, "text", "body"))) > _LONGEST:
        sentence = f"Param text['body'] must be at most {_LONGEST} characters long."
        raise errors.bad_parameter(sentence)
    if phone.platform_type != "CLOUD_API":
        raise _not_registered()
    return _template(content, phone, call.meta.waba_of(phone)) if kind == "template" else None


def _template(content: object, phone: Phone, waba: Waba) -> Template:
    name = str(_inner(content, "template", "name"))
    language = _inner(content, "template", "language")
    code = str(_inner(language, "template['language']", "code"))
    if name == "hello_world" and phone.account_mode != "SANDBOX":
        raise _test_numbers_only()
    for found in waba.templates:
        if (found.name, found.language, found.status) == (name, code, "APPROVED"):
            return found
    raise _no_template(name, code)


def _check_delivery(sending_rules: SendingRules, phone: Phone, to: str) -> None:
    is_test = phone.account_mode == "SANDBOX"
    if is_test and to not in sending_rules.allowed_recipients:
        raise _not_allowed()
    if sending_rules.restricted and to.startswith(sending_rules.restricted):
        raise _restricted()
    if sending_rules.unpaid and not is_test:
        raise _unpaid()


def _accepted(given: str, letter: OutboundMessage) -> dict[str, object]:
    return {
        "messaging_product": "whatsapp",
        "contacts": [{"input": given, "wa_id": letter.to.wa_id}],
        "messages": [{"id": letter.id, "message_status": "accepted"}],
    }


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


def _inner(content: object, path: str, name: str) -> object:
    """A part of an object, which in a form stands as JSON."""
    if isinstance(content, str):
        content = _parsed(content)
    if not isinstance(content, dict):
        raise errors.bad_parameter(f"Param {path} must be a JSON object.")
    if (found := content.get(name)) in ("", None):
        raise _missing(f"{path}['{name}']")
    return found


def _parsed(text: str) -> object:
    try:
        parsed: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return parsed


def _missing(name: str) -> GraphError:
    return errors.bad_parameter(f"The parameter {name} is required.")


def _bad_recipient() -> GraphError:
    return _cloud(131009, "Parameter value is not valid", "The recipient is no phone number.")


def _not_allowed() -> GraphError:
    title = "Recipient phone number not in allowed list"
    way = "Add recipient phone number to recipient list and try again."
    return _cloud(131030, title, f"{title}: {way}")


def _test_numbers_only() -> GraphError:
    sentence = "Hello World templates can only be sent from the Public Test Numbers"
    return _cloud(131058, sentence)


def _no_template(name: str, code: str) -> GraphError:
    title = "Template name does not exist in the translation"
    return _cloud(132001, title, f"template name ({name}) does not exist in {code}", status=404)


def _not_registered() -> GraphError:
    return _cloud(133010, "Account not registered")


def _restricted() -> GraphError:
    title = "Business account is restricted from messaging users in this country."
    return _cloud(130497, title, title, status=403)


def _unpaid() -> GraphError:
    details = (
        "Message failed to send because there were one or more errors related to your payment"
        " method."
    )
    return _cloud(131042, "Business eligibility payment issue", details)


def _unverified() -> GraphError:
    details = "Phone number needs to be verified before registering."
    return _cloud(133006, "Phone number re-verification needed", details)


def _pin_mismatch() -> GraphError:
    details = "Two-step verification PIN incorrect."
    return _cloud(133005, "Two step verification PIN Mismatch", details)


def _cloud(code: int, title: str, details: str = "", *, status: int = 400) -> GraphError:
    return CloudError(status, f"(#{code}) {title}", code, details=details)
