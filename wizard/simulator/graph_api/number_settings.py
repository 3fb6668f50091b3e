"""What is set up for a number: settings, two-step verification, its code, automation, commerce.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.simulator import errors
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.cloud_errors import ManagementError, cloud
from wizard.simulator.graph_api.fields import parse
from wizard.simulator.world import fake_ids
from wizard.simulator.world.number_state import CODE, Automation
from wizard.simulator.world.objects import Phone

_PARTS = ("calling", "payload_encryption", "storage_configuration", "user_identity_change")
_WORDS = {
    "status": ("enabled", "disabled"),
    "call_icon_visibility": ("DEFAULT", "DISABLE_ALL", "visible", "hidden"),
    "callback_permission_status": ("enabled", "disabled"),
}
_MAX_PROMPTS, _MAX_COMMANDS = 4, 30


def settings(call: Call, phone: Phone) -> dict[str, object]:
    """`GET /{phone-number-id}/settings`: the parts that are asked for, or those always there."""
    known = phone.state.settings
    wanted = [one.name for one in parse(call.params.get("fields", ""))]
    for name in wanted:
        if name not in (*_PARTS, "id"):
            raise errors.no_field(name, "WhatsAppBusinessPhoneNumberSettings")
    return {name: part for name, part in known.items() if not wanted or name in wanted}


async def set_settings(call: Call, phone: Phone) -> dict[str, object]:
    asked = arguments.arguments(call)
    given = {name: arguments.member(asked, name) for name in _PARTS if name in asked}
    if not given:
        raise errors.bad_parameter(f"One of the parameters {', '.join(_PARTS)} is required.")
    changes = {name: _part(name, part or {}) for name, part in given.items()}
    for name, part in changes.items():
        phone.state.settings[name] = {**phone.state.settings.get(name, {}), **part}
    return {"success": True}


async def set_pin(call: Call, phone: Phone, pin: object) -> None:
    """Two-step verification: the PIN that registering then asks for."""
    if not re.fullmatch(r"[0-9]{6}", str(pin)):
        raise errors.bad_parameter("Param pin must be a string of 6 digits.")
    call.meta.dispatcher.sending_rules.pins[phone.id] = str(pin)


async def deregister(_call: Call, phone: Phone) -> dict[str, object]:
    """https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/registration"""
    if phone.platform_type != "CLOUD_API":
        raise cloud(133010, "Account not registered")
    phone.platform_type, phone.status = "NOT_APPLICABLE", "PENDING"
    return {"success": True}


async def request_code(call: Call, phone: Phone) -> dict[str, object]:
    """Sends a verification code, which is always the same here: 123456."""
    asked = arguments.arguments(call)
    arguments.word(asked, "code_method", ("SMS", "VOICE")) or arguments.needed(asked, "code_method")
    language = asked.get("language") or asked.get("locale") or arguments.needed(asked, "language")
    if not re.fullmatch(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?", str(language)):
        raise errors.bad_parameter("Param language must be a language code such as en_US.")
    if _is_verified(phone):
        raise _request_refused("This phone number is already verified.")
    phone.state.is_code_requested = True
    return {"success": True}


async def verify_code(call: Call, phone: Phone) -> dict[str, object]:
    code = str(arguments.needed(arguments.arguments(call), "code")).replace("-", "")
    if not re.fullmatch(r"[0-9]{6}", code):
        raise errors.bad_parameter("Param code must be a string of 6 digits.")
    if not phone.state.is_code_requested or code != CODE:
        raise ManagementError(
            400,
            "(#136025) Verify code error",
            136025,
            user_title="Could not verify the code",
            user_msg="The code is not the one that was sent. Request a new code and try again.",
        )
    phone.state.is_code_requested = False
    phone.code_verification_status = "VERIFIED"
    return {"success": True, "id": phone.id}


async def set_automation(call: Call, phone: Phone) -> dict[str, object]:
    """https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/conversational-components"""
    asked, kept = arguments.arguments(call), phone.state.automation
    prompts = arguments.items(asked, "prompts")
    commands = arguments.items(asked, "commands")
    welcome = arguments.flag(asked, "enable_welcome_message")
    phone.state.automation = Automation(
        kept.enable_welcome_message if welcome is None else welcome,
        kept.prompts if prompts is None else _prompts(prompts),
        kept.commands if commands is None else _commands(commands),
    )
    return {"success": True}


def automation(call: Call, phone: Phone) -> dict[str, object]:
    """The field of that name."""
    found = phone.state.automation
    return {
        "enable_welcome_message": found.enable_welcome_message,
        "prompts": found.prompts,
        "commands": found.commands,
        "id": fake_ids.digits(call.meta.seed, f"automation/{phone.id}", 16),
    }


def commerce(call: Call, phone: Phone) -> dict[str, object]:
    """https://developers.facebook.com/docs/graph-api/reference/whats-app-business-phone-number/whatsapp_commerce_settings/"""
    known = {
        "is_cart_enabled": phone.state.is_cart_enabled,
        "is_catalog_visible": phone.state.is_catalog_visible,
    }
    wanted = [one.name for one in parse(call.params.get("fields", ""))] or [*known]
    for name in wanted:
        if name not in (*known, "catalog_id", "id"):
            raise errors.no_field(name, "WhatsAppCommerceSettings")
    row = {name: known[name] for name in wanted if name in known}
    return {"data": [{**row, "id": fake_ids.digits(call.meta.seed, f"commerce/{phone.id}", 15)}]}


async def set_commerce(call: Call, phone: Phone) -> dict[str, object]:
    asked = arguments.arguments(call)
    cart = arguments.flag(asked, "is_cart_enabled")
    catalog = arguments.flag(asked, "is_catalog_visible")
    if cart is None and catalog is None:
        raise errors.parameter_missing("is_cart_enabled")
    if cart is not None:
        phone.state.is_cart_enabled = cart
    if catalog is not None:
        phone.state.is_catalog_visible = catalog
    return {"success": True}


def encryption(_call: Call, phone: Phone) -> dict[str, object]:
    """https://developers.facebook.com/docs/whatsapp/cloud-api/reference/whatsapp-business-encryption"""
    key = phone.state.public_key
    if key is None:
        return {"data": []}
    row = {"business_public_key": key, "business_public_key_signature_status": "VALID"}
    return {"data": [row]}


async def set_encryption(call: Call, phone: Phone) -> dict[str, object]:
    key = str(arguments.needed(arguments.arguments(call), "business_public_key"))
    if "PUBLIC KEY" not in key:
        raise errors.bad_parameter("Param business_public_key must be a public key in PEM format.")
    phone.state.public_key = key
    return {"success": True}


def _part(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    if name in {"storage_configuration", "user_identity_change"}:
        return _switched(name, given)
    part = dict(given)
    for word, offered in _WORDS.items():
        if word in part:
            part[word] = arguments.word(part, word, offered)
    if "video" in part and isinstance(part["video"], dict):
        part["video"] = {"status": arguments.word(part["video"], "status", _WORDS["status"])}
    part.pop("client_encryption_key", None)
    return part


def _switched(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """What is switched on and off, and is listed in other words than it is set with."""
    enabled = arguments.flag(given, "enabled")
    if name == "user_identity_change":
        return {"enable_identity_key_check": bool(given.get("enable_identity_key_check", enabled))}
    if enabled is None:
        return dict(given)
    status = "in_country_storage_enabled" if enabled else "default"
    region = arguments.text(given, "region")
    return {"status": status, **({"data_localization_region": region} if region else {})}


def _is_verified(phone: Phone) -> bool:
    return phone.code_verification_status == "VERIFIED" and phone.platform_type == "CLOUD_API"


def _request_refused(reason: str) -> ManagementError:
    return ManagementError(
        400,
        "(#136024) Request code error",
        136024,
        subcode=2388091,
        user_title="Could not request a code",
        user_msg=reason,
    )


def _prompts(given: list[Any]) -> list[str]:
    if len(given) > _MAX_PROMPTS:
        raise errors.bad_parameter(f"Param prompts must have at most {_MAX_PROMPTS} items.")
    if not all(isinstance(one, str) and 0 < len(one) <= 80 for one in given):
        raise errors.bad_parameter("Param prompts must hold texts of 1 to 80 characters.")
    return list(given)


def _commands(given: list[Any]) -> list[dict[str, str]]:
    if len(given) > _MAX_COMMANDS:
        raise errors.bad_parameter(f"Param commands must have at most {_MAX_COMMANDS} items.")
    found = []
    for place, one in enumerate(given):
        command = one if isinstance(one, dict) else {}
        name = str(arguments.needed(command, "command_name"))
        about = str(arguments.needed(command, "command_description"))
        if len(name) > 32 or len(about) > 256:
            raise errors.bad_parameter(f"Param commands[{place}] is too long.")
        found.append({"command_name": name, "command_description": about})
    return found
