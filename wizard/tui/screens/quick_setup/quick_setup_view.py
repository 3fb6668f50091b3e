"""The short way on screen: fields, what they led to, what is to be chosen, and what enter does."""

from __future__ import annotations

from textual.app import ComposeResult

from wizard.findings import Finding, Report, Status
from wizard.journeys.discovery.quick_setup import QuickSetup, QuickSetupStage
from wizard.journeys.onboarding.chip import Chip
from wizard.portal import fill_places
from wizard.tui.screens.quick_setup.auto_routing_capture import AutoRoutingCapture
from wizard.tui.screens.quick_setup.confirmation_view import ConfirmationView, NextSteps
from wizard.tui.screens.quick_setup.discovered_view import DiscoveredView
from wizard.tui.screens.quick_setup.number_picker import NumberPicker
from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.finding_panel import FindingPanel, PanelContent
from wizard.tui.widgets.once import Horizontal, Static, Vertical
from wizard.values.credentials import Values
from wizard.world import World

TOKEN, SECRET, WABA = "access_token", "app_secret", "waba_id"

_BAD = {Status.FAIL, Status.UNKNOWN}
_PROGRESS = {
    QuickSetupStage.TOKEN: "first paste: the token",
    QuickSetupStage.LOOKING: "◌ testing …",
    QuickSetupStage.SECRET: "second paste: the App Secret",
    QuickSetupStage.STORING: "◌ testing …",
}


class QuickSetupView(Vertical):
    """Shows at each stage what that stage is about, and puts the cursor there."""

    def __init__(self, known: Values, layout: str | None) -> None:
        super().__init__(id="short-way")
        self._known = known
        self._layout = layout
        self._stage = QuickSetupStage.TOKEN

    def compose(self) -> ComposeResult:
        known, layout = self._known, self._layout
        with Horizontal(id="short-way-head"):
            yield Static("I have a token", id="short-way-title")
            yield Static(id="pastes", markup=False)
        yield AutoRoutingCapture(TOKEN, known.access_token, known, layout=layout)
        yield DiscoveredView()
        yield NumberPicker()
        yield FindingPanel()
        yield AutoRoutingCapture(WABA, known.waba_id, known, layout=layout)
        yield AutoRoutingCapture(SECRET, known.app_secret, known, layout=layout)
        yield ConfirmationView()

    def show(self, way: QuickSetup, world: World, after: NextSteps) -> None:
        """Draws everything as it is now."""
        stage = way.stage
        self.query_one("#pastes", Static).update(_PROGRESS.get(stage, ""), layout=False)
        self.query_one(DiscoveredView).show(way, world)
        self._show_numbers(way, stage)
        self._show_captures(way, stage, after.layout)
        told = self._told(way, stage, after)
        verdict = self.query_one(FindingPanel)
        verdict.display = bool(told.findings)
        self.call_next(verdict.show, told.in_layout(after.layout))
        self.query_one(ConfirmationView).show(way, after)
        if stage is not self._stage:
            self._stage = stage
            self.place_focus(way)

    def capture(self, name: str) -> Capture:
        return self.query_one(f"#capture-{name}", Capture)

    def place_focus(self, way: QuickSetup) -> None:
        """Puts the cursor where the next paste or choice belongs."""
        match way.stage:
            case QuickSetupStage.CHOICE:
                self.query_one(NumberPicker).take_focus()
            case QuickSetupStage.SECRET:
                self.capture(SECRET).focus_field()
            case QuickSetupStage.NOTHING if way.asks_for_waba:
                self.capture(WABA).focus_field()
            case QuickSetupStage.TOKEN if not _is_unanswered(way):
                self.capture(TOKEN).focus_field()
            case QuickSetupStage.LOOKING:
                pass
            case _:
                self.screen.set_focus(None)

    def _show_numbers(self, way: QuickSetup, stage: QuickSetupStage) -> None:
        numbers = self.query_one(NumberPicker)
        numbers.display = bool(way.accounts) and stage in {
            QuickSetupStage.CHOICE,
            QuickSetupStage.NOTHING,
        }
        if numbers.display:
            numbers.show(way.accounts, way.chosen)

    def _show_captures(self, way: QuickSetup, stage: QuickSetupStage, layout: str | None) -> None:
        token, waba, secret = (self.capture(name) for name in (TOKEN, WABA, SECRET))
        asking = Chip.TESTING if stage is QuickSetupStage.LOOKING else Chip.ABSENT
        token.show(asking, _worded(_against_token(way), layout), "", way.known)
        token.display = stage in {QuickSetupStage.TOKEN, QuickSetupStage.LOOKING}
        waba.display = way.asks_for_waba
        waba.show(Chip.ABSENT, _worded(_bad(way.of_waba), layout), "", way.known)
        typed = way.known.app_secret is not None
        secret.display = stage is QuickSetupStage.SECRET or (
            typed and stage is QuickSetupStage.TOKEN
        )
        secret.show(Chip.ABSENT, _worded(_bad(way.of_secret), layout), "", way.known)

    def _told(self, way: QuickSetup, stage: QuickSetupStage, after: NextSteps) -> PanelContent:
        """What is in the way, where that is not the token itself."""
        if stage is QuickSetupStage.TROUBLE:
            keys = (("t", "test them again"), ("^s", "store them untested"))
            return PanelContent(way.problems, keys)
        found = way.discovered
        if (
            found is None
            or found.app_id is None
            or stage is QuickSetupStage.LOOKING
            or _bad(way.of_waba)
        ):
            return PanelContent()
        page = fill_places("open {token_page}", after.layout)
        key = ("^o", page) if way.asks_for_waba else ("t", "test again")
        return PanelContent(_bad(found.report), (key,))


def _bad(report: Report) -> tuple[Finding, ...]:
    return tuple(finding for finding in report.findings if finding.status in _BAD)


def _worded(findings: tuple[Finding, ...], layout: str | None) -> tuple[Finding, ...]:
    return tuple(finding.in_layout(layout) for finding in findings)


def _against_token(way: QuickSetup) -> tuple[Finding, ...]:
    """What keeps a token from leading anywhere."""
    found = way.discovered
    if found is None or found.app_id is not None or found.report.primary is None:
        return ()
    return (found.report.primary,)


def _is_unanswered(way: QuickSetup) -> bool:
    return any(finding.status is Status.UNKNOWN for finding in _against_token(way))
