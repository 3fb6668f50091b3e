"""The first screen of somebody who has not been here before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Screen, Static, Vertical
from wizard.tui.widgets.pointer_list import PointerList


@dataclass(frozen=True)
class StartOption:
    """Where to begin: at a step, and in a room if it names one."""

    title: str
    about: str
    step: str
    visit: str | None = None


START_OPTIONS = (
    StartOption("Set up the WhatsApp Cloud API", "40 small steps, about 20 minutes", "1"),
    StartOption("I have a token", "two pastes, about 2 minutes", "7.1", "token"),
    StartOption("Replace an expired token", "one paste, about 10 seconds", "7.1", "rotate"),
    StartOption("My webhook does not verify", "find out why", "8.4", "doctor"),
    StartOption("See what I have", "all six credentials, tested", "10"),
)


_LINE = "From a Meta account to six tested credentials in your keyring."
_NEEDS = (
    "You need a Facebook account, a mobile phone and an email address.\n"
    "Your values go to your keyring and to Meta, and nowhere else."
)
_DEMO_LINE = "Demo: everything here is simulated, Meta too."
_DEMO_NEEDS = (
    "You need nothing: press ctrl+g in a field for its demo value.\n"
    "Values stay in memory, and nothing is sent to Meta."
)


@dataclass(frozen=True)
class Greeting:
    """What the welcome says: a `notice` above the options, where there is one; in the `demo`
    nothing of a keyring or of Meta's own servers."""

    notice: str = ""
    is_demo: bool = False


class StartList(PointerList):
    """The ways, and in the footer the key that takes one."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "select", "select")]


class WelcomeScreen(Screen[StartOption | None]):
    """Returns the option that was chosen; `None` where one came back to it `again`, and left."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(None)", "back", key_display="esc")
    ]

    CSS_PATH = "welcome.tcss"

    def __init__(self, greeting: Greeting, *, again: bool = False) -> None:
        super().__init__()
        self._again = again
        self._notice = greeting.notice
        self._line, self._needs = (_DEMO_LINE, _DEMO_NEEDS) if greeting.is_demo else (_LINE, _NEEDS)

    def compose(self) -> ComposeResult:
        with Vertical(id="welcome"):
            yield Static("WhatsApp Wizard", id="welcome-title")
            yield Static(self._line, id="welcome-line")
            if self._notice:
                yield Static(self._notice, id="welcome-notice", markup=False)
            yield StartList(*(Option(_line(way)) for way in START_OPTIONS), compact=True)
            yield Static(self._needs, id="welcome-needs")
        yield KeyLine()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._again if action == "dismiss" else True

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(START_OPTIONS[event.option_index])


def _line(way: StartOption) -> Content:
    return Content.assemble((f"{way.title:<34}", ""), (way.about, "$foreground 60%"))
