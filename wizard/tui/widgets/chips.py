"""The six credentials in one line, always in sight."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Static

from wizard.journeys.onboarding.chip import Chip
from wizard.tui.theme import CHIP_SIGNS
from wizard.values.credentials import CREDENTIALS


class CredentialChip(Static):
    """One credential: a short name and the sign of its state."""

    class Chosen(Message):
        """A credential was clicked."""

        def __init__(self, name: str) -> None:
            super().__init__()
            self.credential = name

    def __init__(self, name: str) -> None:
        super().__init__(id=f"chip-{name}", classes="chip")
        self.credential = CREDENTIALS[name]
        self._chip: Chip | None = None
        self.show(Chip.ABSENT)

    def show(self, chip: Chip) -> None:
        if chip is self._chip:
            return  # drawing one line costs a layout of the whole screen
        self._chip = chip
        self.set_classes(f"chip -{chip}")
        self.update(f"{self.credential.short} {CHIP_SIGNS[chip]}")
        self.tooltip = f"{self.credential.label}: {chip}"

    def on_click(self) -> None:
        self.post_message(self.Chosen(self.credential.name))


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

    def compose(self) -> ComposeResult:
        yield Static("WhatsApp Wizard", id="product")
        yield ProfileName(self._profile)
        for name in CREDENTIALS:
            yield CredentialChip(name)

    def show(self, chips: Mapping[str, Chip]) -> None:
        for chip in self.query(CredentialChip):
            chip.show(chips[chip.credential.name])
