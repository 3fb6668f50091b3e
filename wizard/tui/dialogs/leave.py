"""Closing a profile: what would be lost, or what Meta then meets, is said first."""

from __future__ import annotations

from typing import Any

from textual.app import App

from wizard.findings import Finding, Status
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.portal import fill_places
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.places import LEAVING
from wizard.values.credentials import CREDENTIALS


async def confirm_stop(app: App[Any], webhook: WebhookController, title: str, end: str) -> bool:
    """Whether the tunnel may end now; asked only where one is up or something was replaced."""
    if not webhook.is_open and not webhook.replaced:
        return True
    answers = [("end", end), ("stay", "Cancel")]
    if webhook.replaced:
        old = webhook.replaced[0].callback_url
        answers.insert(0, ("restore", f"Restore {old}, then {end[0].lower()}{end[1:]}"))
    modal = ChoiceModal(title, _said(webhook), answers)
    modal.id = LEAVING
    answer = await app.push_screen_wait(modal)
    if answer != "restore":
        return answer == "end"
    layout = layout_of(webhook.onboarding)
    return await webhook.restore_previous() or await _all_the_same(app, end, layout)


async def ask_unsaved(app: App[Any], onboarding: Onboarding, title: str, end: str) -> str | None:
    """What is to become of values that are typed and not stored: `keep`, `drop`, or to stay.
    Storing comes first only where none of them is known to be wrong."""
    unsaved, refused = onboarding.unsaved, _failed(onboarding)
    them = "it" if len(unsaved) == 1 else "them"
    how = "anyway" if refused else "untested"
    keep = ("keep", f"Store {them} {how}, then {end.lower()}")
    drop, stay = ("drop", f"{end} without {them}"), ("stay", "Cancel")
    answers = [stay, drop, keep] if refused else [keep, drop, stay]
    labels = ", ".join(CREDENTIALS[name].label for name in unsaved)
    wrong = [f"✗  {CREDENTIALS[name].label}: {said.title}" for name, said in refused.items()]
    text = "\n".join([f"Not stored yet: {labels}.", *wrong])
    modal = ChoiceModal(title, text, answers)
    modal.id = LEAVING
    return await app.push_screen_wait(modal)


async def confirm_discard(app: App[Any], title: str, end: str) -> bool:
    """Whether what is kept in memory alone may go."""
    text = "These values are not in the keyring. They are lost when you leave."
    modal = ChoiceModal(title, text, [("stay", "Cancel"), ("end", end)])
    modal.id = LEAVING
    return await app.push_screen_wait(modal) == "end"


async def _all_the_same(app: App[Any], end: str, layout: str | None) -> bool:
    page = fill_places("{webhook_page}", layout)
    modal = ChoiceModal(
        "The previous URL was not restored",
        "Meta rejected the previous callback URL. Enter it with its own verify token under\n"
        f"{page} (step 8.3).",
        [("stay", "Cancel"), ("end", f"{end} anyway")],
    )
    modal.id = LEAVING
    return await app.push_screen_wait(modal) == "end"


def _said(webhook: WebhookController) -> str:
    lines = []
    if webhook.is_open:
        lines += [f"{webhook.callback_url}\nworks only while this wizard runs."]
    if webhook.verified:
        url = webhook.verified[0]
        what = "it" if url == webhook.callback_url else url
        lines += [f"Meta keeps calling {what}, but nothing will answer."]
    if webhook.is_open and webhook.onboarding.portal is None:
        lines += ["To keep it running without this screen: whatsapp-wizard listen"]
    if webhook.replaced:
        lines += ["You can restore the previous callback URL now."]
    return "\n\n".join(lines)


def _failed(onboarding: Onboarding) -> dict[str, Finding]:
    """What was found to be wrong with what leaving now would lose."""
    found, of_unconfirmed = onboarding.findings, onboarding.of_unconfirmed
    said = {
        name: (*found.get(name, ()), *of_unconfirmed.get(name, ())) for name in onboarding.unsaved
    }
    failed = {n: [f for f in s if f.status is Status.FAIL] for n, s in said.items()}
    return {name: findings[0] for name, findings in failed.items() if findings}
