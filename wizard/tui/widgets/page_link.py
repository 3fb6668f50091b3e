"""A page on the web that a screen leads to."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.message import Message

from wizard.tui.widgets.once import Static


class PageLink(Static):
    """The step's page on the web; a click opens it."""

    class Opened(Message):
        """The link was clicked."""

    def show(self, url: str | None) -> None:
        shown = (url or "").removeprefix("https://")
        self.update(Content.assemble(("Page   ", "$foreground 60%"), (shown, "underline $accent")))

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.post_message(self.Opened())
