"""Another access token in ten seconds: pasted, tested in full, swapped for the stored one."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer

from wizard.findings import Finding
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.journeys.onboarding.token_expiry import expiry_in
from wizard.journeys.rotation.stages import NAME
from wizard.tui.controllers.draft_tester import PAUSE, DraftTester
from wizard.tui.controllers.rotation import RotationHost
from wizard.tui.controllers.vault_failed import VaultFailed
from wizard.tui.dialogs.portal_page import PageAction, copy_portal_page, show_portal_page
from wizard.tui.footer_keys import FooterKeys, is_drawn
from wizard.tui.screens.rotation.bindings import ROTATION_BINDINGS
from wizard.tui.screens.rotation.exchange_state import ExchangeLine, ExchangeState
from wizard.tui.screens.rotation.progress_view import ProgressView, outcome
from wizard.tui.screens.rotation.token_capture import TokenCapture
from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.expiry import standing
from wizard.tui.widgets.field import Field
from wizard.tui.widgets.finding_panel import FindingPanel
from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Screen, Static, VerticalScroll
from wizard.tui.widgets.page_link import PageLink
from wizard.values.credentials import CREDENTIALS, Secret
from wizard.vault import Reason, VaultError

_STEP = CREDENTIALS[NAME].step
_PERMANENT = "12.1"
_DIM = "$foreground 60%"
_NEEDED = ("app_id", "app_secret")


class RotationScreen(Screen[str | None]):
    """What is pasted is tested at once, and takes the stored token's place if it passes. Returns
    the id of a step to go to, if any."""

    CSS_PATH = "rotation.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = ROTATION_BINDINGS

    def __init__(
        self, host: RotationHost, draft_tester: DraftTester, *, long_lived: bool = False
    ) -> None:
        super().__init__()
        self.VERTICAL_BREAKPOINTS = [(0, "-low"), (28, "-middling"), (36, "-tall")]
        self._host = host
        self._draft_tester = draft_tester
        self._onboarding = host.onboarding
        self._rotation = host.rotation
        self._rotation.forget()
        self._wants_longer = long_lived
        self._typed: Secret | None = None
        self._soon: Timer | None = None
        self._seen = self._rotation.result
        self._keys = FooterKeys(self)
        walk = host.onboarding.walk
        self._home = walk.step if NAME in walk.step.renews else walk.guide.by_id[_STEP]
        self._chapter = walk.guide.chapter_of(self._home.id)
        self._is_permanent = self._chapter is walk.guide.chapter_of(_PERMANENT)

    def compose(self) -> ComposeResult:
        yield Chips(self._onboarding.world.profile)
        with VerticalScroll(id="rotation") as body:
            body.can_focus = False
            yield Static("Replace the access token", id="rotation-title")
            yield Static(id="stored-one", markup=False)
            yield PageLink(id="rotation-page")
            yield Static(self._steps, id="steps", markup=False)
            here = self._onboarding
            yield TokenCapture(NAME, None, here.values, layout=layout_of(here))
            yield ExchangeLine()
            yield ProgressView()
            yield FindingPanel()
        yield KeyLine()

    def on_mount(self) -> None:
        # What they say led here, and they would cover this screen's title.
        self.app.clear_notifications()
        self._host.add_listener(self.redraw)
        self._capture.focus_field()
        self.watch(self, "focused", self.redraw, init=False)
        self.redraw()

    def on_unmount(self) -> None:
        self._host.remove_listener(self.redraw)

    # What is drawn.

    def redraw(self) -> None:
        """Draws everything as it is now."""
        onboarding, rotating = self._onboarding, self._rotation
        if not is_drawn(self):
            return  # this screen is being left
        self.query_one(Chips).show({name: onboarding.chip(name) for name in CREDENTIALS})
        self.query_one("#stored-one", Static).update(standing(onboarding))
        self.query_one(PageLink).show(self._page(layout_of(onboarding)))
        alone = self._has_stored and self._typed is None
        self.query_one(ExchangeLine).show(
            ExchangeState(
                self._offers_longer,
                self._wants_longer,
                self._missing,
                alone=alone,
                permanent=self._offers_permanent,
            ),
            typing=self._types,
        )
        self.query_one(ProgressView).show(rotating.progress.stages if rotating.progress else ())
        self.set_class(rotating.progress is not None, "-begun")
        self.set_class(self._longer, "-longer")
        self._capture.field.disabled = rotating.running
        verdict, told = self.query_one(FindingPanel), outcome(rotating.result, self._typed)
        verdict.display = bool(told.findings)
        self.call_next(verdict.show, told.in_layout(layout_of(onboarding)))
        if rotating.result is not self._seen:
            self._seen = rotating.result
            self._conclude()
        self._keys.refresh()

    @property
    def _steps(self) -> Content:
        lines = (
            Content.assemble((f"{step.id:<6}", _DIM), step.title) for step in self._chapter.steps
        )
        return Content("\n").join(lines)

    # How things stand.

    @property
    def _capture(self) -> Capture:
        return self.query_one(Capture)

    @property
    def _types(self) -> bool:
        """Whether letters go into a field."""
        return isinstance(self.focused, Field) and not self.focused.is_locked

    @property
    def _done(self) -> bool:
        """Whether the new token is stored, and nothing else is wanted since."""
        ended = self._rotation.result
        swapped = ended is not None and ended.result.swapped
        return swapped and self._typed is None and not self._longer

    @property
    def _offers_longer(self) -> bool:
        """Whether an exchange makes sense: any token that one which does not end can be exchanged
        for would end."""
        life = expiry_in(self._onboarding)
        return life is None or not life.endless

    @property
    def _offers_permanent(self) -> bool:
        """Whether the way to a permanent token is news: not to those who have one, or are on it."""
        return self._offers_longer and not self._is_permanent

    @property
    def _longer(self) -> bool:
        """Whether the token is exchanged first: it is wanted, and can be done."""
        return self._wants_longer and self._offers_longer and not self._missing

    @property
    def _has_stored(self) -> bool:
        return self._onboarding.world.values.access_token is not None

    @property
    def _missing(self) -> tuple[str, ...]:
        """What an exchange needs and is not stored."""
        values = self._onboarding.world.values
        return tuple(n for n in _NEEDED if self._onboarding.loaded and values.get(n) is None)

    @property
    def _cause(self) -> Finding | None:
        ended = self._rotation.result
        return None if ended is None or ended.result.swapped else ended.result.report.primary

    # What is pasted, tested and stored.

    def on_paste(self, event: events.Paste) -> None:
        """A paste outside the field belongs to it all the same."""
        if self._rotation.running:
            self.notify("Wait until the previous token has been tested.", title="Not accepted")
        else:
            self._capture.take_paste(event)

    @on(Capture.Changed)
    def token_changed(self, event: Capture.Changed) -> None:
        value = event.value
        self._typed = value if isinstance(value, Secret) and len(value) else None
        self._wait_no_more()
        if event.whole and self._typed is not None:
            self._soon = self.set_timer(PAUSE, self._begin)
        self.redraw()

    @on(Capture.Bundle)
    def token_among_others(self, event: Capture.Bundle) -> None:
        if (token := event.found.get(NAME)) is not None:
            self._capture.put(token)
        else:
            self.notify("Your paste has no access token.", title="Not accepted", severity="warning")

    @on(Capture.Submitted)
    def token_submitted(self) -> None:
        self.action_go_on()

    def action_go_on(self) -> None:
        """What enter does: leaves when all is done, and tests what is there before that."""
        if self._done:
            self.action_leave()
        else:
            self._begin()

    def action_longer(self, _typing: bool = False) -> None:
        self._wants_longer = not self._wants_longer
        self.redraw()

    def action_give(self) -> None:
        self.run_worker(self._give(), group="give", exclusive=True)

    async def _give(self) -> None:
        """Generates one where Meta's portal is a pretended one."""
        if (portal := self._onboarding.portal) is not None:
            self._capture.put(await portal.generate_token(permanent=self._is_permanent))

    def _begin(self) -> None:
        self._wait_no_more()
        if self._typed is None and not (self._longer and self._has_stored):
            self.notify("Paste the new access token first.", title="Nothing to test")
            return
        self.set_focus(None)
        self._rotation.start(self._typed, long_lived=self._longer)
        self.redraw()

    def _conclude(self) -> None:
        """It has ended: the field is emptied for a token that was stored, and for no other."""
        ended = self._rotation.result
        if ended is not None and ended.result.swapped:
            self._wants_longer = False
            self._capture.put(Secret(""))
        elif ended is not None:
            self._capture.focus_field(scroll=False)
            if self._onboarding.chip(NAME) is Chip.STORED:
                self._draft_tester.test()  # another program stored it
            if (cause := self._cause) is not None and cause.subject == "keyring":
                reason = Reason(cause.id.partition(".")[2])
                self.post_message(VaultFailed(VaultError(reason, cause.evidence), self._begin))
        self.call_after_refresh(self.query_one("#rotation").scroll_end, animate=False)

    def _wait_no_more(self) -> None:
        if self._soon is not None:
            self._soon.stop()
            self._soon = None

    # Going elsewhere.

    def action_leave(self) -> None:
        self.run_worker(self._leave(), group="leave", exclusive=True)

    async def _leave(self) -> None:
        """Ends what runs first: then it is known which token is stored."""
        if self._rotation.running:
            await self._rotation.stop()
            if self._rotation.result is not None:
                self._draft_tester.test()
        self.dismiss(None)

    def action_permanent(self) -> None:
        self.dismiss(_PERMANENT)

    def action_go(self) -> None:
        self.dismiss(self._step)

    @property
    def _step(self) -> str | None:
        """The step of what is wrong, or of what is missing for what is wanted."""
        if self._cause is not None:
            return self._cause.step
        wanting = self._missing if self._wants_longer and self._offers_longer else ()
        return CREDENTIALS[wanting[0]].step if wanting else None

    def _page(self, layout: str | None) -> str:
        return self._home.url(self._onboarding.values.app_id, layout) or ""

    @on(PageLink.Opened)
    def action_open(self, _typing: object = False) -> None:
        self.run_worker(self._with_page(show_portal_page), group="browser")

    def action_copy(self) -> None:
        self.run_worker(self._with_page(copy_portal_page), group="browser")

    async def _with_page(self, does: PageAction) -> None:
        await does(self.app, self._onboarding, self._page)
        self.redraw()

    def action_scroll(self, by: int) -> None:
        self.query_one("#rotation").scroll_relative(y=by, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not is_drawn(self):
            return True  # not composed yet, or being left
        idle, here = not self._rotation.running, self._types or not any(parameters)
        ready = self._done or self._typed is not None or (self._longer and self._has_stored)
        conditions = {
            "go_on": idle and ready and not self._done,
            "give": idle and self._onboarding.portal is not None,
            "open": here,
            "longer": idle and here and self._offers_longer,
            "go": idle and self._step is not None,
            "permanent": idle and self._offers_permanent,
        }
        return conditions.get(action, True)
