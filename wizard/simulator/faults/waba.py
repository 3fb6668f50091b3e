"""Faults of the WABA ID and of the WhatsApp account behind it."""

from __future__ import annotations

from wizard.simulator.faults.definitions import Scenario, change_meta, with_value, without
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import Health, Subscription
from wizard.values.credentials import Values

_NAME = "waba_id"


def _swapped(_meta: Meta, values: Values) -> Values:
    phone, waba = values.phone_number_id, values.waba_id
    return values.with_("phone_number_id", waba).with_("waba_id", phone)


def _rejected(meta: Meta) -> None:
    meta.waba.account_review_status = "REJECTED"


def _blocked(meta: Meta) -> None:
    meta.waba.health = Health(
        "BLOCKED",
        368,
        "Temporarily blocked for policies violations",
        "Ask for a review on the Account Quality page.",
    )


def _locked(meta: Meta) -> None:
    meta.test_number.health = Health(
        "BLOCKED", 131031, "Your account has been locked", "Ask for a review in Business Support."
    )


def _unpaid(meta: Meta) -> None:
    meta.waba.health = Health(
        "BLOCKED",
        141006,
        "There is an error with the payment method.",
        "Please add a new payment method to the account.",
    )


def _under_maintenance(meta: Meta) -> None:
    meta.waba.health = Health("BLOCKED", 131057, "Account is in maintenance mode", "Wait a while.")


def _closed(meta: Meta) -> None:
    meta.app.subscriptions[:] = [
        Subscription("https://webhook.hidden-market.example/webhook", ("messages",))
    ]
    meta.waba.closed = ("subscribed_apps",)


def _whatsapp_account(meta: Meta, values: Values) -> Values:
    return values.with_(_NAME, meta.add_whatsapp_account(meta.test_number, meta.token).id)


SCENARIOS = (
    Scenario("waba_id.missing", "There is no WABA ID.", without(_NAME)),
    Scenario(
        "waba_id.malformed",
        "The WABA's name is given as its ID.",
        with_value(_NAME, lambda meta: meta.waba.name),
    ),
    Scenario(
        "waba_id.is_phone_number_id",
        "The Phone number ID is given twice.",
        with_value(_NAME, lambda meta: meta.test_number.id),
    ),
    Scenario(
        "waba_id.is_phone_number_id/swapped",
        "Phone number ID and WABA ID are swapped.",
        _swapped,
    ),
    Scenario(
        "waba_id.is_business_id",
        "The portfolio's ID is given as the WABA ID.",
        with_value(_NAME, lambda meta: meta.business.id),
    ),
    Scenario(
        "waba_id.is_other_object",
        "The App ID is given as the WABA ID.",
        with_value(_NAME, lambda meta: meta.app.id),
    ),
    Scenario(
        "waba_id.is_other_object/user",
        "A person's ID is given as the WABA ID.",
        with_value(_NAME, lambda meta: meta.user.id),
    ),
    Scenario(
        "waba_id.not_found",
        "No WABA has this ID.",
        with_value(_NAME, lambda meta: meta.digits("deleted waba", 15)),
    ),
    Scenario("waba_id.restricted", "Meta's review rejected the WABA.", change_meta(_rejected)),
    Scenario(
        "waba_id.restricted/health",
        "The WABA's health status is blocked.",
        change_meta(_blocked),
    ),
    Scenario(
        "waba_id.restricted/locked",
        "The number's health status says that the account is locked.",
        change_meta(_locked),
    ),
    Scenario("waba_id.payment", "The account has no payment method.", change_meta(_unpaid)),
    Scenario(
        "waba_id.send_blocked",
        "The account's health status says that it is in maintenance.",
        change_meta(_under_maintenance),
    ),
    Scenario(
        "waba_id.is_whatsapp_account",
        "The ID of the WhatsApp account stands in place of the Messaging account's.",
        _whatsapp_account,
    ),
    Scenario(
        "waba_id.limited_access",
        "The token's owner may see the account, and has no role for its subscriptions.",
        change_meta(_closed),
        asked_by="doctor",
    ),
)
