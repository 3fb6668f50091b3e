"""Textual's texts, containers and screens for less work: theirs are laid out twice for a change,
and a screen's widgets are styled three times when it is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from textual import containers, events, on, screen, widgets
from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.screen import ScreenResultType
from textual.visual import VisualType


class LaidOutOnce:
    """For widgets whose place does not hang on their virtual size. Textual lays out and draws again
    whenever that has changed, so after each layout that changed a size, and nothing moves then.
    Where a scrollbar comes or goes, it is that which has it lay out again."""

    virtual_size: ClassVar[Reactive[Size]] = Reactive(Size(0, 0), repaint=False)


class Static(LaidOutOnce, widgets.Static):
    """A text, which may be told the same thing often and costs nothing then: drawing it lays out
    the whole screen."""

    def __init__(self, content: VisualType = "", **named: Any) -> None:
        super().__init__(content, **named)
        self._told: VisualType = content

    def update(self, content: VisualType = "", *, layout: bool = True) -> None:
        if _is_same(content, self._told):
            return
        self._told = content
        super().update(content, layout=layout)


def _is_same(content: VisualType, told: VisualType) -> bool:
    if isinstance(content, Content) and isinstance(told, Content):
        return content.is_same(told)  # equal are two of the same text in other colours
    return isinstance(content, str) and isinstance(told, str) and content == told


class Vertical(LaidOutOnce, containers.Vertical):
    """Widgets below one another."""


class Horizontal(LaidOutOnce, containers.Horizontal):
    """Widgets beside one another."""


class VerticalScroll(LaidOutOnce, containers.VerticalScroll):
    """Widgets below one another, which scroll where there is no room for all."""


class Screen(LaidOutOnce, screen.Screen[ScreenResultType]):
    """One whose widgets are styled as they are mounted, and not all of them again when it is shown
    a moment later, nor when it learns how large the window is; it is not laid out then either."""

    _was_shown = False
    _later: Callable[[], None] | None = None

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Compose):
            self._take_breakpoints()
            # It was styled before its own sheet was read.
            self.app.stylesheet.apply(self)
        elif isinstance(event, events.ScreenResume) and not self._was_shown:
            self._was_shown = True
            event = events.ScreenResume(refresh_styles=False)
        await super().on_event(event)
        if isinstance(event, events.ScreenResume) and self._later is not None:
            draw, self._later = self._later, None
            draw()

    def draws_later(self, draw: Callable[[], None]) -> bool:
        """Whether the screen stands behind another one, where nobody sees what is drawn; then
        `draw` is called when that is gone."""
        if self._is_seen:
            return False
        self._later = draw
        return True

    @property
    def _is_seen(self) -> bool:
        """Whether nothing stands before it but dialogs."""
        for one in reversed(self.app.screen_stack):
            if one is self or not one.is_modal:
                return one is self
        return False

    @on(events.Resize)
    def size_told(self, event: events.Resize) -> None:
        """The size that a layout has just found, and no other window, is no reason for a layout."""
        if event.size == self.outer_size:
            event.prevent_default()
            self._take_breakpoints()

    def _take_breakpoints(self) -> None:
        """Sets the classes that Textual sets when it has told a screen its size."""
        width, height = self.app.size
        own, apps = self.HORIZONTAL_BREAKPOINTS, self.app.HORIZONTAL_BREAKPOINTS
        classes = _passed(apps if own is None else own, width)
        own, apps = self.VERTICAL_BREAKPOINTS, self.app.VERTICAL_BREAKPOINTS
        classes |= _passed(apps if own is None else own, height)
        for name, is_passed in classes.items():
            self.set_class(is_passed, name)


class ModalScreen(screen.ModalScreen[ScreenResultType], Screen[ScreenResultType]):
    """The same for a dialog."""


def _passed(breakpoints: list[tuple[int, str]] | None, size: int) -> dict[str, bool]:
    """For each breakpoint's class whether it is that of the last one that the size comes up to."""
    passed = [name for least, name in sorted(breakpoints or ()) if size >= least]
    return {name: name in passed[-1:] for _, name in breakpoints or ()}
