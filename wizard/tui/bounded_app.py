"""An app that minds no window, however small, and no paste, however long."""

from __future__ import annotations

import textwrap
from typing import Any

from textual import events
from textual.app import App
from textual.geometry import Size
from textual.screen import Screen

LEAST = Size(40, 12)
"""The smallest window that is drawn in."""
LONGEST_PASTE = 64 * 1024
"""In characters: more than any credential, message or .env file takes."""

_ROOM = (
    f"This window is too small. Make it at least {LEAST.width} columns wide and {LEAST.height} "
    "rows high.",
    f"Too small: make it {LEAST.width} × {LEAST.height}.",
    "Too small",
    "↔",
)


class BoundedApp(App[None]):
    """In a window smaller than `LEAST` it asks for more room in the place of its screens, which
    stay as they are in the least size, and takes no key but the one to leave: nobody types where
    nothing is seen. A paste is cut at `LONGEST_PASTE`, with a word to the person."""

    _window = LEAST

    @property
    def size(self) -> Size:
        return _fitting(super().size)

    @property
    def lacks_room(self) -> bool:
        return _fitting(self._window) != self._window

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Resize):
            event = self._resized(event)
        elif isinstance(event, events.Paste) and len(event.text) > LONGEST_PASTE:
            event = events.Paste(event.text[:LONGEST_PASTE])
            self._say_cut(f"Only the first {LONGEST_PASTE // 1024} kB were accepted.")
        if not self.lacks_room or not _is_input(event):
            await super().on_event(event)

    def say_keys_cut(self, most: int) -> None:
        """Tells that keys came in faster than they could be taken."""
        self._say_cut(f"Too many keys at once: those after the first {most:,} were left out.")

    def _say_cut(self, what: str) -> None:
        how = "To read a longer text: whatsapp-wizard import FILE"
        self.notify(f"{what} {how}", severity="warning", markup=False)

    def _resized(self, event: events.Resize) -> events.Resize:
        lacked, self._window = self.lacks_room, event.size
        if self.lacks_room:
            self._ask_for_room()
        elif lacked:
            self.call_later(self.refresh, layout=True)
        fitting = _fitting(event.size)
        return event if fitting == event.size else events.Resize(fitting, fitting)

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        if self.lacks_room:
            renderable = None
        super()._display(screen, renderable)

    def _ask_for_room(self) -> None:
        if self._driver is not None:
            self._driver.write(f"\x1b[0m\x1b[2J\x1b[H{_request(self._window)}")
            self._driver.flush()


def _fitting(size: Size) -> Size:
    return Size(max(size.width, LEAST.width), max(size.height, LEAST.height))


def _is_input(event: events.Event) -> bool:
    if isinstance(event, events.Key):
        return event.key != "ctrl+q"
    return isinstance(event, events.Paste | events.MouseEvent)


def _request(window: Size) -> str:
    """The longest request that a window has room for."""
    width = max(1, window.width)
    for words in _ROOM:
        lines = textwrap.wrap(words, width, break_long_words=False)
        if len(lines) <= window.height and all(len(line) <= width for line in lines):
            return "\r\n".join(lines)
    return _ROOM[-1]
