"""Which of several IDs in a paste is meant: a page may show more than one account or number."""

from __future__ import annotations

from typing import Any

from textual.app import App

from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.widgets.capture import Capture
from wizard.values.credentials import CREDENTIALS, Value


async def ask_which(app: App[Any], bundle: Capture.Bundle) -> dict[str, Value]:
    """What was found, with the one that is meant where there are several; who names none gets
    none."""
    found = dict(bundle.found)
    for name, several in bundle.several.items():
        label = CREDENTIALS[name].label
        text = f"Your paste has {len(several)} of them. Only one belongs to this profile."
        modal = ChoiceModal(f"Which {label}?", text, [(one, one) for one in several])
        found.pop(name, None)
        if (chosen := await app.push_screen_wait(modal)) is not None:
            found[name] = CREDENTIALS[name].wrap(chosen)
    return found
