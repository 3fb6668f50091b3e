"""An address as a QR code, for a machine that has no browser."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

_AROUND = 11
_BLOCKS = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


class CodeModal(ModalScreen[None]):
    """Shows the address and its code until a key is pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,space", "dismiss(None)", "close")
    ]

    def __init__(self, url: str, why: str) -> None:
        super().__init__()
        self._url = url
        self._why = why

    def compose(self) -> ComposeResult:
        with Vertical(classes="modal code") as modal:
            modal.border_title = "Scan to open the page"
            modal.border_subtitle = "esc closes"
            yield Static(self._why, id="why", markup=False)
            yield Static(qr_code(self._url), id="qr", markup=False)
            yield Static(self._url, id="address", markup=False)

    def on_resize(self) -> None:
        """A code that is cut off is none: where it is too tall, all but the code goes."""
        tall = qr_code(self._url).count("\n") + _AROUND
        self.set_class(self.size.height < tall, "-tight")


def qr_code(text: str) -> str:
    """The code in half blocks, two rows a line, with its quiet zone."""
    import segno

    code = segno.make(text, error="l", micro=False)
    rows = [[bool(cell) for cell in row] for row in code.matrix_iter(border=2)]
    if len(rows) % 2:
        rows.append([False] * len(rows[0]))
    return "\n".join(
        "".join(_BLOCKS[top, bottom] for top, bottom in zip(upper, lower, strict=True))
        for upper, lower in zip(rows[::2], rows[1::2], strict=True)
    )
