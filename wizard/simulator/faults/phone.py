"""Faults of the Phone number ID and of the number behind it."""

from __future__ import annotations

from collections.abc import Callable

from wizard.simulator.faults.definitions import (
    Break,
    Scenario,
    change_both,
    change_meta,
    untouched,
    with_value,
    without,
)
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import Health

_NAME = "phone_number_id"
_POLICY = Health(
    "BLOCKED",
    368,
    "Temporarily blocked for policies violations",
    "Check the status of the phone number in WhatsApp Manager.",
)
_UNPAID = Health(
    "BLOCKED",
    141006,
    "There is an error with the payment method.",
    "Please add a new payment method to the account.",
)
_UNNAMED = Health(
    "BLOCKED",
    131037,
    "The display name of this phone number has not been approved.",
    "Set a display name in WhatsApp Manager.",
)


def _own(**state: str | bool | Health) -> Break:
    """The victim uses the own number, and it is in this state."""

    def change(meta: Meta) -> None:
        for name, value in state.items():
            setattr(meta.own_number, name, value)

    return change_both(change, with_value(_NAME, lambda meta: meta.own_number.id))


def _test_unregistered(meta: Meta) -> None:
    meta.test_number.platform_type, meta.test_number.status = "NOT_APPLICABLE", "PENDING"


def _see_both(meta: Meta) -> None:
    meta.token.wabas = list(meta.wabas)


def _number_digits(meta: Meta) -> str:
    return "".join(char for char in meta.own_number.display_phone_number if char.isdigit())


def _node(read: Callable[[Meta], str]) -> Break:
    return with_value(_NAME, read)


SCENARIOS = (
    Scenario("phone_number_id.valid", "Your own number is connected and verified.", _own()),
    Scenario(
        "phone_number_id.test_number",
        "Meta's test number can message at most 5 recipients.",
        untouched,
    ),
    Scenario("phone_number_id.missing", "There is no Phone number ID.", without(_NAME)),
    Scenario(
        "phone_number_id.malformed",
        "The number's name is given as its ID.",
        _node(lambda meta: meta.own_number.verified_name),
    ),
    Scenario(
        "phone_number_id.is_phone_number",
        "The number is given as its ID.",
        _node(lambda meta: meta.own_number.display_phone_number),
    ),
    Scenario(
        "phone_number_id.is_phone_number/digits",
        "The number, digits only, is given as its ID.",
        _node(_number_digits),
    ),
    Scenario(
        "phone_number_id.is_waba_id",
        "The WABA ID is given twice.",
        _node(lambda meta: meta.waba.id),
    ),
    Scenario(
        "phone_number_id.is_other_object",
        "The portfolio's ID is given as the Phone number ID.",
        _node(lambda meta: meta.business.id),
    ),
    Scenario(
        "phone_number_id.is_other_object/app",
        "The App ID is given as the Phone number ID.",
        _node(lambda meta: meta.app.id),
    ),
    Scenario(
        "phone_number_id.not_found",
        "The number was deleted.",
        _node(lambda meta: meta.digits("deleted number", 15)),
    ),
    Scenario(
        "phone_number_id.gone", "The number was moved to another WABA.", _own(status="MIGRATED")
    ),
    Scenario(
        "phone_number_id.other_waba",
        "The number belongs to another WABA, which the token can see too.",
        change_both(_see_both, _node(lambda meta: meta.other_number.id)),
    ),
    Scenario(
        "phone_number_id.not_registered",
        "The number is verified, but was never registered for the Cloud API.",
        _own(platform_type="NOT_APPLICABLE", status="PENDING"),
    ),
    Scenario(
        "phone_number_id.not_registered/disconnected",
        "The number was deregistered.",
        _own(platform_type="NOT_APPLICABLE", status="DISCONNECTED"),
    ),
    Scenario(
        "phone_number_id.not_registered/test",
        "Meta gave a test number, and did not register it.",
        change_meta(_test_unregistered),
    ),
    Scenario(
        "phone_number_id.valid/unverified",
        "A number that works, and whose code was never entered.",
        _own(code_verification_status="NOT_VERIFIED"),
    ),
    Scenario(
        "phone_number_id.unverified",
        "The code by SMS or call was never entered.",
        _own(
            platform_type="NOT_APPLICABLE",
            status="PENDING",
            code_verification_status="NOT_VERIFIED",
        ),
    ),
    Scenario(
        "phone_number_id.in_review", "Meta is still reviewing the number.", _own(in_review=True)
    ),
    Scenario(
        "phone_number_id.restricted",
        "Meta has restricted the number.",
        _own(status="RESTRICTED", quality_rating="RED", health=_POLICY),
    ),
    Scenario(
        "phone_number_id.restricted/banned",
        "Meta has banned the number.",
        _own(status="BANNED", quality_rating="RED", health=_POLICY),
    ),
    Scenario(
        "phone_number_id.restricted/health",
        "The number is connected, but its health status is blocked.",
        _own(health=_POLICY),
    ),
    Scenario(
        "phone_number_id.payment",
        "The number's health status says that a payment method is missing.",
        _own(health=_UNPAID),
    ),
    Scenario(
        "phone_number_id.send_blocked",
        "The number's health status says that its display name is not approved.",
        _own(health=_UNNAMED),
    ),
    Scenario(
        "phone_number_id.status_unclear", "Meta calls the number offline.", _own(status="OFFLINE")
    ),
    Scenario(
        "phone_number_id.flagged",
        "The quality of the number's messages is low.",
        _own(status="FLAGGED", quality_rating="RED"),
    ),
)
