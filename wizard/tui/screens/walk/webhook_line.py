"""The webhook's state in one line, under the steps that are about it."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message

from wizard.tui.controllers.webhook import Live
from wizard.tui.controllers.webhook_stages import Mark, Part
from wizard.tui.theme import STAGE_SIGNS, STAGE_STYLES
from wizard.tui.widgets.cached_static import Steady


class Wire(Steady):
    """What the key `w` leads to, or a click."""

    class Opened(Message):
        """The line was clicked."""

    def show(self, live: Live, *, typing: bool) -> None:
        """While somebody is `typing` into a field, its letters go there."""
        before = "esc " if typing else ""
        self.update(
            Content.assemble(
                (f"{before}w", "bold $accent"),
                "  webhook  ",
                _said(live),
                (f"   {before}d" if live.failed else "", "bold $accent"),
                "  doctor" if live.failed else "",
            )
        )

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Opened())


def _said(live: Live) -> Content:
    stages = live.stages
    worst = next((stage for stage in stages if stage.mark is Mark.BAD), None)
    if live.job is not None:
        return Content.styled(f"◌ {live.job} …", "$accent")
    if worst is not None:
        return _signed(worst.mark, worst.words)
    if not live.is_open:
        calls = f"; Meta still calls {live.verified[0]}" if live.verified else ""
        return Content.styled(
            f"not open: a port here and a public address{calls}", "$foreground 60%"
        )
    record = next(stage for stage in stages if stage.part is Part.RECORD)
    url = (live.callback_url or "").removeprefix("https://")
    return Content.assemble(_signed(record.mark, record.words), f"   {url}")


def _signed(mark: Mark, words: str) -> Content:
    return Content.styled(f"{STAGE_SIGNS[mark]} {words}", STAGE_STYLES[mark])
