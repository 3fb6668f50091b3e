"""The six digits by which a number is registered."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from wizard.journeys.messages.messages import pin_of
from wizard.support.texts import printable
from wizard.tui.widgets.once import ModalScreen, Static, Vertical
from wizard.tui.widgets.single_line_input import SingleLineInput
from wizard.values.credentials import Secret

_TEXT = """\
Registers it for the Cloud API. Use the PIN of its two-step verification.
If it has none yet, this PIN is set: write it down.

Meta allows 10 registrations per number within 72 hours."""
_WRONG = "✗  A PIN has 6 digits."


class PinModal(ModalScreen[Secret | None]):
    """Returns the PIN; `None` where it was closed."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close")]

    def __init__(self, number: str) -> None:
        super().__init__()
        self._number = number

    def compose(self) -> ComposeResult:
        with Vertical(classes="modal ask") as modal:
            modal.border_title = "Register the number"
            modal.border_subtitle = "enter register · esc close"
            yield Static(printable(self._number), classes="pin-number", markup=False)
            yield Static(_TEXT, markup=False)
            yield SingleLineInput(password=True, placeholder="PIN of 6 digits", compact=True)
            yield Static(id="wrong", markup=False)

    def on_input_submitted(self) -> None:
        pin = pin_of(self.query_one(SingleLineInput).value)
        if pin is None:
            self.query_one("#wrong", Static).update(_WRONG)
        else:
            self.dismiss(pin)
