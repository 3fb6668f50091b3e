"""The six credentials in one line, always in sight."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from textual import events
from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from wizard.journeys.onboarding.chip import Chip
from wizard.tui.theme import CHIP_SIGNS
from wizard.tui.widgets.once import Horizontal, Static
from wizard.values.credentials import CREDENTIALS

_GAP = "  "
_STYLES = {
    Chip.ABSENT: "",
    Chip.STORED: "$foreground",
    Chip.TESTING: "$accent",
    Chip.PASSED: "$success",
    Chip.FAILED: "bold $error",
}


class CredentialChips(Static):
    """A short name and the sign of its state for each credential. One widget: six would each be
    styled and drawn for themselves whenever a test moves on."""

    class Chosen(Message):
        """A credential was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.credential = name

    def __init__(self) -> None:
        self._chips: Mapping[str, Chip] = dict.fromkeys(CREDENTIALS, Chip.ABSENT)
        self._hovered: str | None = None
        super().__init__(self._drawn(), id="chips")

    def show(self, chips: Mapping[str, Chip]) -> None:
        if chips != self._chips:
            self._chips = dict(chips)
            self._draw()

    def _draw(self) -> None:
        """Each sign is as wide as any other, so nothing moves."""
        self.update(self._drawn(), layout=False)
        if (name := self._hovered) is not None:
            self.tooltip = f"{CREDENTIALS[name].label}: {self._chips[name]}"

    def _drawn(self) -> Content:
        return Content.assemble(*self._parts())

    def _parts(self) -> Iterator[str | tuple[str, str]]:
        for name, chip in self._chips.items():
            line = " underline" if name == self._hovered else ""
            yield _GAP
            yield _words(name, chip), f"{_STYLES[chip]}{line}".strip()

    def on_click(self, event: events.Click) -> None:
        if (name := self._under(event)) is not None:
            self.post_message(self.Chosen(name))

    def on_mouse_move(self, event: events.MouseMove) -> None:
        self._hover(self._under(event))

    def on_leave(self) -> None:
        self._hover(None)

    def _hover(self, name: str | None) -> None:
        if name != self._hovered:
            self._hovered = name
            self._draw()

    def _under(self, event: events.MouseEvent) -> str | None:
        end = 0
        for name, chip in self._chips.items():
            end += len(_GAP) + len(_words(name, chip))
            if event.x < end:
                return name
        return None


class ProfileName(Static):
    """Whose credentials these are."""

    class Chosen(Message):
        """It was clicked."""

    def __init__(self, name: str) -> None:
        super().__init__(name, id="profile", markup=False)

    def on_click(self) -> None:
        self.post_message(self.Chosen())


class Chips(Horizontal):
    """The profile's name and a chip for each of the six."""

    def __init__(self, profile: str) -> None:
        super().__init__()
        self._profile = profile
        self._credentials = CredentialChips()

    def compose(self) -> ComposeResult:
        yield Static("WhatsApp Wizard", id="product")
        yield ProfileName(self._profile)
        yield self._credentials

    def show(self, chips: Mapping[str, Chip]) -> None:
        """The mapping has each of the six."""
        self._credentials.show(chips)


def _words(name: str, chip: Chip) -> str:
    return f"{CREDENTIALS[name].short} {CHIP_SIGNS[chip]}"
