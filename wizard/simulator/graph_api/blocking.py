"""Blocking people, who then can't write to the business.

https://developers.facebook.com/documentation/business-messaging/whatsapp/block-users
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wizard.simulator import errors
from wizard.simulator.calls_out import payloads
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.world.objects import Phone

Row = dict[str, object]


def blocked(_call: Call, phone: Phone, _params: Mapping[str, str]) -> list[Row]:
    return [
        {"messaging_product": "whatsapp", "input": one, **_named(one)}
        for one in phone.state.blocked
    ]


async def block(call: Call, phone: Phone) -> dict[str, object]:
    people = _people(call)
    for _, known in people:
        if known not in phone.state.blocked:
            phone.state.blocked.append(known)
    return _answer("added_users", people)


async def unblock(call: Call, phone: Phone) -> dict[str, object]:
    people = _people(call)
    gone = {known for _, known in people}
    phone.state.blocked[:] = [one for one in phone.state.blocked if one not in gone]
    return _answer("removed_users", people)


def _people(call: Call) -> list[tuple[str, str]]:
    """Each as given and as WhatsApp knows them."""
    asked = arguments.arguments(call)
    arguments.need_product(asked)
    people = arguments.items(asked, "block_users")
    if not people:
        raise errors.parameter_missing("block_users")
    return [_person(one) for one in people]


def _person(given: Any) -> tuple[str, str]:
    one = given if isinstance(given, dict) else {}
    if user_id := one.get("user_id"):
        return str(user_id), str(user_id)
    number = str(arguments.needed(one, "user"))
    if "." in number:
        return number, number
    if not (digits := payloads.digits(number)):
        raise errors.bad_parameter("Param block_users must hold phone numbers.")
    return number, digits


def _answer(name: str, people: list[tuple[str, str]]) -> dict[str, object]:
    rows = [{"input": given, **_named(known)} for given, known in people]
    return {"messaging_product": "whatsapp", "block_users": {name: rows}}


def _named(known: str) -> dict[str, str]:
    return {"user_id": known} if "." in known else {"wa_id": known}
