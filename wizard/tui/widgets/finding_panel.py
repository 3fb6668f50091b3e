"""The cause and its cure, set apart: first the keys that mend it, then what the portal takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from textual.app import ComposeResult
from textual.content import Content

from wizard.findings import SIGNS, Finding, Status, said_to_people
from wizard.tui.widgets.hanging_line import HangingLine
from wizard.tui.widgets.once import Static, VerticalScroll
from wizard.tui.widgets.outcome import for_the_shell, steps_on_screen


@dataclass(frozen=True)
class PanelContent:
    """What is said: findings, the keys that mend the first of them, or one line where all is well.

    `hints` are titles of what is no failure and still worth a look.
    """

    findings: tuple[Finding, ...] = ()
    keys: tuple[tuple[str, str], ...] = ()
    line: str = ""
    hints: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        return self.findings[0].status.value if self.findings else "pass"

    def in_layout(self, layout: str | None) -> PanelContent:
        """The same in the words of one layout of the portal."""
        return replace(self, findings=tuple(one.in_layout(layout) for one in self.findings))


class FindingPanel(VerticalScroll):
    """One thing told at a time."""

    can_focus = False

    def __init__(self) -> None:
        super().__init__(id="verdict")
        self._told = PanelContent()

    async def show(self, told: PanelContent) -> None:
        if told != self._told:
            self._told = told
            self.set_classes(f"-{told.status}")
            await self.recompose()
            self.scroll_home(animate=False)

    def compose(self) -> ComposeResult:
        told = self._told
        if told.line:
            yield Static(told.line, classes="verdict-title", markup=False)
        for number, finding in enumerate(told.findings):
            yield from _finding(finding, told.keys if number == 0 else (), first=number == 0)
        for hint in told.hints:
            yield Static(f"!  {hint}", classes="verdict-hint", markup=False)


def _finding(finding: Finding, keys: Sequence[tuple[str, str]], *, first: bool) -> ComposeResult:
    sign = "" if first and finding.status is Status.FAIL else f"{SIGNS[finding.status]}  "
    title = Static(f"{sign}{finding.title}", classes="verdict-title", markup=False)
    yield title if first else title.add_class("-further")
    if finding.status is not Status.PASS:
        yield Static(finding.cause, markup=False)
    for part in filter(None, said_to_people(finding).split("; ")):
        yield Static(part, classes="verdict-evidence", markup=False)
    marked = [(Content.styled(key, "bold $accent"), does) for key, does in keys]
    marked += [(Content.styled("→", "$accent"), step) for step in _steps(finding, keys)]
    for number, (mark, words) in enumerate(marked):
        yield HangingLine(mark, words, classes="verdict-cure" if number == 0 else "")


def _steps(finding: Finding, keys: Sequence[tuple[str, str]]) -> Sequence[str]:
    """What the portal takes; an alternative where there are keys."""
    if finding.status is Status.PASS:
        return ()
    if not keys:
        return steps_on_screen(finding.fix)
    return [step for step in finding.fix if not for_the_shell(step)]
