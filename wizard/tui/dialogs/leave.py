"""Closing a profile: what would be lost, or what Meta then meets, is said first."""

from __future__ import annotations

from typing import Any

from textual.app import App

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.tui.controllers.webhook import Live
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.values.credentials import CREDENTIALS

LEAVING = "leaving"


async def may_end(app: App[Any], live: Live, title: str, end: str) -> bool:
    """Whether the tunnel may end now; asked only where one is up or something was replaced."""
    if not live.is_open and not live.replaced:
        return True
    answers = [("end", end), ("stay", "Stay")]
    if live.replaced:
        old = live.replaced[0].callback_url
        answers.insert(0, ("restore", f"Put back {old}, then {end[0].lower()}{end[1:]}"))
    modal = ChoiceModal(title, _said(live), answers)
    modal.id = LEAVING
    answer = await app.push_screen_wait(modal)
    if answer != "restore":
        return answer == "end"
    return await live.put_back() or await _all_the_same(app, end)


async def what_of(app: App[Any], onboarding: Onboarding, title: str, end: str) -> str | None:
    """What is to become of values that are typed and not stored: `keep`, `drop`, or to stay.
    Storing comes first only where none of them is known to be wrong."""
    unsaved, refused = onboarding.unsaved, onboarding.refused
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


async def may_forget(app: App[Any], title: str, end: str) -> bool:
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


def _said(live: Live) -> str:
    lines = []
    if live.is_open:
        lines += [f"{live.callback_url}\nleads here only while this wizard runs."]
    if live.verified:
        url = live.verified[0]
        what = "it" if url == live.callback_url else url
        lines += [f"Meta goes on calling {what}, and nothing will answer."]
    if live.is_open and live.onboarding.portal is None:
        lines += ["To keep both up without this screen: whatsapp-wizard listen"]
    if live.replaced:
        lines += ["What stood there before can be put back now."]
    return "\n\n".join(lines)
