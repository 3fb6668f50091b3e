"""A number's business profile.

https://developers.facebook.com/documentation/business-messaging/whatsapp/business-profiles
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from wizard.simulator import errors
from wizard.simulator.graph_api import arguments
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.fields import Field, parse
from wizard.simulator.world import fake_ids
from wizard.simulator.world.number_state import VERTICALS
from wizard.simulator.world.objects import Phone

_LONGEST = {"about": 139, "address": 256, "description": 256, "email": 128}
_MAX_WEBSITES, _MAX_WEBSITE = 2, 256
FIELDS = (*_LONGEST, "profile_picture_url", "websites", "vertical", "messaging_product")
NODE = "WhatsAppBusinessProfile"


def profile(call: Call, phone: Phone) -> dict[str, object]:
    """`GET /{phone-number-id}/whatsapp_business_profile`.

    Asked for no fields, it comes in both forms: as Meta's page shows it, and within
    `business_profile`, as https://github.com/facebook/openapi has it.
    """
    wanted = parse(call.params.get("fields", ""))
    known = _known(phone)
    if not wanted:
        return {"data": [{**known, "business_profile": known}]}
    row: dict[str, object] = {"messaging_product": "whatsapp"}
    for one in wanted:
        row |= _asked(call, phone, one, known)
    return {"data": [row]}


def details(call: Call, phone: Phone) -> dict[str, object]:
    """`GET /{profile-id}`, which is a number's profile under an ID of its own."""
    known = {"account_name": phone.verified_name, **_known(phone)}
    wanted = [one.name for one in parse(call.params.get("fields", ""))] or list(known)
    for name in wanted:
        if name not in (*FIELDS, "id", "account_name", "profile_picture_handle"):
            raise errors.no_field(name, NODE)
    named = {name: known[name] for name in wanted if name in known}
    return {**named, "id": profile_id(call.meta.seed, phone)}


async def update(call: Call, phone: Phone) -> dict[str, object]:
    """Changes the fields that are given; an empty text takes one away."""
    asked = arguments.arguments(call)
    arguments.need_product(asked)
    changes: dict[str, Any] = {}
    for name, longest in _LONGEST.items():
        if (told := arguments.text(asked, name, longest)) is not None:
            changes[name] = told
    if (vertical := arguments.word(asked, "vertical", VERTICALS)) is not None:
        changes["vertical"] = vertical
    if (websites := arguments.items(asked, "websites")) is not None:
        changes["websites"] = [_website(one) for one in websites]
        if len(websites) > _MAX_WEBSITES:
            raise errors.bad_parameter(f"Param websites must have at most {_MAX_WEBSITES} items.")
    _check(changes)
    if handle := arguments.text(asked, "profile_picture_handle"):
        changes["profile_picture_url"] = _picture(call, handle)
    kept = {**phone.state.profile, **changes}
    phone.state.profile = {name: value for name, value in kept.items() if value not in ("", [])}
    return {"success": True}


def profile_id(seed: str, phone: Phone) -> str:
    return fake_ids.digits(seed, f"profile/{phone.id}", 16)


def _known(phone: Phone) -> dict[str, object]:
    known = {name: phone.state.profile[name] for name in FIELDS if name in phone.state.profile}
    return {**known, "messaging_product": "whatsapp"}


def _asked(
    call: Call, phone: Phone, wanted: Field, known: Mapping[str, object]
) -> dict[str, object]:
    name = wanted.name
    if name == "id":
        return {"id": profile_id(call.meta.seed, phone)}
    if name == "business_profile":
        return {name: dict(known)}
    if name not in FIELDS:
        raise errors.no_field(name, NODE)
    return {name: known[name]} if name in known else {}


def _check(changes: Mapping[str, Any]) -> None:
    if changes.get("about", "about") == "":
        raise errors.bad_parameter("Param about must be at least 1 character long.")
    email = changes.get("email")
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        raise errors.bad_parameter("Param email must be a valid email address.")


def _website(given: object) -> str:
    if not isinstance(given, str) or not re.match(r"https?://[^/\s]", given):
        raise errors.bad_parameter("Param websites must hold addresses that begin with http.")
    if len(given) > _MAX_WEBSITE:
        sentence = f"Param websites must hold addresses of at most {_MAX_WEBSITE} characters."
        raise errors.bad_parameter(sentence)
    return given


def _picture(call: Call, handle: str) -> str:
    if handle not in call.meta.uploads.handles:
        raise errors.bad_parameter("Param profile_picture_handle is not a valid upload handle.")
    picture = fake_ids.letters(call.meta.seed, f"picture/{handle}", 24)
    return f"https://pps.whatsapp.net/v/t61.24694-24/{picture}.jpg"
