"""Faults of what is sent: Meta refuses it at once, or says later that it failed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from wizard.simulator.faults.definitions import (
    Break,
    Scenario,
    change_both,
    change_meta,
    untouched,
    with_value,
)
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import Template
from wizard.simulator.world.people import SendError

Change: TypeAlias = Callable[[Meta], None]

ARGENTINE = "5491123456789"
"""Whom the victim of a rewritten number writes to; the list holds the form without the 9."""

_UNDELIVERABLE = SendError(131026, "Message undeliverable", "Message Undeliverable.")
_UNTOLD = SendError(
    135000, "Generic user error", "Message failed to send because of an unknown error."
)
_UNPAID = SendError(
    131042,
    "Business eligibility payment issue",
    "Message failed to send because there were one or more errors related to your payment method.",
)
_RESTRICTED = SendError(
    130497,
    "Business account is restricted from messaging users in this country.",
    "Business account is restricted from messaging users in this country.",
)


def _fails_later(trouble: SendError) -> Break:
    def change(meta: Meta) -> None:
        meta.dispatcher.sending_rules.error = trouble

    return change_meta(change)


def _from_own(change: Change) -> Break:
    """The victim sends from the own number."""
    return change_both(change, with_value("phone_number_id", lambda meta: meta.own_number.id))


def _nobody_listed(meta: Meta) -> None:
    meta.dispatcher.sending_rules.allowed_recipients.clear()


def _other_form_listed(meta: Meta) -> None:
    meta.dispatcher.sending_rules.allowed_recipients[:] = [ARGENTINE.replace("549", "54", 1)]


def _country_closed(meta: Meta) -> None:
    meta.dispatcher.sending_rules.restricted = ("1",)


def _unregistered(meta: Meta) -> None:
    meta.own_number.platform_type, meta.own_number.status = "NOT_APPLICABLE", "PENDING"


def _unpaid(meta: Meta) -> None:
    """There is an own template, so that the payment is all that is in the way."""
    meta.waba.templates[:] = [Template(meta.digits("template", 16), "order_ready", "id")]
    meta.dispatcher.sending_rules.unpaid = True


def _no_templates(meta: Meta) -> None:
    meta.waba.templates[:] = [Template(meta.digits("template", 16), "order_ready", "id")]


def _nothing(_meta: Meta) -> None:
    """The own number alone makes the difference."""


def _fault(name: str, about: str, break_: Break) -> Scenario:
    return Scenario(name, about, break_, asked_by="send")


SCENARIOS = (
    _fault("message.delivered", "A message is delivered to the phone.", untouched),
    _fault(
        "message.not_allowed_recipient",
        "The test number's list of recipients is empty.",
        change_meta(_nobody_listed),
    ),
    _fault(
        "message.recipient_rewritten",
        "The list has an Argentine number without the 9 that the recipient's number has.",
        change_meta(_other_form_listed),
    ),
    _fault(
        "message.country_restricted",
        "The test number can't message the recipient's country.",
        change_meta(_country_closed),
    ),
    _fault(
        "message.country_restricted/later",
        "Meta accepts the message; it fails because of the recipient's country.",
        _fails_later(_RESTRICTED),
    ),
    _fault(
        "message.window_closed",
        "No one wrote within 24 hours, so a text fails.",
        untouched,
    ),
    _fault(
        "message.not_registered",
        "Your own number was never registered for the Cloud API.",
        _from_own(_unregistered),
    ),
    _fault("message.payment", "The WABA has no payment method.", _from_own(_unpaid)),
    _fault(
        "message.payment/later",
        "Meta accepts the message; it fails without a payment method.",
        _fails_later(_UNPAID),
    ),
    _fault(
        "message.template_missing",
        "The WABA has a different template from the one sent.",
        change_meta(_no_templates),
    ),
    _fault(
        "message.template_test_only",
        "The template hello_world is sent from your own number.",
        _from_own(_nothing),
    ),
    _fault(
        "message.undeliverable/later",
        "Meta accepts the message; the recipient is not on WhatsApp.",
        _fails_later(_UNDELIVERABLE),
    ),
    _fault(
        "message.failed",
        "Meta accepts the message; it fails for an unknown reason.",
        _fails_later(_UNTOLD),
    ),
)
