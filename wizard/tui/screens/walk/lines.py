"""The lines beside a step that time or another screen changes: the webhook, the token's life; and
what is said on the last one."""

from __future__ import annotations

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.token_expiry import expiry_in
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.screens.walk.step import StepView
from wizard.tui.screens.walk.webhook_line import WebhookLine
from wizard.tui.widgets.expiry import ExpiryLine
from wizard.values.credentials import CREDENTIALS

WEBHOOK_STEPS = ("8.2", "8.3", "8.4", "8.5")


def show_webhook(line: WebhookLine, webhook: WebhookController, *, typing: bool) -> None:
    """Draws how the webhook stands, at the steps that are about it."""
    line.display = webhook.onboarding.walk.at in WEBHOOK_STEPS
    line.show(webhook, typing=typing)


def at_last_page(onboarding: Onboarding) -> str:
    """What is said to who wants to go on from the last page."""
    goes = onboarding.in_memory or onboarding.portal is not None
    values = "Values in memory are lost." if goes else "Stored values are kept."
    return f"This is the last page. Press ctrl+q to quit. {values}"


def show_life(
    above: ExpiryLine, view: StepView | None, onboarding: Onboarding, *, typing: bool
) -> None:
    """Draws how long the token has to live, which time alone may change: in the line above the
    step, and in what the step has to say of it."""
    life = expiry_in(onboarding)
    for line in (above, *(view.expiry if view else ())):
        line.show(life, "esc r" if typing else "r")
    if view is not None and view.summary is not None:
        chips = {name: onboarding.chip(name) for name in CREDENTIALS}
        view.summary.show(onboarding.values, chips, onboarding.findings, life)
