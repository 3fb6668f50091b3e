"""Jump to a step by its number or by words."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from wizard.guide import guide
from wizard.tui.widgets.once import ModalScreen, Vertical
from wizard.tui.widgets.pointer_list import PointerList
from wizard.tui.widgets.single_line_input import SingleLineInput


class JumpModal(ModalScreen[str | None]):
    """Returns the id of the step that was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close"),
        Binding("down", "move(1)", "down", show=False),
        Binding("up", "move(-1)", "up", show=False),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="modal") as modal:
            modal.border_title = "Go to step"
            yield SingleLineInput(placeholder="7.5, token, secret, allowed list …", compact=True)
            found = PointerList(compact=True, markup=False)
            found.can_focus = False
            yield found

    def on_mount(self) -> None:
        self._list("")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._list(event.value)

    def on_input_submitted(self) -> None:
        option = self.query_one(PointerList).highlighted_option
        if option is not None:
            self.dismiss(option.id)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)

    def action_move(self, by: int) -> None:
        found = self.query_one(PointerList)
        if by > 0:
            found.action_cursor_down()
        else:
            found.action_cursor_up()

    def _list(self, query: str) -> None:
        found = self.query_one(PointerList)
        found.clear_options()
        found.add_options(
            [
                Option(
                    f"{step.id:<6}{step.title}" if step.counted else f"      {step.title}", step.id
                )
                for step in guide().search(query)
            ]
        )
        found.highlighted = 0 if found.option_count else None
