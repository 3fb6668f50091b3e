"""A message out: written, looked over, sent on a second enter, and followed to the phone."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from wizard.findings import Finding, Status
from wizard.journeys.messages.messages import MessageDraft
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.pin import PinModal
from wizard.tui.dialogs.portal_page import page_of, show_portal_page
from wizard.tui.footer_keys import FooterKeys, is_drawn
from wizard.tui.places import WEBHOOK
from wizard.tui.screens.doctor.screen import DoctorScreen
from wizard.tui.screens.send.message_fixes import MessageFix, message_fixes
from wizard.tui.screens.send.message_form import (
    MessageForm,
    MessagePreview,
    form_hints,
    preview_content,
)
from wizard.tui.screens.send.status_view import StatusView
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.finding_panel import FindingPanel, PanelContent
from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Horizontal, Screen, Static, VerticalScroll
from wizard.values.credentials import CREDENTIALS, Secret

_TICK = 1.0
"""Seconds between two looks at whether Meta has kept silent for long."""
_KEYS = {"ctrl+t": "^t"}
_WHICH = "Approved for this WABA:"
_NONE_LISTED = "None is approved for this WABA, or Meta doesn't list them."
_UNHEARD = Content.from_markup(
    "!  No webhook of this wizard is registered, so delivery can't be tracked.  [bold $accent]w[/] "
    "[$foreground]start one[/]"
)


class SendScreen(Screen[str | None]):
    """Nothing is sent before the recipient stands on the screen and a key is pressed for it.
    Returns the id of a step to go to, or the name of a room, if any."""

    CSS_PATH = "send.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "look_over", "review", tooltip="Review the message"),
        Binding("enter", "send", "send", tooltip="Send the message"),
        Binding("ctrl+g", "give", "fill in", key_display="^g", tooltip="Use the last sender"),
        Binding("ctrl+t", "choose", "templates", key_display="^t", tooltip="Choose a template"),
        Binding("f", "other", "other format", tooltip="Use the other format"),
        Binding("t", "template", "use template", tooltip="Send the template instead"),
        Binding("a", "again", "resend", tooltip="Send again"),
        Binding("r", "register", "register", tooltip="Register the sending number"),
        Binding("n", "anew", "new message", tooltip="Write a new message"),
        Binding("w", "webhook", "webhook", tooltip="Open the webhook"),
        Binding("d", "doctor", "doctor", tooltip="Run the doctor"),
        Binding("o", "open", "open page", tooltip="Open the page"),
        Binding("g", "step", "go to step", tooltip="Go to the fix"),
        Binding("escape", "back", "back", key_display="esc"),
        Binding("up", "scroll(-1)", "up", show=False),
        Binding("down", "scroll(1)", "down", show=False),
        Binding("pageup", "scroll(-10)", "page up", show=False),
        Binding("pagedown", "scroll(10)", "page down", show=False),
    ]

    def __init__(self, webhook: WebhookController, draft_tester: DraftTester) -> None:
        super().__init__()
        self._webhook = webhook
        self._draft_tester = draft_tester
        self._message = webhook.message
        self._keys = FooterKeys(self)
        self._draft: MessageDraft | None = None
        self._wrong = False
        self._armed = False

    def compose(self) -> ComposeResult:
        yield Chips(self._webhook.onboarding.world.profile)
        with VerticalScroll(id="send", can_focus=False):
            with Horizontal(id="send-head"):
                yield Static("Send a message", id="send-title")
                yield Static(id="errand", markup=False)
            yield MessageForm(self._message.to, self._message.text)
            yield MessagePreview()
            yield StatusView()
            yield Static(id="unheard")
            yield FindingPanel()
        yield KeyLine()

    def on_mount(self) -> None:
        self._webhook.add_listener(self.redraw)
        self.set_interval(_TICK, self._tick)
        if self._message.tracker is None:
            self._message.ask()
            self.query_one(MessageForm).to.focus()
        self.redraw()

    def on_unmount(self) -> None:
        self._webhook.remove_listener(self.redraw)

    def _tick(self) -> None:
        track = self._message.tracker
        if track is not None and not track.is_over:
            self.redraw()

    def redraw(self) -> None:
        """Draws everything as it is now."""
        webhook, sending = self._webhook, self._message
        if not is_drawn(self):
            return  # this screen is being left
        self.query_one(Chips).show({name: webhook.onboarding.chip(name) for name in CREDENTIALS})
        busy = f"◌ {sending.job} …" if sending.job else ""
        self.query_one("#errand", Static).update(busy, layout=False)
        form = self.query_one(MessageForm)
        form.display = self._is_written
        if self._is_written:
            form.show(form_hints(sending, complain=self._wrong))
        self.query_one(MessagePreview).show(preview_content(sending, self._draft, seen=self._armed))
        self.query_one(StatusView).show(sending.tracker, heard=webhook.hears_meta)
        self._draw_unheard()
        verdict = self.query_one(FindingPanel)
        verdict.display = bool(self._findings)
        keys = [(_KEYS.get(one.key, one.key), one.does) for one in self._remedies]
        told = PanelContent(self._findings, tuple(keys)).in_layout(layout_of(webhook.onboarding))
        self.call_next(verdict.show, told)
        self._keys.refresh()

    def _draw_unheard(self) -> None:
        track, line = self._message.tracker, self.query_one("#unheard", Static)
        taken = track is not None and track.id is not None and not track.is_over
        line.display = (taken or self._draft is not None) and not self._webhook.hears_meta
        line.update(_UNHEARD)

    # How things stand.

    @property
    def _is_written(self) -> bool:
        """Whether the fields are on the screen."""
        return self._draft is None and self._message.tracker is None

    @property
    def _findings(self) -> tuple[Finding, ...]:
        """What is told below, without what was not even tried."""
        told = self._message.findings
        return tuple(finding for finding in told if finding.status is not Status.SKIP)

    @property
    def _remedies(self) -> tuple[MessageFix, ...]:
        return message_fixes(self._findings[0], self._message) if self._findings else ()

    # Writing.

    @on(MessageForm.Changed)
    def letter_changed(self, event: MessageForm.Changed) -> None:
        self._message.to, self._message.text = event.to, event.text
        self._wrong = False
        self.redraw()

    @on(MessageForm.Submitted)
    def letter_submitted(self) -> None:
        if self._is_written:
            self.action_look_over()

    def action_look_over(self) -> None:
        """Shows what is about to be sent."""
        sending = self._message
        if sending.sender is None:
            sending.ask()
        if (draft := sending.draft) is None:
            self._wrong = True
            self.query_one(MessageForm).to.focus()
            self.redraw()
        else:
            self._show(draft)

    def action_send(self) -> None:
        if self._draft is not None and self._may_send:
            draft, self._draft = self._draft, None
            self._message.send(draft)

    def _show(self, draft: MessageDraft) -> None:
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
        return seen and self._message.sender is not None and self._message.job is None

    def action_give(self) -> None:
        if (offer := self._message.suggested_recipient) is not None:
            self.query_one(MessageForm).put(offer.to)

    def action_choose(self) -> None:
        self.run_worker(self._choose(), group="choose", exclusive=True)

    async def _choose(self) -> None:
        listed = await self._message.templates()
        if not listed:
            self.notify(_NONE_LISTED, title="No template", severity="warning")
            return
        answers = [(str(n), f"{one.name} ({one.language})") for n, one in enumerate(listed)]
        answer = await self.app.push_screen_wait(ChoiceModal("Which template?", _WHICH, answers))
        if answer is None:
            return
        sending, track = self._message, self._message.tracker
        template = sending.template = listed[int(answer)]
        self.query_one(MessageForm).put_text("")
        if track is not None:
            sending.start_again()
            self._show(MessageDraft(track.draft.to, None, template.name, template.language))
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
            self._message.start_again()
            self._show(remedy.draft)
        else:
            self._message.send(remedy.draft)

    def action_register(self) -> None:
        if (number := self._message.sender) is not None:
            self.app.push_screen(PinModal(number.about), self._register)

    def _register(self, pin: Secret | None) -> None:
        if pin is not None:
            self._message.register(pin)

    def action_anew(self) -> None:
        self._message.start_again()
        self._write()

    def _write(self) -> None:
        self._draft = None
        self.redraw()
        self.query_one(MessageForm).to.focus()

    # Going elsewhere.

    def action_back(self) -> None:
        if self._draft is not None:
            self._write()
        else:
            self.dismiss(None)

    def action_webhook(self) -> None:
        self.app.push_screen(WebhookScreen(self._webhook, self._draft_tester), self._came_back)

    def action_doctor(self) -> None:
        self.app.push_screen(DoctorScreen(self._webhook, self._draft_tester), self._came_back)

    def _came_back(self, where: str | None) -> None:
        if where == WEBHOOK:
            self.action_webhook()
        elif where is not None:
            self.dismiss(where)

    def action_step(self) -> None:
        self.dismiss(self._findings[0].step)

    def action_open(self) -> None:
        page = page_of(self._findings[0])
        opening = show_portal_page(self.app, self._webhook.onboarding, page)
        self.run_worker(opening, group="browser")

    def action_scroll(self, by: int) -> None:
        self.query_one("#send").scroll_relative(y=by, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if not is_drawn(self):
            return True  # not composed yet, or being left
        sending, told = self._message, next(iter(self._findings), None)
        idle, track = sending.job is None, sending.tracker
        cures = {remedy.action for remedy in self._remedies}
        may_register = self._is_written or "register" in cures
        conditions = {
            "look_over": self._is_written,
            "send": self._may_send,
            "give": self._is_written and sending.suggested_recipient is not None,
            "choose": idle and (self._is_written or "choose" in cures),
            **{action: action in cures for action in ("other", "template", "again")},
            "register": idle and sending.sender is not None and may_register,
            "anew": idle and track is not None,
            "webhook": not self._webhook.hears_meta,
            "doctor": track is not None and track.id is not None and not track.is_over,
            "open": told is not None and told.url is not None,
            "step": told is not None and told.step is not None,
        }
        return conditions.get(action, True)
