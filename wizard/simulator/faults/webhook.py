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
    _fault("webhook.inactive", "Meta has switched the webhook off.", _recorded(active=False)),
    _fault(
        "webhook.stale_url",
        "Meta calls the address that the tunnel had yesterday.",
        _recorded(_YESTERDAYS),
    ),
    _fault(
        "webhook.field_missing",
        "The webhook is verified, and its field messages is not subscribed.",
        _recorded(fields=("account_update", "message_template_status_update")),
    ),
    _fault(
        "webhook.overridden",
        "The account calls another URL than the app does.",
        _waba_overridden,
    ),
    _fault(
        "webhook.overridden/phone",
        "The number calls another URL than the app does.",
        _phone_overridden,
    ),
    _fault(
        "webhook.shared_app",
        "Another tool's callback stands on the app.",
        _recorded(_ANOTHERS),
    ),
    _fault(
        "waba_id.app_not_subscribed",
        "The account sends no webhooks to the app.",
        _unsubscribed,
    ),
    _fault(
        "waba_id.app_not_subscribed/other_app",
        "The account sends its webhooks to another app.",
        _other_app_subscribed,
    ),
)
