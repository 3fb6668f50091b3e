"""The doctor: every rung from the keyring to Meta's record, the one cause, and its cure."""

from __future__ import annotations

import asyncio
import time
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Static

from wizard.checks import run_checks
from wizard.checks.check import RUNGS
from wizard.findings import SIGNS, Finding, Report, Status
from wizard.journeys.diagnosis import (
    Ladder,
    QuickFix,
    label,
    quick_fixes,
    report_text,
    worst_first,
)
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.journeys.onboarding.token_expiry import Expiry, expiry_at
from wizard.journeys.webhook.subscription import subscribe_waba
from wizard.tui.clipboard import copy
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.page import show_page
from wizard.tui.dialogs.tunnel import register
from wizard.tui.places import WEBHOOK
from wizard.tui.screens.doctor.ladder import LadderView
from wizard.tui.screens.url_doctor.screen import UrlDoctorScreen
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.finding_panel import FindingPanel, PanelContent
from wizard.tui.widgets.key_line import KeyLine
from wizard.values.credentials import CREDENTIALS
from wizard.world import World

_PAUSES = (2.0, 4.0, 8.0)
"""Seconds before all is tested again after something was mended."""
_QUESTION = "Why does my webhook not verify?"
_WELL = "✓  No problems found from this machine."
_LIVE = "Sends test messages to the callback URL. Your server's code runs on them."
_LETS_META_CALL = (
    "Meta sends a real verification request and reports any error. The settings don't change."
)


class DoctorScreen(Screen[str | None]):
    """Returns where to go from here: the id of a step, or `WEBHOOK`."""

    CSS_PATH = "doctor.tcss"
    AUTO_FOCUS = "#ladder"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "again", "run all", tooltip="Run all checks"),
        Binding("r", "register", "register", tooltip="Register with Meta"),
        Binding("r", "rotate", "replace token", tooltip="Replace the access token"),
        Binding("s", "subscribe", "subscribe", tooltip="Subscribe the app to the WABA"),
        Binding("p", "restore", "restore", tooltip="Restore the previous URL"),
        Binding("w", "renew", "new address", tooltip="Open a new address and register it"),
        Binding("u", "url", "other URL", show=False, tooltip="Diagnose another URL"),
        Binding("w", "webhook", "webhook", show=False, tooltip="Open the webhook"),
        Binding("o", "open", "open page", tooltip="Open the page"),
        Binding("g", "go", "go to step", tooltip="Go to the fix"),
        Binding("y", "copy", "copy report", tooltip="Copy the report"),
        Binding("escape", "dismiss(None)", "back", key_display="esc"),
    ]

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
                yield Static(_QUESTION, id="why")
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
        if not self.query(FindingPanel):
            return  # this screen is being left
        self.query_one(Chips).show({name: onboarding.chip(name) for name in CREDENTIALS})
        self.query_one("#asked", Static).update(self._progress)
        self.query_one("#why", Static).update(self._title)
        self.query_one(LadderView).show(self._ladder, self._life)
        self._tell()

    def _tell(self) -> None:
        told = self._told.in_layout(layout_of(self._webhook.onboarding))
        self.call_next(self.query_one(FindingPanel).show, told)
        self.refresh_bindings()

    @property
    def _life(self) -> Expiry | None:
        """How long the access token has to live, as it was found to have."""
        said = self._ladder.found.get("access_token", ())
        facts = next((finding.facts for finding in said if finding.facts), None)
        world = self._webhook.onboarding.world
        return expiry_at(facts.kind, facts.expires_at, world) if facts else None

    @property
    def _title(self) -> str:
        """The question, until it is answered."""
        if self._ladder.asking or not self._ladder.found:
            return _QUESTION
        primary = self._report.primary
        return f"{SIGNS[primary.status]}  {primary.title}" if primary else _WELL

    @property
    def _progress(self) -> str:
        if self._webhook.job is not None:
            return f"◌ {self._webhook.job} …"
        asking, asked = bool(self._ladder.asking), len(self._ladder.found)
        if self._again is not None:
            what = label(self._again)
            now, then = f"checking {what} again", f"{what} checked again"
        else:
            now, then = f"{asked} of {len(self._ladder.rungs)} checked", f"{asked} checked"
        return f"◌ {now}" if asking else f"{then} · {self._seconds:.1f} s"

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
            return PanelContent(findings, tuple(self._keys(findings[0])))
        if self._marked is not None:
            return PanelContent(line="Nothing was checked here.")
        if self._ladder.asking or not self._ladder.found:
            return PanelContent(line=_LIVE if "callback" in self._ladder.asking else "")
        hints = (one.title for one in self._ladder.findings if one.status is Status.WARN)
        return PanelContent(line=_WELL, hints=tuple(dict.fromkeys(hints)))

    def _keys(self, finding: Finding) -> list[tuple[str, str]]:
        webhook, wanted = self._webhook, quick_fixes(finding)
        if finding is self._met:
            wanted = (QuickFix.OPEN,)
        opens = "start a tunnel to this machine and register it with Meta"
        register = ("r", f"register {webhook.callback_url} with Meta")
        renew = ("w", opens)
        does = {
            QuickFix.REGISTER: register if webhook.is_open else renew,
            QuickFix.SUBSCRIBE: ("s", "subscribe the app to this WABA"),
            QuickFix.RESTORE: ("p", "puts back the callback URL from before"),
            QuickFix.OPEN: ("w", "open the webhook screen and start it there")
            if finding is self._met
            else renew,
            QuickFix.ROTATE: ("r", "replace the access token"),
        }
        return list(dict.fromkeys(does[cure] for cure in wanted))

    @property
    def _offered(self) -> set[QuickFix]:
        """What can be mended of all that failed."""
        failed = (one for one in self._ladder.findings if one.status is Status.FAIL)
        return {cure for finding in failed for cure in quick_fixes(finding)}

    @property
    def _renews(self) -> bool:
        """Whether a new address would mend something."""
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
        self._met = None
        self.run_worker(self._ask_all(), group="doctor", exclusive=True)

    @on(LadderView.Chosen)
    def rung_chosen(self, event: LadderView.Chosen) -> None:
        if self._idle:
            self._met = None
            self.run_worker(self._ask_again(event.rung), group="doctor", exclusive=True)

    async def _ask_again(self, rung: str) -> None:
        if rung != "handshake" or await self._may_call():
            await self._ask_one(rung)

    async def _may_call(self) -> bool:
        answers = [("call", "Ask Meta"), ("leave", "Cancel")]
        modal = ChoiceModal("Ask Meta to verify again?", _LETS_META_CALL, answers)
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
        async with self._world() as world:
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

    def _world(self) -> World:
        """What is stored, with what is typed over it."""
        onboarding = self._webhook.onboarding
        return onboarding.world.with_values(onboarding.values)

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
        self._met = None
        self.run_worker(self._register(), group="doctor", exclusive=True)

    async def _register(self) -> None:
        if await register(self.app, self._webhook, self._draft_tester):
            self._met = self._webhook.failed
            await self._ask_until_well()

    def action_renew(self) -> None:
        self.run_worker(self._renew(), group="doctor", exclusive=True)

    async def _renew(self) -> None:
        """A new address in place of one that does not work, and Meta told of it."""
        if self._webhook.is_open:
            self._webhook.stop()
            await self._webhook.wait_idle()
        await self._register()

    async def _ask_until_well(self) -> None:
        """What was mended may take Meta a moment: all is tested again, and again, for as long as
        it is still something that can be mended here."""
        for pause in (*_PAUSES, None):
            await self._ask_all()
            primary = self._report.primary
            waits = primary is not None and (
                primary.status is Status.UNKNOWN or bool(quick_fixes(primary))
            )
            if pause is None or self._met is not None or not waits:
                return
            await asyncio.sleep(pause)

    def action_rotate(self) -> None:
        self.dismiss("rotate")

    def action_url(self) -> None:
        self.app.push_screen(UrlDoctorScreen(self._webhook))

    def action_restore(self) -> None:
        self._met = None
        self.run_worker(self._restore(), group="doctor", exclusive=True)

    async def _restore(self) -> None:
        self._webhook.restore()
        await self._webhook.wait_idle()
        failed = self._webhook.failed
        await self._ask_all()
        self._met = failed if QuickFix.RESTORE in self._offered else None
        self.redraw()

    def action_subscribe(self) -> None:
        self._met = None
        self.run_worker(self._subscribe(), group="doctor", exclusive=True)

    async def _subscribe(self) -> None:
        async with self._world() as world:
            finding = await subscribe_waba(world)
        self._met = finding if finding.status is not Status.PASS else None
        await self._ask_one("subscription")
        self._conclude()
        if self._met is None and self._report.primary is not None:
            await self._ask_until_well()

    # Going elsewhere.

    def action_webhook(self) -> None:
        self.dismiss(WEBHOOK)

    def action_go(self) -> None:
        self.dismiss(self._findings[0].step)

    def action_open(self) -> None:
        cause = self._findings[0].in_layout(layout_of(self._webhook.onboarding))
        self.run_worker(show_page(self.app, cause.url or ""), group="browser")

    def action_copy(self) -> None:
        text = report_text(self._report, self._webhook.onboarding.world)
        copy(self.app, text, "The full report, without secrets, safe to share.")

    def action_scroll(self, by: int) -> None:
        self.query_one(FindingPanel).scroll_relative(y=by, animate=False)

    @property
    def _idle(self) -> bool:
        return not self._ladder.asking and self._webhook.job is None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.query(FindingPanel):
            return True  # not composed yet, or being left
        told = self._findings[0] if self._findings else None
        conditions = {
            "register": self._idle and QuickFix.REGISTER in self._offered and not self._rotates,
            "rotate": self._idle and self._rotates,
            "renew": self._idle and self._renews,
            "restore": self._idle and QuickFix.RESTORE in self._offered,
            "subscribe": self._idle and QuickFix.SUBSCRIBE in self._offered,
            "again": self._idle,
            "copy": self._idle and bool(self._ladder.found),
            "open": told is not None and told.url is not None,
            "go": told is not None and told.step is not None,
        }
        return conditions.get(action, True)
