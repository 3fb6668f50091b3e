"""The short way on screen: fields, what they led to, what is to be chosen, and what enter does."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from wizard.findings import Finding, Report, Status
from wizard.journeys.discovery.quick_setup import ShortWay, Stage
from wizard.journeys.onboarding.onboarding import Chip
from wizard.tui.screens.quick_setup.auto_routing_capture import RoutedCapture
from wizard.tui.screens.quick_setup.confirmation_view import After, WordView
from wizard.tui.screens.quick_setup.discovered_view import LeadsView
from wizard.tui.screens.quick_setup.number_picker import Numbers
from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.finding_panel import Told, VerdictView
from wizard.values.credentials import Values
from wizard.world import World

TOKEN, SECRET, WABA = "access_token", "app_secret", "waba_id"

_BAD = {Status.FAIL, Status.UNKNOWN}
_PROGRESS = {
    Stage.TOKEN: "first paste: the token",
    Stage.LOOKING: "◌ asking Meta …",
    Stage.SECRET: "second paste: the App Secret",
    Stage.STORING: "◌ asking Meta …",
}


class ShortWayView(Vertical):
    """Shows at each stage what that stage is about, and puts the cursor there."""

    def __init__(self, known: Values) -> None:
        super().__init__(id="short-way")
        self._known = known
        self._stage = Stage.TOKEN

    def compose(self) -> ComposeResult:
        known = self._known
        with Horizontal(id="short-way-head"):
            yield Static("I have a token", id="short-way-title")
            yield Static(id="pastes", markup=False)
        yield RoutedCapture(TOKEN, known.access_token, known)
        yield LeadsView()
        yield Numbers()
        yield VerdictView()
        yield RoutedCapture(WABA, known.waba_id, known)
        yield RoutedCapture(SECRET, known.app_secret, known)
        yield WordView()

    def show(self, way: ShortWay, world: World, after: After) -> None:
        """Draws everything as it is now."""
        stage = way.stage
        self.query_one("#pastes", Static).update(_PROGRESS.get(stage, ""))
        self.query_one(LeadsView).show(way, world)
        self._show_numbers(way, stage)
        self._show_captures(way, stage)
        told = self._told(way, stage)
        verdict = self.query_one(VerdictView)
        verdict.display = bool(told.findings)
        self.call_next(verdict.show, told)
        self.query_one(WordView).show(way, after)
        if stage is not self._stage:
            self._stage = stage
            self.place_focus(way)

    def capture(self, name: str) -> Capture:
        return self.query_one(f"#capture-{name}", Capture)

    def place_focus(self, way: ShortWay) -> None:
        """Puts the cursor where the next paste or choice belongs."""
        match way.stage:
            case Stage.CHOICE:
                self.query_one(Numbers).take_focus()
            case Stage.SECRET:
                self.capture(SECRET).focus_field()
            case Stage.NOTHING if way.asks_for_waba:
                self.capture(WABA).focus_field()
            case Stage.TOKEN if not _is_unanswered(way):
                self.capture(TOKEN).focus_field()
            case Stage.LOOKING:
                pass
            case _:
                self.screen.set_focus(None)

    def _show_numbers(self, way: ShortWay, stage: Stage) -> None:
        numbers = self.query_one(Numbers)
        numbers.display = bool(way.accounts) and stage in {Stage.CHOICE, Stage.NOTHING}
        if numbers.display:
            numbers.show(way.accounts, way.chosen)

    def _show_captures(self, way: ShortWay, stage: Stage) -> None:
        token, waba, secret = (self.capture(name) for name in (TOKEN, WABA, SECRET))
        asking = Chip.TESTING if stage is Stage.LOOKING else Chip.ABSENT
        token.show(asking, _against_token(way), "", way.known)
        token.display = stage in {Stage.TOKEN, Stage.LOOKING}
        waba.display = way.asks_for_waba
        waba.show(Chip.ABSENT, _bad(way.of_waba), "", way.known)
        typed = way.known.app_secret is not None
        secret.display = stage is Stage.SECRET or (typed and stage is Stage.TOKEN)
        secret.show(Chip.ABSENT, _bad(way.of_secret), "", way.known)

    def _told(self, way: ShortWay, stage: Stage) -> Told:
        """What is in the way, where that is not the token itself."""
        if stage is Stage.TROUBLE:
            keys = (("t", "tests them again"), ("^s", "stores them as they are, untested"))
            return Told(way.troubles, keys)
        found = way.discovered
        if found is None or found.app_id is None or stage is Stage.LOOKING or _bad(way.of_waba):
            return Told()
        key = ("^o", "opens API Setup") if way.asks_for_waba else ("t", "asks again")
        return Told(_bad(found.report), (key,))


def _bad(report: Report) -> tuple[Finding, ...]:
    return tuple(finding for finding in report.findings if finding.status in _BAD)


def _against_token(way: ShortWay) -> tuple[Finding, ...]:
    """What keeps a token from leading anywhere."""
    found = way.discovered
    if found is None or found.app_id is not None or found.report.primary is None:
        return ()
    return (found.report.primary,)


def _is_unanswered(way: ShortWay) -> bool:
    return any(finding.status is Status.UNKNOWN for finding in _against_token(way))
