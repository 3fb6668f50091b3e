"""An input for one credential: whole pastes in, and no key of the walk by accident."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from wizard.tui.widgets.single_line_input import SingleLineInput
from wizard.values.credentials import CREDENTIALS

_EDITS = ("delete_", "cursor_", "cut", "home", "end")
_SHORT = 8
"""So many characters, and letters among them: no ID, and perhaps a secret in the wrong field."""


class Field(SingleLineInput):
    """An input that takes a whole paste; Textual's own keeps the first line only.

    One that is locked holds a value: keys pass it by, until `edit`. A paste always comes in.
    What is no ID is shown as dots in an ID's field too.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "test"),
        Binding("enter", "submit(True)", "next"),
        Binding("e", "edit", "edit", tooltip="Change the stored value"),
        Binding("ctrl+r", "reveal", "show", key_display="^r"),
        Binding("escape", "leave", "leave field", key_display="esc"),
    ]

    @dataclass
    class Pasted(Message):
        """Text came in one piece. It may hold secrets, so nothing but a capture reads it."""

        text: str = field(repr=False)

    def __init__(self, name: str) -> None:
        self.credential = CREDENTIALS[name]
        self._locked = False
        self._is_odd = False
        self._goes_on = False
        super().__init__(
            id=f"field-{name}",
            password=self.credential.secret,
            placeholder=f"Paste the {self.credential.label} here",
            select_on_focus=False,
            compact=True,
        )

    @property
    def is_locked(self) -> bool:
        return self._locked and bool(self.value)

    @property
    def goes_on(self) -> bool:
        """Whether enter leads on from here, for there is nothing to be tested."""
        return self._goes_on

    @goes_on.setter
    def goes_on(self, goes_on: bool) -> None:
        if goes_on is not self._goes_on:
            self._goes_on = goes_on
            if self.is_attached:
                self.screen.refresh_bindings()

    def validate_value(self, value: str) -> str:
        """Before it is drawn for the first time."""
        odd = len(value) >= _SHORT and any(map(str.isalpha, value))
        if odd is not self._is_odd and not self.credential.secret:
            self._is_odd = self.password = odd
        return value

    @property
    def _hides(self) -> bool:
        return self.credential.secret or self._is_odd

    def lock_value(self, *, locked: bool = True) -> None:
        """Keeps keys out of the value that is there, or lets them in."""
        if locked is not self._locked:
            self._locked = locked
            if self.is_attached:
                self.screen.refresh_bindings()

    def _on_blur(self, _event: events.Blur) -> None:
        self.lock_value()

    async def _on_key(self, event: events.Key) -> None:
        if not self.value:
            self.lock_value(locked=False)
        if self.is_locked and event.is_printable:
            event.prevent_default()  # it bubbles, as a key of the screen

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.post_message(self.Pasted(event.text))

    def action_paste(self) -> None:
        self.post_message(self.Pasted(self.app.clipboard))

    def check_consume_key(self, key: str, character: str | None) -> bool:
        if self.is_locked:
            return False
        # Textual knows no character for these two, and would offer them as keys all the same.
        return super().check_consume_key(key, character) or key in {"slash", "question_mark"}

    async def action_submit(self, _goes_on: bool = False) -> None:
        await super().action_submit()

    def action_edit(self) -> None:
        """Lets keys change the value, from its end."""
        self.lock_value(locked=False)
        self.cursor_position = len(self.value)

    def action_reveal(self) -> None:
        self.password = self._hides and not self.password

    def action_leave(self) -> None:
        self.screen.set_focus(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "submit":
            return any(parameters) is self._goes_on
        if action == "edit":
            return self.is_locked
        if action == "reveal":
            return self._hides
        return not (self.is_locked and action.startswith(_EDITS))
