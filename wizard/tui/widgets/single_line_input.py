"""An input of one line, of which no paste is longer than it."""

from __future__ import annotations

from typing import Any

from textual import events
from textual.widgets import Input

from wizard.tui.widgets.once import LaidOutOnce

LONGEST = 4096
"""In characters: ten times what any credential, address or search has."""


class SingleLineInput(LaidOutOnce, Input):
    """An input that takes a paste of several lines as one; Textual's own keeps the first, and
    nothing of one that is too long. It has no validators: nothing is styled anew to tell that none
    of them objects."""

    def __init__(self, *arguments: Any, max_length: int = LONGEST, **named: Any) -> None:
        super().__init__(*arguments, max_length=max_length, validate_on=(), **named)
        self._longest = max_length

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.insert_cut(" ".join(event.text.split()))

    def action_paste(self) -> None:
        self.insert_cut(" ".join(self.app.clipboard.split()))

    def insert_cut(self, text: str) -> None:
        """Puts in as much of the text as there is room for, and says so where that is not all."""
        selected = abs(self.selection.end - self.selection.start)
        room = max(0, self._longest - len(self.value) + selected)
        self.replace(text[:room], *sorted(self.selection))
        if len(text) > room:
            self.say_cut()

    def say_cut(self) -> None:
        self.notify(
            f"Only {self._longest:,} characters fit here; the rest was left out.",
            severity="warning",
            markup=False,
        )
