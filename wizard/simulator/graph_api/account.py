"""Changing a WhatsApp Business Account, and what a number can be told at its own address."""

from __future__ import annotations

from collections.abc import Mapping

from wizard.simulator import errors
from wizard.simulator.graph_api import arguments, number_settings, subscriptions
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import Phone, Waba

_VISIBILITIES = ("VISIBLE", "HIDDEN")
_SHORTEST_NAME, _LONGEST_NAME = 2, 75


async def update(call: Call, waba: Waba) -> dict[str, object]:
    """`POST /{waba-id}`: its name and its time zone."""
    asked = arguments.arguments(call)
    name, zone = arguments.text(asked, "name", 100), arguments.text(asked, "timezone_id")
    if name is not None:
        if not name:
            raise errors.bad_parameter("Param name must be at least 1 character long.")
        waba.name = name
    if zone is not None:
        waba.timezone_id = zone
    return {"success": True}


async def set_phone(call: Call, phone: Phone) -> dict[str, object]:
    """`POST /{phone-number-id}`: a callback of its own, its PIN, its name, who finds it.

    https://developers.facebook.com/docs/graph-api/reference/whats-app-business-account-to-number-current-status
    """
    asked = arguments.arguments(call)
    inner = arguments.member(asked, "whatsapp_business_api_data") or {}
    pin = asked.get("pin", inner.get("pin"))
    visibility = arguments.word(asked, "search_visibility", _VISIBILITIES)
    name, username = _display_name(asked), arguments.text(asked, "username")
    others = (pin, visibility, name, username, asked.get("connection_status"), inner or None)
    if subscriptions.names_callback(call) or all(one is None for one in others):
        await subscriptions.set_phone(call, phone)
    if pin is not None:
        await number_settings.set_pin(call, phone, pin)
    phone.state.search_visibility = visibility or phone.state.search_visibility
    phone.state.new_display_name = name or phone.state.new_display_name
    phone.state.username = phone.state.username if username is None else username or None
    return {"success": True}


def _display_name(asked: Mapping[str, object]) -> str | None:
    name = arguments.text(asked, "new_display_name", _LONGEST_NAME)
    if name is not None and len(name) < _SHORTEST_NAME:
        sentence = f"Param new_display_name must be at least {_SHORTEST_NAME} characters long."
        raise errors.bad_parameter(sentence)
    return name
