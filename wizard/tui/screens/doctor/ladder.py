"""The rungs of a diagnosis, a line each: sign, name, and a few words of evidence."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wizard.findings import SIGNS, Finding, Status
from wizard.journeys.diagnosis import Ladder, worst_first
from wizard.journeys.labels import label
from wizard.journeys.onboarding.token_expiry import Expiry
from wizard.support.texts import printable
from wizard.tui.theme import FINDING_STYLES
from wizard.tui.widgets.expiry import lifetime
from wizard.tui.widgets.pointer_list import PointerList

_TITLED = {"waba_id.app_subscribed"}
"""Passes whose title is the fact; their evidence only names what it is about."""
_DIM = "$foreground 60%"
_LABEL = 18
_LONG = 200
_NOTHING = {
    "endpoint": "no endpoint of this wizard is running",
    "callback": "no callback URL is known yet",
    "handshake": "press enter to ask Meta to verify again",
    "publication": "no sign of a problem",
}


class LadderView(PointerList):
    """Enter on a rung asks it again."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "run again", tooltip="Run this check"),
        Binding("pageup", "screen.scroll(-5)", "page up", show=False),
        Binding("pagedown", "screen.scroll(5)", "page down", show=False),
    ]

    class Chosen(Message):
        """A rung is to be asked again."""

        def __init__(self, rung: str) -> None:
            super().__init__()
            self.rung = rung

    def __init__(self) -> None:
        super().__init__(id="ladder", compact=True, markup=False)
        self._ladder = Ladder(())
        self._life: Expiry | None = None
        self._drawn: dict[str, Content] = {}

    @property
    def marked(self) -> str | None:
        """The rung that the cursor is on."""
        option = self.highlighted_option
        return option.id if option else None

    def mark(self, rung: str | None) -> None:
        self.highlighted = self.get_option_index(rung) if rung and rung in self._drawn else None

    def show(self, ladder: Ladder, life: Expiry | None = None) -> None:
        """Draws what is new; all of it where there are other rungs. `life` is the time that the
        access token has."""
        self._ladder, self._life = ladder, life
        if self.size.width:
            self._draw()

    def on_resize(self, _: events.Resize) -> None:
        """What is told below may take rows from it: the marked one stays in sight."""
        self.show(self._ladder, self._life)
        self.call_after_refresh(self.scroll_to_highlight)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option.id:
            self.post_message(self.Chosen(event.option.id))

    def _draw(self) -> None:
        width = self.line_width or self.size.width
        lives = {"access_token": self._life}
        lines = {
            rung: _line(self._ladder, rung, width, lives.get(rung)) for rung in self._ladder.rungs
        }
        if list(lines) != list(self._drawn):
            self.clear_options()
            self.add_options([Option(line, id=rung) for rung, line in lines.items()])
        else:
            for rung, line in lines.items():
                if line != self._drawn[rung]:
                    self.replace_option_prompt(rung, line)
        self._drawn = lines
        self.styles.max_height = max(1, len(lines))


def _line(ladder: Ladder, rung: str, width: int, life: Expiry | None) -> Content:
    sign, words, style = _said(ladder, rung)
    bad = style in {FINDING_STYLES[Status.FAIL], FINDING_STYLES[Status.UNKNOWN]}
    line = Content.assemble(
        (f"{sign}  ", style),
        (f"{label(rung):<{_LABEL}}", "bold"),
        lifetime(life) if life else "",
        "   " if life else "",
        (printable(words, _LONG), style if bad else _DIM),
    )
    return line.truncate(width, ellipsis=True)


def _said(ladder: Ladder, rung: str) -> tuple[str, str, str]:
    """A rung's sign, its words, and the style of both."""
    if rung in ladder.asking:
        return "◌", "checking …", "$accent"
    if rung not in ladder.found:
        return "–", "not checked", _DIM
    findings = worst_first(ladder.found[rung])
    if not findings:
        return "–", _NOTHING.get(rung, "nothing to check"), _DIM
    finding = findings[0]
    return SIGNS[finding.status], _words(ladder, finding), FINDING_STYLES[finding.status]


def _words(ladder: Ladder, finding: Finding) -> str:
    """Evidence where it is well, and else the title; of what was skipped, what it waits for."""
    if finding.blocked_by is not None:
        return f"not checked: {label(ladder.rung_of(finding.blocked_by))}"
    if finding.status is not Status.PASS or finding.id in _TITLED:
        return finding.title
    first = finding.evidence.partition("; ")[0]
    return f"valid, {first}" if first.startswith("of ") else first or finding.title
