"""The first screen of somebody who has not been here before."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Footer, OptionList, Static
from textual.widgets.option_list import Option

DOCTOR = "doctor"
_WAYS = (
    ("1", "Set up the WhatsApp Cloud API", "40 small steps, about 20 minutes"),
    ("7.1", "Replace an expired token", "straight to Generate access token"),
    (DOCTOR, "My webhook does not verify", "find out why"),
    ("10", "See what I have", "all six credentials, tested"),
)


class Ways(OptionList):
    """The ways, and in the footer the key that takes one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "choose")]


class WelcomeScreen(Screen[str]):
    """Returns the id of the step to begin at, or `DOCTOR`."""

    def compose(self) -> ComposeResult:
        with Vertical(id="welcome"):
            yield Static("WhatsApp Wizard", id="welcome-title")
            yield Static(
                "From a Meta account to six tested credentials in your keyring.",
                id="welcome-line",
            )
            yield Ways(
                *(Option(_way(title, about), id=id_) for id_, title, about in _WAYS), compact=True
            )
            yield Static(
                "You need a Facebook account, a mobile phone and an e-mail address.\n"
                "Your values go to your keyring and to Meta, and nowhere else.",
                id="welcome-needs",
            )
        yield Footer(show_command_palette=False)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id or "1")


def _way(title: str, about: str) -> Content:
    return Content.assemble((f"{title:<34}", ""), (about, "$foreground 60%"))
