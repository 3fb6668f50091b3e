"""Who wants to be told that there is something new to draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App

_PAUSE = 0.04
"""Seconds between two drawings: a flood is drawn in heaps."""


class Listeners:
    """Tells its listeners soon and once, however often `notify` is called."""

    def __init__(self, host: App[Any]) -> None:
        self._host = host
        self._listeners: set[Callable[[], None]] = set()
        self._is_due = False

    def add(self, on_change: Callable[[], None]) -> None:
        self._listeners.add(on_change)

    def remove(self, on_change: Callable[[], None]) -> None:
        self._listeners.discard(on_change)

    def clear(self) -> None:
        self._listeners.clear()

    def notify(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._host.set_timer(_PAUSE, self._tell)

    def _tell(self) -> None:
        self._is_due = False
        if not self._host.is_running:
            return  # the app is closing, and half of what listens is gone
        for listener in tuple(self._listeners):
            listener()
