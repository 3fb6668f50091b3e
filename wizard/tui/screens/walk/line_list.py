"""Lines to be clicked, of which only those that change are drawn anew: Textual's list draws all of
them, whichever changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

HERE, HOVER = "lines--here", "lines--hover"


@dataclass(frozen=True)
class Line:
    """One line, by the name of what it leads to; several may lead to the same."""

    name: str
    words: Content

    def is_same(self, other: Line) -> bool:
        return self.name == other.name and self.words.is_same(other.words)


class Lines(ScrollView, can_focus=False):
    """The last line that leads to where one is has a ground of its own, and is always in sight."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {HERE, HOVER}

    class Chosen(Message):
        """A line was clicked; `name` is what it leads to."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.name = name

    def __init__(self, id: str) -> None:  # noqa: A002 - as every widget calls it
        super().__init__(id=id)
        self._lines: tuple[Line, ...] = ()
        self._here: int | None = None
        self._hovered: int | None = None

    def show(self, lines: Sequence[Line], here: str) -> None:
        """Draws what differs."""
        before, self._lines = self._lines, tuple(lines)
        self._move_to(
            next((at for at in reversed(range(len(lines))) if lines[at].name == here), None)
        )
        for at, (old, new) in enumerate(zip_longest(before, self._lines)):
            if old is None or new is None or not new.is_same(old):
                self.refresh_line(at)
        if len(before) != len(self._lines):
            self.virtual_size = Size(0, len(self._lines))

    def _move_to(self, here: int | None) -> None:
        if here != self._here:
            for at in (self._here, here):
                if at is not None:
                    self.refresh_line(at)
            self._here = here
            self.call_after_refresh(self._scroll_there)

    def _scroll_there(self) -> None:
        if self._here is not None:
            there = Region(0, self._here, self.scrollable_content_region.width, 1)
            self.scroll_to_region(there, force=True, animate=False, immediate=True)

    def render_line(self, y: int) -> Strip:
        at, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        named = {self._here: HERE}.get(at) or (HOVER if at == self._hovered else "")
        style = self.get_visual_style(named) if named else self.visual_style
        if at >= len(self._lines):
            return Strip.blank(width, style.rich_style)
        return Visual.to_strips(self, self._lines[at].words, width, 1, style, pad=True)[0]

    def on_resize(self) -> None:
        self._scroll_there()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        if (at := self._under(event)) is not None:
            self.post_message(self.Chosen(self._lines[at].name))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._under(event))

    def on_leave(self) -> None:
        self._hover(None)

    def _under(self, event: events.MouseEvent) -> int | None:
        at = event.y + self.scroll_offset.y
        return at if 0 <= at < len(self._lines) else None

    def _hover(self, hovered: int | None) -> None:
        if hovered != self._hovered:
            for at in (self._hovered, hovered):
                if at is not None:
                    self.refresh_line(at)
            self._hovered = hovered
