"""A line that begins with a key or a sign, and stays behind it where it takes several rows."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.visual import VisualType

from wizard.tui.widgets.once import Horizontal, Static


class HangingLine(Horizontal):
    """The mark in a column of its own, the words beside it behind a gap."""

    DEFAULT_CSS: ClassVar[str] = """
    HangingLine { height: auto; }
    HangingLine > Static { width: 1fr; }
    HangingLine > .mark { width: auto; }
    """

    def __init__(self, mark: VisualType, words: str, classes: str = "", *, gap: int = 2) -> None:
        super().__init__(classes=classes)
        self._mark = mark
        self._words = words
        self._gap = gap

    def compose(self) -> ComposeResult:
        mark = Static(self._mark, classes="mark")
        mark.styles.padding = (0, self._gap, 0, 0)
        yield mark
        yield Static(self._words, markup=False)
