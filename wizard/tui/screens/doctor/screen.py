"""The doctor: every rung from the keyring to Meta's record, the one cause, and its cure."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType

from wizard.checks import run_checks
from wizard.checks.check import RUNGS
from wizard.findings import Finding, Report, Status
from wizard.journeys.diagnosis import (
    Ladder,
    QuickFix,
    quick_fixes,
    report_text,
    worst_first,
)
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.journeys.webhook.subscription import subscribe_waba
from wizard.tui.clipboard import copy
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.portal_page import page_of, show_portal_page
from wizard.tui.dialogs.tunnel import register
from wizard.tui.footer_keys import is_drawn
from wizard.tui.places import ROTATE, WEBHOOK
from wizard.tui.screens.doctor.actions import is_offered
from wizard.tui.screens.doctor.ladder import LadderView
from wizard.tui.screens.doctor.url_screen import UrlDoctorScreen
from wizard.tui.screens.doctor.words import (
    DOCTOR_KEYS,
    LETS_META_CALL,
    LIVE,
    QUESTION,
    WELL,
    fix_keys,
    life_of,
    progress,
    show_title,
    world_of,
)
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.finding_panel import FindingPanel, PanelContent
from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Horizontal, Screen, Static, Vertical
from wizard.values.credentials import CREDENTIALS

_PAUSES = (2.0, 4.0, 8.0)
"""Seconds before all is tested again after something was mended."""


class DoctorScreen(Screen[str | None]):
    """Returns where to go from here: the id of a step, or `WEBHOOK`."""

    CSS_PATH = "doctor.tcss"
    AUTO_FOCUS = "#ladder"

    BINDINGS: ClassVar[list[BindingType]] = DOCTOR_KEYS

    def __init__(self, webhook: WebhookController, draft_tester: DraftTester) -> None:
        super().__init__()
        self._webhook = webhook
        self._draft_tester = draft_tester
        self._ladder = Ladder(())
        self._begun = time.monotonic()
        self._seconds = 0.0
        self._again: str | None = None
        self._met: Finding | None = None
        self._placed: str | None = None

    def compose(self) -> ComposeResult:
        yield Chips(self._webhook.onboarding.world.profile)
        with Vertical(id="doctor"):
            with Horizontal(id="question"):
                yield Static(QUESTION, id="why")
                yield Static(id="asked", markup=False)
            yield LadderView()
            yield FindingPanel()
        yield KeyLine()

    def on_mount(self) -> None:
        self._webhook.add_listener(self.redraw)
        self.action_again()

    def on_unmount(self) -> None:
        self._webhook.remove_listener(self.redraw)

    def redraw(self) -> None:
        """Draws everything as it is now."""
        onboarding = self._webhook.onboarding
        if not is_drawn(self):
            return  # this screen is being left
        self.query_one(Chips).show({name: onboarding.chip(name) for name in CREDENTIALS})
        self.query_one("#asked", Static).update(
            progress(self._webhook, self._ladder, self._again, self._seconds), layout=False
        )
        show_title(self.query_one("#why", Static), self._ladder, self._report)
        self.query_one(LadderView).show(self._ladder, life_of(self._ladder, onboarding.world))
        self._tell()

    def _tell(self) -> None:
        told = self._told.in_layout(layout_of(self._webhook.onboarding))
        self.call_next(self.query_one(FindingPanel).show, told)
        self.refresh_bindings()

    # What is told.

    @property
    def _marked(self) -> tuple[Finding, ...] | None:
        """What was found on the rung that the cursor is on; `None` while it is on none."""
        rung = self.query_one(LadderView).marked
        return None if rung is None else worst_first(self._ladder.found.get(rung, ()))

    @property
    def _findings(self) -> tuple[Finding, ...]:
        """What is told below, the most important first."""
        if self._met is not None:
            return (self._met,)
        if self._marked is not None or self._ladder.asking:
            return self._marked or ()
        primary = self._report.primary
        return (primary,) if primary else ()

    @property
    def _told(self) -> PanelContent:
        if findings := self._findings:
            return PanelContent(
                findings, fix_keys(self._webhook, findings[0], met=findings[0] is self._met)
            )
        if self._marked is not None:
            return PanelContent(line="Nothing was checked here.")
        if self._ladder.asking or not self._ladder.found:
            return PanelContent(line=LIVE if "callback" in self._ladder.asking else "")
        hints = (one.title for one in self._ladder.findings if one.status is Status.WARN)
        return PanelContent(line=WELL, hints=tuple(dict.fromkeys(hints)))

    @property
    def _offered(self) -> set[QuickFix]:
        """What can be mended of all that failed."""
        failed = (one for one in self._ladder.findings if one.status is Status.FAIL)
        return {cure for finding in failed for cure in quick_fixes(finding)}

    @property
    def _renews(self) -> bool:
        """Whether a new URL would mend something."""
        return bool({QuickFix.REGISTER, QuickFix.OPEN} & self._offered) and self._met is None

    @property
    def _rotates(self) -> bool:
        primary = self._report.primary
        return primary is not None and QuickFix.ROTATE in quick_fixes(primary)

    @property
    def _report(self) -> Report:
        profile = self._webhook.onboarding.world.profile
        return self._ladder.report(profile, round(self._seconds * 1000))

    @on(LadderView.OptionHighlighted)
    def rung_marked(self) -> None:
        if self.query_one(LadderView).marked != self._placed:
            self._placed = self.query_one(LadderView).marked
            self._met = None
        self._tell()

    # Asking.

    def action_again(self) -> None:
        self._mend(self._ask_all())

    def _mend(self, work: Coroutine[Any, Any, None]) -> None:
        """Does one thing at a time, in place of what is being done."""
        self._met = None
        self.run_worker(work, group="doctor", exclusive=True)

    @on(LadderView.Chosen)
    def rung_chosen(self, event: LadderView.Chosen) -> None:
        if self._idle:
            self._mend(self._ask_again(event.rung))

    async def _ask_again(self, rung: str) -> None:
        if rung != "handshake" or await self._may_call():
            await self._ask_one(rung)

    async def _may_call(self) -> bool:
        answers = [("call", "Ask Meta"), ("leave", "Cancel")]
        modal = ChoiceModal("Ask Meta to verify again?", LETS_META_CALL, answers)
        return await self.app.push_screen_wait(modal) == "call"

    async def _ask_all(self) -> None:
        self._again = None
        await self._ask(list(RUNGS))
        self._conclude()

    async def _ask_one(self, rung: str) -> None:
        """One rung, and what was skipped because of it."""
        self._again = rung
        await self._ask([rung, *self._ladder.waiting_for(rung)])

    async def _ask(self, rungs: list[str]) -> None:
        self._begun = time.monotonic()
        await self._webhook.onboarding.look_for_replaced()
        async with world_of(self._webhook.onboarding) as world:
            world.may_verify = self._again == "handshake"
            examination = run_checks(world, rungs)
            if self._again is None:
                self._ladder = Ladder(examination.names)
                self._place(None)
            self._ladder.ask(set(rungs) & set(self._ladder.rungs))
            self.redraw()
            async with examination as events:
                async for event in events:
                    self._ladder.handle_event(event)
                    self._webhook.notify_listeners()
        self._seconds = time.monotonic() - self._begun
        self.redraw()

    def _conclude(self) -> None:
        """Puts the cursor on the one cause; on nothing where there is none."""
        primary = self._report.primary
        self._place((primary.check_name or primary.subject) if primary else None)
        self.redraw()

    def _place(self, rung: str | None) -> None:
        self._placed = rung
        self.query_one(LadderView).mark(rung)

    # Mending.

    def action_register(self) -> None:
        self._mend(self._register())

    async def _register(self) -> None:
        if await register(self.app, self._webhook, self._draft_tester):
            self._met = self._webhook.failed
            await self._ask_until_well()

    def action_renew(self) -> None:
        self._mend(self._renew())

    async def _renew(self) -> None:
        """A new URL in place of one that does not work, and Meta told of it."""
        if self._webhook.is_open:
            self._webhook.stop()
            await self._webhook.wait_idle()
        await self._register()

    async def _ask_until_well(self) -> None:
        """What was mended may take Meta a moment: all is tested again, and again, for as long as
        it is still something that can be mended here."""
        for pause in (*_PAUSES, None):
            await self._ask_all()
            cause = self._report.primary
            waits = cause and (cause.status is Status.UNKNOWN or quick_fixes(cause))
            if pause is None or self._met is not None or not waits:
                return
            await asyncio.sleep(pause)

    def action_url(self) -> None:
        self.app.push_screen(UrlDoctorScreen(self._webhook))

    def action_restore(self) -> None:
        self._mend(self._restore())

    async def _restore(self) -> None:
        self._webhook.restore()
        await self._webhook.wait_idle()
        failed = self._webhook.failed
        await self._ask_all()
        self._met = failed if QuickFix.RESTORE in self._offered else None
        self.redraw()

    def action_subscribe(self) -> None:
        self._mend(self._subscribe())

    async def _subscribe(self) -> None:
        async with world_of(self._webhook.onboarding) as world:
            finding = await subscribe_waba(world)
        self._met = finding if finding.status is not Status.PASS else None
        await self._ask_one("subscription")
        self._conclude()
        if self._met is None and self._report.primary is not None:
            await self._ask_until_well()

    # Going elsewhere.

    def action_rotate(self) -> None:
        self.dismiss(ROTATE)

    def action_webhook(self) -> None:
        self.dismiss(WEBHOOK)

    def action_go(self) -> None:
        self.dismiss(self._findings[0].step)

    def action_open(self) -> None:
        page, onboarding = page_of(self._findings[0]), self._webhook.onboarding
        self.run_worker(show_portal_page(self.app, onboarding, page), group="browser")

    def action_copy(self) -> None:
        text = report_text(self._report, self._webhook.onboarding.world)
        copy(self.app, text, "The full report, without secrets, safe to share.")

    def action_scroll(self, by: int) -> None:
        self.query_one(FindingPanel).scroll_relative(y=by, animate=False)

    @property
    def _idle(self) -> bool:
        return not self._ladder.asking and self._webhook.job is None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not is_drawn(self):
            return True  # not composed yet, or being left
        return is_offered(
            action,
            self._findings[0] if self._findings else None,
            self._offered,
            is_idle=self._idle,
            rotates=self._rotates,
            renews=self._renews,
            has_results=bool(self._ladder.found),
        )
