"""The stages of a rotation, a line each, and what is told of its end."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from wizard.findings import SIGNS, Finding, Status
from wizard.journeys.rotation.stages import DEPENDENT, RotationStage
from wizard.tui.controllers.rotation import RotationEnded, StageProgress
from wizard.tui.controllers.stage_state import StageState
from wizard.tui.theme import FINDING_STYLES, STAGE_SIGNS, STAGE_STYLES
from wizard.tui.widgets.finding_panel import PanelContent
from wizard.tui.widgets.once import Static
from wizard.values.credentials import CREDENTIALS, Secret

_DIM = "$foreground 60%"
_STAYS = "The stored token is unchanged."
_WORTH_A_WORD = {Status.FAIL, Status.UNKNOWN, Status.WARN}
_LABELS = {
    RotationStage.WAITING: "Wait",
    RotationStage.TESTING: "Test",
    RotationStage.EXCHANGING: "Exchange",
    RotationStage.SWAPPING: "Store",
    RotationStage.RETESTING: "Test again",
}
_WORDS = {
    RotationStage.WAITING: "another rotation of this profile is running",
    RotationStage.TESTING: "testing",
    RotationStage.EXCHANGING: "for a long-lived token (60 days)",
    RotationStage.SWAPPING: "stores the new token",
    RotationStage.RETESTING: "all that depends on it",
}
_ENDS = {StageState.BAD: "failed", StageState.UNANSWERED: "no answer"}


class ProgressView(Static):
    """Nothing until a rotation has begun."""

    def __init__(self) -> None:
        super().__init__(id="course", markup=False)

    def show(self, legs: Sequence[StageProgress]) -> None:
        self.display = bool(legs)
        self.update(Content("\n").join(_line(leg) for leg in legs))


def outcome(ended: RotationEnded | None, typed: Secret | None) -> PanelContent:
    """How it ended, the most important first; `typed` is what may be tested once more."""
    if ended is None:
        return PanelContent()
    report = ended.result.report
    if ended.result.swapped:
        good = [one for one in report.findings if one.id == "access_token.swapped"]
        rest = [one for one in report.findings if one.status in _WORTH_A_WORD]
        return PanelContent((*good, *rest), (("enter", "close this screen"),))
    tested = any(one.check_name for one in report.findings)
    again = (("enter", "test it again" if tested else "test it"),)
    stays = any(one.id == "access_token.kept" for one in report.findings)
    endless = tuple(one for one in report.findings if one.id == "access_token.endless")
    cause = (report.primary,) if report.primary else endless
    return PanelContent(cause, again if typed is not None else (), hints=(_STAYS,) if stays else ())


def _line(leg: StageProgress) -> Content:
    style = STAGE_STYLES[leg.mark]
    return Content.assemble(
        (f"{STAGE_SIGNS[leg.mark]}  ", style),
        (f"{_LABELS[leg.stage]:<12}", _DIM if leg.mark is StageState.WAITING else "bold"),
        *_told(leg),
    )


def _told(leg: StageProgress) -> list[Content]:
    """What was found so far, credential by credential; before that what is being done."""
    firsts = dict[str, Finding]()
    answered = {one.status for one in leg.findings} - {Status.SKIP, Status.UNKNOWN}
    for finding in leg.findings if answered or leg.mark is not StageState.UNANSWERED else ():
        firsts.setdefault(finding.subject, finding)
    said = [
        Content.assemble(
            f"{CREDENTIALS[name].label} ",
            (SIGNS[firsts[name].status], FINDING_STYLES[firsts[name].status]),
            "   ",
        )
        for name in DEPENDENT
        if name in firsts
    ]
    busy = " …" if leg.mark is StageState.BUSY else ""
    words = leg.left_out or _ENDS.get(leg.mark) or f"{_WORDS[leg.stage]}{busy}"
    return said or [Content.styled(words, _DIM)]
