"""Faults of Meta's record of the webhook: all six values are right, and no message arrives."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from wizard.simulator.faults.definitions import Scenario, change_meta
from wizard.simulator.meta import Meta
from wizard.simulator.world.objects import Subscription

Change: TypeAlias = Callable[[Meta], None]

_OURS = "https://webhook.hidden-market.example/webhook"
_YESTERDAYS = "https://3f9a-180-244-1-9.tunnel.invalid/webhook"
_ANOTHERS = "https://automation.hidden-market.example/whatsapp/incoming"


def _recorded(
    url: str = _OURS, fields: tuple[str, ...] = ("messages",), active: bool = True
) -> Change:
    """The app's callback as Meta has it on record."""

    def record(meta: Meta) -> None:
        meta.app.subscriptions[:] = [Subscription(url, fields, active=active)]

    return record


def _nothing(meta: Meta) -> None:
    meta.app.subscriptions.clear()


def _waba_overridden(meta: Meta) -> None:
    _recorded()(meta)
    for entry in meta.waba.subscribed:
        entry.override_callback_uri = _ANOTHERS


def _phone_overridden(meta: Meta) -> None:
    _recorded()(meta)
    for phone in meta.waba.phones:
        phone.override_callback_uri = _ANOTHERS


def _unsubscribed(meta: Meta) -> None:
    _recorded()(meta)
    meta.waba.subscribed.clear()


def _other_app_subscribed(meta: Meta) -> None:
    _recorded()(meta)
    for entry in meta.waba.subscribed:
        entry.app = meta.other_app


def _fault(name: str, about: str, change: Change) -> Scenario:
    return Scenario(name, about, change_meta(change), asked_by="doctor")


SCENARIOS = (
    _fault("webhook.not_registered", "The app has no callback URL.", _nothing),
    _fault("webhook.inactive", "Meta has turned the webhook off.", _recorded(active=False)),
    _fault(
        "webhook.stale_url",
        "Meta calls yesterday's tunnel URL.",
        _recorded(_YESTERDAYS),
    ),
    _fault(
        "webhook.field_missing",
        "The webhook is verified, but not subscribed to messages.",
        _recorded(fields=("account_update", "message_template_status_update")),
    ),
    _fault(
        "webhook.overridden",
        "The WABA overrides the app's callback URL.",
        _waba_overridden,
    ),
    _fault(
        "webhook.overridden/phone",
        "The number overrides the app's callback URL.",
        _phone_overridden,
    ),
    _fault(
        "webhook.shared_app",
        "The app has another tool's callback URL.",
        _recorded(_ANOTHERS),
    ),
    _fault(
        "waba_id.app_not_subscribed",
        "The app is not subscribed to the WABA.",
        _unsubscribed,
    ),
    _fault(
        "waba_id.app_not_subscribed/other_app",
        "Another app is subscribed to the WABA.",
        _other_app_subscribed,
    ),
)
