"""What a live test found: under a field, sign and words first, evidence and cure below."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.content import Content
from textual.message import Message

from wizard.findings import SIGNS, Finding, Status, said_to_people
from wizard.journeys.onboarding.chip import Chip
from wizard.tui.widgets.hanging_line import HangingLine
from wizard.tui.widgets.once import Static, Vertical


class FindingView(Vertical):
    """One finding; without its title where that stands above it already."""

    def __init__(self, finding: Finding, *, titled: bool = True) -> None:
        super().__init__(classes=f"finding -{finding.status}")
        self.finding = finding
        self._titled = titled

    def compose(self) -> ComposeResult:
        if self._titled:
            title = f"{SIGNS[self.finding.status]}  {self.finding.title}"
            yield Static(title, classes="finding-title", markup=False)
        trouble = self.finding.status in {Status.FAIL, Status.UNKNOWN}
        if trouble:
            yield Static(self.finding.cause, classes="finding-line", markup=False)
        for part in filter(None, said_to_people(self.finding).split("; ")):
            yield Static(part, classes="finding-line -evidence", markup=False)
        for step in steps_on_screen(self.finding.fix) if trouble else ():
            yield HangingLine(Content.styled("→", "$accent"), step, classes="finding-line", gap=1)


def steps_on_screen(fix: Sequence[str]) -> list[str]:
    """The lines of a fix without its commands; the first of them is no alternative here."""
    steps = [step for step in fix if not for_the_shell(step)]
    if steps and steps[0] != fix[0] and steps[0].startswith("Or "):
        steps[0] = steps[0][3].upper() + steps[0][4:]
    return steps


def for_the_shell(step: str) -> bool:
    """Whether a step is a command, for which there are keys here."""
    return "whatsapp-wizard" in step or " --" in step


class OutcomeView(Vertical):
    """The findings of one test, and where the value is kept."""

    class Drawn(Message):
        """News stand on the screen now."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: tuple[bool, tuple[Finding, ...], str] = (False, (), "")

    async def show(self, chip: Chip, findings: tuple[Finding, ...], stored_in: str = "") -> None:
        shown = (chip is Chip.TESTING, findings, stored_in)
        if shown != self._shown:
            self._shown = shown
            await self.recompose()
            self.call_after_refresh(self.post_message, self.Drawn())

    def compose(self) -> ComposeResult:
        testing, findings, stored_in = self._shown
        for finding in findings:
            yield FindingView(finding)
        if testing:
            yield Static("◌  testing …", classes="asking")
        if stored_in:
            yield Static(stored_in, classes="stored")
