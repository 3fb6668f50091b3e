"""One line to be typed: an address, or ngrok's authtoken."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from wizard.tui.dialogs.page import show_page
from wizard.tui.widgets.once import ModalScreen, Static, Vertical
from wizard.tui.widgets.single_line_input import SingleLineInput
from wizard.tunnel.authtoken import clean_authtoken
from wizard.values.credentials import Secret

AUTHTOKEN_PAGE = "https://dashboard.ngrok.com/get-started/your-authtoken"


class AskModal(ModalScreen[str | None]):
    """Returns what was typed; `None` where it was closed. `wrong` says what is the matter with a
    line, and it is asked again."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "dismiss(None)", "close")]

    def __init__(
        self, title: str, text: str, value: str = "", wrong: Callable[[str], str] = lambda _: ""
    ) -> None:
        super().__init__()
        self._title = title
        self._text = text
        self._value = value
        self._wrong = wrong

    def compose(self) -> ComposeResult:
        with Vertical(classes="modal ask") as modal:
            modal.border_title = self._title
            modal.border_subtitle = "enter confirm · esc close"
            yield Static(self._text, markup=False)
            yield SingleLineInput(self._value, compact=True)
            yield Static(id="wrong", markup=False)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        line = event.value.strip()
        if wrong := self._wrong(line):
            self.query_one("#wrong", Static).update(f"✗  {wrong}")
        else:
            self.dismiss(line)


class AuthtokenModal(ModalScreen[Secret | None]):
    """Returns ngrok's authtoken; `None` where it was closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "close"),
        Binding("ctrl+o", "open", "open page"),
    ]

    def compose(self) -> ComposeResult:
        with Vertical(classes="modal ask") as modal:
            modal.border_title = "ngrok authtoken"
            modal.border_subtitle = "enter confirm · ctrl+o open page · esc close"
            yield Static(
                f"Free accounts have one too. Copy it from\n{AUTHTOKEN_PAGE}", markup=False
            )
            yield SingleLineInput(
                password=True, placeholder="Paste the authtoken here", compact=True
            )
            yield Static("It is stored in your keyring after ngrok accepts it.", classes="stored")

    def on_input_submitted(self) -> None:
        token = clean_authtoken(self.query_one(SingleLineInput).value)
        self.dismiss(token if len(token) else None)

    def action_open(self) -> None:
        self.app.run_worker(show_page(self.app, AUTHTOKEN_PAGE), group="browser")
