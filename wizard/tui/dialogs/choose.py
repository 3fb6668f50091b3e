"""A question with a few answers, each a line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wizard.tui.widgets.hanging_line import HangingLine
from wizard.tui.widgets.once import ModalScreen, Static, Vertical
from wizard.tui.widgets.pointer_list import PointerList


class ChoiceModal(ModalScreen[str | None]):
    """Returns the id of the answer; `None` where it was closed without one. What may be done about
    it stands below the text, a sign before each of the `fixes`."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close")]

    def __init__(
        self,
        title: str,
        text: str,
        answers: Sequence[tuple[str, str]],
        fixes: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._answers = answers
        self._fixes = fixes

    def compose(self) -> ComposeResult:
        with Vertical(classes="modal choice") as modal:
            modal.border_title = self._title
            yield Static(self._text, markup=False)
            for fix in self._fixes:
                yield HangingLine("→", fix)
            yield PointerList(
                *(Option(label, id=id_) for id_, label in self._answers),
                compact=True,
                markup=False,
            )

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)
