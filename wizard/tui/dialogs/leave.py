"""Closing a profile: what would be lost, or what Meta then meets, is said first."""

from __future__ import annotations

from typing import Any

from textual.app import App

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.values.credentials import CREDENTIALS

LEAVING = "leaving"


async def confirm_stop(app: App[Any], webhook: WebhookController, title: str, end: str) -> bool:
    """Whether the tunnel may end now; asked only where one is up or something was replaced."""
    if not webhook.is_open and not webhook.replaced:
        return True
    answers = [("end", end), ("stay", "Stay")]
    if webhook.replaced:
        old = webhook.replaced[0].callback_url
        answers.insert(0, ("restore", f"Put back {old}, then {end[0].lower()}{end[1:]}"))
    modal = ChoiceModal(title, _said(webhook), answers)
    modal.id = LEAVING
    answer = await app.push_screen_wait(modal)
    if answer != "restore":
        return answer == "end"
    return await webhook.restore_previous() or await _all_the_same(app, end)


async def ask_unsaved(app: App[Any], onboarding: Onboarding, title: str, end: str) -> str | None:
    """What is to become of values that are typed and not stored: `keep`, `drop`, or to stay.
    Storing comes first only where none of them is known to be wrong."""
    unsaved, refused = onboarding.unsaved, onboarding.failed_unsaved
    them = "it" if len(unsaved) == 1 else "them"
    how = "all the same" if refused else "untested"
    keep = ("keep", f"Store {them} {how}, then {end.lower()}")
    drop, stay = ("drop", f"{end} without {them}"), ("stay", "Stay")
    answers = [stay, drop, keep] if refused else [keep, drop, stay]
    labels = ", ".join(CREDENTIALS[name].label for name in unsaved)
    wrong = [f"✗  {CREDENTIALS[name].label}: {said.title}" for name, said in refused.items()]
    text = "\n".join([f"Typed, but not stored: {labels}.", *wrong])
    modal = ChoiceModal(title, text, answers)
    modal.id = LEAVING
    return await app.push_screen_wait(modal)


async def confirm_discard(app: App[Any], title: str, end: str) -> bool:
    """Whether what is kept in memory alone may go."""
    text = "Nothing of what was entered here is in the keyring: it is gone then."
    modal = ChoiceModal(title, text, [("stay", "Stay"), ("end", end)])
    modal.id = LEAVING
    return await app.push_screen_wait(modal) == "end"


async def _all_the_same(app: App[Any], end: str) -> bool:
    modal = ChoiceModal(
        "It could not be put back",
        "Meta did not take the address from before. Enter it with its own verify token under\n"
        "Configuration (step 8.3).",
        [("stay", "Stay"), ("end", f"{end} all the same")],
    )
    modal.id = LEAVING
    return await app.push_screen_wait(modal) == "end"


def _said(webhook: WebhookController) -> str:
    lines = []
    if webhook.is_open:
        lines += [f"{webhook.callback_url}\nleads here only while this wizard runs."]
    if webhook.verified:
        url = webhook.verified[0]
        what = "it" if url == webhook.callback_url else url
        lines += [f"Meta goes on calling {what}, and nothing will answer."]
    if webhook.is_open and webhook.onboarding.portal is None:
        lines += ["To keep both up without this screen: whatsapp-wizard listen"]
    if webhook.replaced:
        lines += ["What stood there before can be put back now."]
    return "\n\n".join(lines)
