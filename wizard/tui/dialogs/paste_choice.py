"""Which of several IDs in a paste is meant: a page may show more than one account or number."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from textual.app import App

from wizard.journeys.discovery.several_ids import SeveralIds, narrow
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.widgets.capture import Capture
from wizard.values.credentials import CREDENTIALS, Value

_PATIENCE = 0.6
"""Seconds before it is said that Meta is being asked."""
_ASKING = "Your paste has several IDs. Asking Meta which one is right …"


async def settle_paste(
    app: App[Any], onboarding: Onboarding, bundle: Capture.Bundle
) -> dict[str, Value]:
    """What was found, and of several IDs the one that Meta says is right; where Meta does not
    settle it, the one that the person names. Who names none gets none."""
    if not bundle.several:
        return dict(bundle.found)
    sure = {name: value for name, value in bundle.found.items() if name not in bundle.several}
    waiting = app.set_timer(_PATIENCE, lambda: app.notify(_ASKING))
    left = await _narrowed(onboarding, sure, bundle)
    waiting.stop()
    for name in bundle.several:
        label, choices = CREDENTIALS[name].label, left.choices(name, sure)
        if len(choices) == 1:
            said = f"Your paste has several. Meta says that {choices[0].value} is the right one."
            app.notify(said, title=label, markup=False)
            chosen: str | None = choices[0].value
        else:
            text = f"Your paste has {len(choices)} of them. Only one belongs to this profile."
            answers = [(one.value, f"{one.value}   {one.about}".rstrip()) for one in choices]
            chosen = await app.push_screen_wait(ChoiceModal(f"Which {label}?", text, answers))
        if chosen is not None:
            sure[name] = CREDENTIALS[name].wrap(chosen)
    return sure


async def _narrowed(
    onboarding: Onboarding, sure: dict[str, Value], bundle: Capture.Bundle
) -> SeveralIds:
    """Asked with what is at hand: the token may be in the same paste."""
    values = onboarding.values
    for name, value in sure.items():
        values = values.with_(name, value)
    world = replace(onboarding.world.with_values(values), vault=None, vault_error=None)
    async with world:
        return await narrow(world, bundle.several)
