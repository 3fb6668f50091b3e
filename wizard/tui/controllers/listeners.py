"""Who wants to be told that there is something new to draw."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.app import App

_PAUSE = 0.04
"""Seconds between two drawings: a flood is drawn in heaps."""


class Observable:
    """What screens listen to: it tells them soon and once, however much there is to be told."""

    def __init__(self, host: App[Any]) -> None:
        self._host = host
        self._listeners: set[Callable[[], None]] = set()
        self._is_due = False

    def add_listener(self, on_change: Callable[[], None]) -> None:
        self._listeners.add(on_change)

    def remove_listener(self, on_change: Callable[[], None]) -> None:
        self._listeners.discard(on_change)

    def clear_listeners(self) -> None:
        self._listeners.clear()

    def notify_listeners(self) -> None:
        if not self._is_due:
            self._is_due = True
            self._host.set_timer(_PAUSE, self._tell)

    def _tell(self) -> None:
        self._is_due = False
        if not self._host.is_running:
            return  # the app is closing, and half of what listens is gone
        for listener in tuple(self._listeners):
            listener()
