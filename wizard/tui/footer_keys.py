"""The footer, drawn anew only where another key holds than before: drawing it costs much."""

from __future__ import annotations

from typing import Any

from textual.actions import parse
from textual.binding import Binding
from textual.screen import Screen


def is_drawn(screen: Screen[Any]) -> bool:
    """Whether a screen has its widgets: not before it is composed, nor while it is being left.
    Keys ask this a dozen times for each drawing, which no search of the screen bears."""
    return bool(screen.children) and screen.is_attached


class FooterKeys:
    """Which of a screen's own keys hold."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._held: tuple[bool | None, ...] = ()

    def refresh(self) -> None:
        held = tuple(
            self._screen.check_action(*parse(binding.action)[1:])
            for binding in self._screen.BINDINGS
            if isinstance(binding, Binding)
        )
        if held != self._held:
            self._held = held
            self._screen.refresh_bindings()
