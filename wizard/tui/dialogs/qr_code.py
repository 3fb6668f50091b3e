"""An address as a QR code, for a phone or for a machine that has no browser."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from wizard.support.qr import qr_code
from wizard.tui.clipboard import copy
from wizard.tui.widgets.once import ModalScreen, Static, Vertical

_AROUND = 11


class QrCodeModal(ModalScreen[None]):
    """Shows the address and its code, and copies the address on c."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q,space", "dismiss(None)", "close"),
        Binding("c", "copy", "copy link"),
    ]

    def __init__(self, url: str, why: str, title: str = "Scan to open the page") -> None:
        super().__init__()
        self._url = url
        self._why = why
        self._title = title

    def compose(self) -> ComposeResult:
        with Vertical(classes="modal code") as modal:
            modal.border_title = self._title
            modal.border_subtitle = "c copy · esc close"
            yield Static(self._why, id="why", markup=False)
            yield Static(qr_code(self._url), id="qr", markup=False)
            yield Static(self._url, id="address", markup=False)

    def action_copy(self) -> None:
        copy(self.app, self._url, self._url)

    def on_resize(self) -> None:
        """A code that is cut off is none: where it is too tall, all but the code goes."""
        tall = qr_code(self._url).count("\n") + _AROUND
        self.set_class(self.size.height < tall, "-tight")
