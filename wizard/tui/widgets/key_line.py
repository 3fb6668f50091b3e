"""The keys that hold now, in the last line: whole words, and those for help and leaving always."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from textual import events
from textual.content import Content
from textual.screen import Screen

from wizard.tui.widgets.once import Static

_LAST = ("help", "quit")
"""What is never left out, in this order at the end of the line."""
_WAY_OUT = "escape"
_SHORTER = {
    "open page": "page",
    "skip chapter": "skip",
    "store anyway": "store",
    "demo value": "demo",
    "have a token": "token",
    "replace token": "replace",
    "other number": "number",
    "other tunnel": "tunnel",
    "get a message": "message",
    "use this app": "use app",
    "go to step": "step",
    "test and store": "test",
}


@dataclass(frozen=True)
class Key:
    """A key as it is pressed and as it is shown, the action behind it, and what that is called."""

    key: str
    shown: str
    action: str
    does: str

    @property
    def width(self) -> int:
        return len(self.shown) + len(self.does) + 3


class KeyLine(Static):
    """What does not fit is left out from the end, for the page of help names every key. Textual's
    own footer cuts through a word, and is a widget for each key, which costs a layout each time.
    """

    def __init__(self) -> None:
        super().__init__(id="keys", markup=False)
        self._keys: tuple[Key, ...] = ()
        self._is_due = False

    def on_mount(self) -> None:
        self.screen.bindings_updated_signal.subscribe(self, self._changed)

    def on_resize(self) -> None:
        self._draw()

    def on_click(self, event: events.Click) -> None:
        at = 0
        for key in self._keys:
            if at <= event.x < at + key.width:
                self.app.simulate_key(key.key)
                return
            at += key.width

    def _changed(self, screen: Screen[Any]) -> None:
        if self.is_attached and screen is self.screen and self.app.app_focus and not self._is_due:
            self._is_due = True
            self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        self._is_due = False
        if not self.is_attached:
            return  # its screen is being left
        keys = tuple(fitting(tuple(self._held()), self.size.width))
        if keys != self._keys:
            self._keys = keys
            self.update(Content.assemble(*(_drawn(key) for key in keys)), layout=False)

    def _held(self) -> Iterator[Key]:
        """The keys that hold and are shown; of several for one action the first."""
        seen = set[str]()
        for _, binding, enabled, _ in self.screen.active_bindings.values():
            if binding.show and enabled and binding.action not in seen:
                seen.add(binding.action)
                shown = self.app.get_key_display(binding)
                yield Key(binding.key, shown, binding.action, binding.description)


def fitting(keys: Sequence[Key], width: int) -> Iterator[Key]:
    """Those for which there is room, in their order; in fewer words where there is little."""
    if sum(key.width for key in keys) > width:
        keys = [replace(key, does=_SHORTER.get(key.does, key.does)) for key in keys]
    last = [key for action in _LAST for key in keys if key.action == action]
    kept = [key for key in keys if key.key == _WAY_OUT and key not in last]
    left = width - sum(key.width for key in (*kept, *last))
    for key in keys:
        if key in kept:
            yield key
        elif key not in last and key.width <= left:
            left -= key.width
            yield key
    yield from last


def _drawn(key: Key) -> Content:
    return Content.assemble(
        (f" {key.shown} ", "bold $footer-key-foreground"),
        (f"{key.does} ", "$footer-description-foreground"),
    )
