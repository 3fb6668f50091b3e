"""The lines beside a step that time or another screen changes: the webhook, the token's life."""

from __future__ import annotations

from textual.screen import Screen

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.token_expiry import expiry_in
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.screens.walk.summary import Summary
from wizard.tui.screens.walk.webhook_line import WebhookLine
from wizard.tui.widgets.expiry import ExpiryLine
from wizard.values.credentials import CREDENTIALS

WEBHOOK_STEPS = ("8.2", "8.3", "8.4", "8.5")


def show_webhook(screen: Screen[None], webhook: WebhookController, *, typing: bool) -> None:
    """Draws how the webhook stands, at the steps that are about it."""
    for line in screen.query(WebhookLine):
        line.display = webhook.onboarding.walk.at in WEBHOOK_STEPS
        line.show(webhook, typing=typing)


def show_life(screen: Screen[None], onboarding: Onboarding, *, typing: bool) -> None:
    """Draws how long the token has to live, which time alone may change."""
    life = expiry_in(onboarding)
    for line in screen.query(ExpiryLine):
        line.show(life, "esc r" if typing else "r")
    chips = {name: onboarding.chip(name) for name in CREDENTIALS}
    for summary in screen.query(Summary):
        summary.show(onboarding.values, chips, onboarding.findings, life)
