"""The way from the public address to this machine, and on to one's own app."""

from __future__ import annotations

from textual.content import Content

from wizard.tui.widgets.once import Static

_DIM = "$foreground 60%"
_ARROW = ("  →  ", _DIM)
_AROUND = 30


class RouteLine(Static):
    """One line, or two where it would be cut."""

    def __init__(self) -> None:
        super().__init__(id="line", markup=False)

    def show(self, callback_url: str | None, forward_to: str | None) -> None:
        public, app = callback_url or "no public URL", forward_to or "your app: not set"
        long = len(f"{public}{app}") + _AROUND > self.app.size.width
        self.update(
            Content.assemble(
                (public, "bold" if callback_url else _DIM),
                _ARROW,
                "this machine",
                "\n" if long else "",
                _ARROW,
                (app, "" if forward_to else _DIM),
            )
        )
