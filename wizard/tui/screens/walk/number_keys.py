"""What a number key does at a step."""

from __future__ import annotations

from typing import Any

from textual.app import App

from wizard.tui.clipboard import copy
from wizard.tui.dialogs.page import show_page
from wizard.tui.screens.walk.numbered import Numbered


def use_numbered(app: App[Any], listed: tuple[Numbered, ...], number: int) -> None:
    """Opens or copies what has this number, if anything has."""
    if number > len(listed):
        return
    chosen = listed[number - 1]
    if chosen.url:
        app.run_worker(show_page(app, chosen.url), group="browser")
    else:
        copy(app, chosen.text, chosen.title)
