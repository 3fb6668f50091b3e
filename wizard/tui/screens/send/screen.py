"""A message out: written, looked over, sent on a second enter, and followed to the phone."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from wizard.findings import Finding, Status
from wizard.journeys.messages.messages import Draft
from wizard.tui.controllers.draft_tester import Bench
from wizard.tui.controllers.webhook import Live
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.page import show_page
from wizard.tui.dialogs.pin import PinModal
from wizard.tui.footer_keys import Keys
from wizard.tui.screens.doctor.screen import WEBHOOK, DoctorScreen
from wizard.tui.screens.send.message_fixes import Remedy, remedies
from wizard.tui.screens.send.message_form import LetterForm, LetterView, letter_of, notes_on
from wizard.tui.screens.send.status_view import TrackView
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.finding_panel import Told, VerdictView
from wizard.tui.widgets.key_line import KeyLine
from wizard.values.credentials import CREDENTIALS, Secret

_TICK = 1.0
"""Seconds between two looks at whether Meta has kept silent for long."""
_KEYS = {"ctrl+t": "^t"}
_WHICH = "Approved for this account:"
_NONE_LISTED = "None is approved for this account, or Meta does not list them."
_UNHEARD = Content.from_markup(
    "!  Meta calls no webhook of ours, so it can't be followed.  "
    "[bold $accent]w[/] [$foreground]opens one[/]"
)


class SendScreen(Screen[str | None]):
    """Nothing is sent before the recipient stands on the screen and a key is pressed for it.
    Returns the id of a step to go to, or the name of a room, if any."""

    CSS_PATH = "send.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "look_over", "look it over"),
        Binding("enter", "send", "send"),
        Binding("ctrl+g", "give", "fill in", key_display="^g"),
        Binding("ctrl+t", "choose", "template", key_display="^t"),
        Binding("f", "other", "other form"),
        Binding("t", "template", "template"),
        Binding("a", "again", "again"),
        Binding("r", "register", "register"),
        Binding("n", "anew", "new message"),
        Binding("w", "webhook", "webhook"),
        Binding("d", "doctor", "doctor"),
        Binding("o", "open", "page"),
        Binding("g", "step", "step"),
        Binding("escape", "back", "back", key_display="esc"),
        Binding("up", "scroll(-1)", "up", show=False),
        Binding("down", "scroll(1)", "down", show=False),
        Binding("pageup", "scroll(-10)", "page up", show=False),
        Binding("pagedown", "scroll(10)", "page down", show=False),
    ]

    def __init__(self, live: Live, bench: Bench) -> None:
        super().__init__()
        self._live = live
        self._bench = bench
        self._sending = live.sending
        self._keys = Keys(self)
        self._draft: Draft | None = None
        self._wrong = False
        self._armed = False

    def compose(self) -> ComposeResult:
        yield Chips(self._live.onboarding.world.profile)
        with VerticalScroll(id="send", can_focus=False):
            with Horizontal(id="send-head"):
                yield Static("Send a message", id="send-title")
                yield Static(id="errand", markup=False)
            yield LetterForm(self._sending.to, self._sending.text)
            yield LetterView()
            yield TrackView()
            yield Static(id="unheard")
            yield VerdictView()
        yield KeyLine()

    def on_mount(self) -> None:
        self._live.watch(self.redraw)
        self.set_interval(_TICK, self._tick)
        if self._sending.track is None:
            self._sending.ask()
            self.query_one(LetterForm).to.focus()
        self.redraw()

    def on_unmount(self) -> None:
        self._live.unwatch(self.redraw)

    def _tick(self) -> None:
        track = self._sending.track
        if track is not None and not track.is_over:
            self.redraw()

    def redraw(self) -> None:
        """Draws everything as it is now."""
        live, sending = self._live, self._sending
        if not self.query(VerdictView):
            return  # this screen is being left
        self.query_one(Chips).show({name: live.onboarding.chip(name) for name in CREDENTIALS})
        busy = f"◌ {sending.errand} …" if sending.errand else ""
        self.query_one("#errand", Static).update(busy)
        form = self.query_one(LetterForm)
        form.display = self._is_written
        if self._is_written:
            form.show(notes_on(sending, complain=self._wrong))
        self.query_one(LetterView).show(letter_of(sending, self._draft, seen=self._armed))
        self.query_one(TrackView).show(sending.track, heard=live.hears_meta)
        self._draw_unheard()
        verdict = self.query_one(VerdictView)
        verdict.display = bool(self._findings)
        keys = [(_KEYS.get(one.key, one.key), one.does) for one in self._remedies]
        self.call_next(verdict.show, Told(self._findings, tuple(keys)))
        self._keys.refresh()

    def _draw_unheard(self) -> None:
        track, line = self._sending.track, self.query_one("#unheard", Static)
        taken = track is not None and track.id is not None and not track.is_over
        line.display = (taken or self._draft is not None) and not self._live.hears_meta
        line.update(_UNHEARD)

    # How things stand.

    @property
    def _is_written(self) -> bool:
        """Whether the fields are on the screen."""
        return self._draft is None and self._sending.track is None

    @property
    def _findings(self) -> tuple[Finding, ...]:
        """What is told below, without what was not even tried."""
        told = self._sending.findings
        return tuple(finding for finding in told if finding.status is not Status.SKIP)

    @property
    def _remedies(self) -> tuple[Remedy, ...]:
        return remedies(self._findings[0], self._sending) if self._findings else ()

    # Writing.

    @on(LetterForm.Changed)
    def letter_changed(self, event: LetterForm.Changed) -> None:
        self._sending.to, self._sending.text = event.to, event.text
        self._wrong = False
        self.redraw()

    @on(LetterForm.Submitted)
    def letter_submitted(self) -> None:
        if self._is_written:
            self.action_look_over()

    def action_look_over(self) -> None:
        """Shows what is about to be sent."""
        sending = self._sending
        if sending.sender is None:
            sending.ask()
        if (draft := sending.draft) is None:
            self._wrong = True
            self.query_one(LetterForm).to.focus()
            self.redraw()
        else:
            self._show(draft)

    def action_send(self) -> None:
        if self._draft is not None and self._may_send:
            draft, self._draft = self._draft, None
            self._sending.send(draft)

    def _show(self, draft: Draft) -> None:
        """Puts it on the screen. What is pressed before it can be seen counts for nothing."""
        self._draft, self._armed = draft, False
        self.set_focus(None)
        self.redraw()
        self.call_after_refresh(self._arm)

    def _arm(self) -> None:
        self._armed = True
        self.redraw()

    @property
    def _may_send(self) -> bool:
        seen = self._draft is not None and self._armed
        return seen and self._sending.sender is not None and self._sending.errand is None

    def action_give(self) -> None:
        if (offer := self._sending.offer) is not None:
            self.query_one(LetterForm).put(offer.to)

    def action_choose(self) -> None:
        self.run_worker(self._choose(), group="choose", exclusive=True)

    async def _choose(self) -> None:
        listed = await self._sending.templates()
        if not listed:
            self.notify(_NONE_LISTED, title="No template", severity="warning")
            return
        answers = [(str(n), f"{one.name} ({one.language})") for n, one in enumerate(listed)]
        answer = await self.app.push_screen_wait(ChoiceModal("Which template?", _WHICH, answers))
        if answer is None:
            return
        sending, track = self._sending, self._sending.track
        template = sending.template = listed[int(answer)]
        self.query_one(LetterForm).put_text("")
        if track is not None:
            sending.anew()
            self._show(Draft(track.draft.to, None, template.name, template.language))
        self.redraw()

    # Mending.

    def action_other(self) -> None:
        self._cure("other")

    def action_template(self) -> None:
        self._cure("template")

    def action_again(self) -> None:
        self._cure("again")

    def _cure(self, action: str) -> None:
        remedy = next((one for one in self._remedies if one.action == action), None)
        if remedy is None or remedy.draft is None:
            return
        if remedy.asks:
            self._sending.anew()
            self._show(remedy.draft)
        else:
            self._sending.send(remedy.draft)

    def action_register(self) -> None:
        if (number := self._sending.sender) is not None:
            self.app.push_screen(PinModal(number.about), self._register)

    def _register(self, pin: Secret | None) -> None:
        if pin is not None:
            self._sending.register(pin)

    def action_anew(self) -> None:
        self._sending.anew()
        self._write()

    def _write(self) -> None:
        self._draft = None
        self.redraw()
        self.query_one(LetterForm).to.focus()

    # Going elsewhere.

    def action_back(self) -> None:
        if self._draft is not None:
            self._write()
        else:
            self.dismiss(None)

    def action_webhook(self) -> None:
        self.app.push_screen(WebhookScreen(self._live, self._bench), self._came_back)

    def action_doctor(self) -> None:
        self.app.push_screen(DoctorScreen(self._live, self._bench), self._came_back)

    def _came_back(self, where: str | None) -> None:
        if where == WEBHOOK:
            self.action_webhook()
        elif where is not None:
            self.dismiss(where)

    def action_step(self) -> None:
        self.dismiss(self._findings[0].step)

    def action_open(self) -> None:
        self.run_worker(show_page(self.app, self._findings[0].url or ""), group="browser")

    def action_scroll(self, by: int) -> None:
        self.query_one("#send").scroll_relative(y=by, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not self.query(VerdictView):
            return True  # not composed yet, or being left
        sending, told = self._sending, next(iter(self._findings), None)
        idle, track = sending.errand is None, sending.track
        cures = {remedy.action for remedy in self._remedies}
        may_register = self._is_written or "register" in cures
        conditions = {
            "look_over": self._is_written,
            "send": self._may_send,
            "give": self._is_written and sending.offer is not None,
            "choose": idle and (self._is_written or "choose" in cures),
            **{action: action in cures for action in ("other", "template", "again")},
            "register": idle and sending.sender is not None and may_register,
            "anew": idle and track is not None,
            "webhook": not self._live.hears_meta,
            "doctor": track is not None and track.id is not None and not track.is_over,
            "open": told is not None and told.url is not None,
            "step": told is not None and told.step is not None,
        }
        return conditions.get(action, True)
