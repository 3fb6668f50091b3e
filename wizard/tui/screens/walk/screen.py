"""The walk: rail, chips, and the step with its fields."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.portal_layout import choose_layout
from wizard.tui.controllers.draft_tester import DraftTester, PasteRejected
from wizard.tui.controllers.token_offer import TokenOffer
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.jump import JumpModal
from wizard.tui.dialogs.paste_choice import settle_paste
from wizard.tui.dialogs.portal_page import PageAction, copy_portal_page, show_portal_page
from wizard.tui.footer_keys import FooterKeys, is_drawn
from wizard.tui.navigation import DESTINATIONS
from wizard.tui.places import ROTATE
from wizard.tui.screens.walk import layout_choice
from wizard.tui.screens.walk.actions import is_offered
from wizard.tui.screens.walk.bindings import WALK_BINDINGS
from wizard.tui.screens.walk.failure_toasts import FailureToasts
from wizard.tui.screens.walk.fields import StepFields
from wizard.tui.screens.walk.frame import walk_frame
from wizard.tui.screens.walk.lines import at_last_page, show_life, show_webhook
from wizard.tui.screens.walk.number_keys import use_numbered
from wizard.tui.screens.walk.offer_line import OfferLine, take_offer
from wizard.tui.screens.walk.rail import Rail, short_rail
from wizard.tui.screens.walk.step import StepView
from wizard.tui.screens.walk.webhook_line import WebhookLine
from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.chips import Chips, CredentialChips
from wizard.tui.widgets.expiry import ExpiryLine
from wizard.tui.widgets.field import Field
from wizard.tui.widgets.once import Screen, Static
from wizard.tui.widgets.page_link import PageLink
from wizard.values.credentials import CREDENTIALS
from wizard.walk import Walk

IN_MEMORY = "In memory only: values are lost when you leave."


class WalkScreen(Screen[None]):
    """One step at a time; everything typed is tested beside the reading."""

    CSS_PATH = "walk.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [*WALK_BINDINGS]

    def __init__(self, onboarding: Onboarding, webhook: WebhookController) -> None:
        super().__init__()
        self.onboarding = onboarding
        self.webhook = webhook
        self.draft_tester = DraftTester(self, onboarding, self.redraw_soon)
        self._keys = FooterKeys(self)
        self._due = False
        self._announcements = FailureToasts(self, onboarding)
        self._view: StepView | None = None
        self._expiry, self._webhook_line = ExpiryLine(brief=True), WebhookLine()
        self._drawing = asyncio.Lock()
        self.offer = TokenOffer(self, onboarding, self.redraw_soon)
        self._only_open = False
        self.fields = StepFields(self, onboarding, self.draft_tester, lambda: self._view)

    def compose(self) -> ComposeResult:
        return walk_frame(self.onboarding.world.profile, self._expiry, self._webhook_line)

    async def on_mount(self) -> None:
        self.notice("")
        for lines in (self._show_wire, self._show_life):
            self.webhook.add_listener(lines)
            self.watch(self, "focused", lines, init=False)
            self.bindings_updated_signal.subscribe(self, lambda _, lines=lines: lines())
        await self._show_step()

    async def loaded(self, stored_in: str) -> None:
        """The stored values are there: the step is drawn with them, and all are tested."""
        self.draft_tester.stored_in = stored_in
        await self._show_step()
        if any(True for _ in self.onboarding.values.present()):
            self._announcements.due = True
            self.draft_tester.test()

    def show_notice(self) -> None:
        """What has to stay in sight, if anything."""
        here = self.onboarding
        self.notice(IN_MEMORY if here.in_memory else here.notice or here.left)

    def notice(self, text: str) -> None:
        """A line above the step; an empty one goes."""
        for line in self.query("#notice").results(Static):  # gone while one is leaving
            line.update(text)
            line.display = bool(text)

    def redraw_soon(self) -> None:
        """Draws everything once, however many events of a test come in one breath."""
        if not self._due:
            self._due = True
            self.call_later(self.redraw)

    def redraw(self) -> None:
        """Draws chips, rail and outcomes as they are now."""
        self._due = False
        if not is_drawn(self):
            return  # the app is closing, and a test beside it has not ended yet
        self.offer.look()
        self.webhook.apply_stored_values()
        self.webhook.notify_listeners()
        self._show_life()
        if not self.draws_later(self.redraw):
            self._draw()

    def _draw(self) -> None:
        onboarding, view = self.onboarding, self._view
        chips = {name: onboarding.chip(name) for name in CREDENTIALS}
        self.query_one(Chips).show(chips)
        self.query_one(Rail).show(onboarding.walk)
        self.query_one("#short-rail", Static).update(short_rail(onboarding.walk), layout=False)
        if view is not None:
            view.show_page(onboarding.values.app_id)
        self.fields.show(chips)
        self.query_one(OfferLine).show(self.offer)
        self._keys.refresh()

    def _show_wire(self) -> None:
        if not self.draws_later(self.redraw):
            show_webhook(self._webhook_line, self.webhook, typing=self._typing)

    def _show_life(self) -> None:
        self._announcements.check()
        if not self.draws_later(self.redraw):
            show_life(self._expiry, self._view, self.onboarding, typing=self._typing)

    # Moving about.

    async def action_next(self) -> None:
        """The next step; where values were learned from a token, the next that yields one."""
        if self.offer.is_open:
            self.run_worker(self._take_offer(), group="offer-taken", exclusive=True)
            return
        walk = self.onboarding.walk
        at_end = walk.at_end
        await self._go(walk.next_open() if self._only_open else walk.next())
        if at_end:
            self.notify(at_last_page(self.onboarding))

    async def action_next_step(self) -> None:
        await self._go(self.onboarding.walk.next())

    async def _take_offer(self) -> None:
        """Takes what the token leads to, and goes on; who came by the token, and not step by step,
        then sees only what still yields something."""
        if values := await take_offer(self.app, self.offer):
            self._only_open = self._only_open or self.onboarding.walk.has_gaps
            self.fields.take(values)
            await self.action_next()

    def action_decline(self) -> None:
        self.offer.decline()
        self.redraw()

    async def action_back(self) -> None:
        await self._go(self.onboarding.walk.back())

    async def action_skip(self) -> None:
        await self._go(self.onboarding.walk.skip())

    async def action_take_up(self) -> None:
        await self._go(self.onboarding.walk.take_up())

    def action_jump(self) -> None:
        self.app.push_screen(JumpModal(), self.jump)

    async def jump(self, id_: str | None) -> None:
        if id_ is not None:
            await self._go(self.onboarding.walk.jump(id_))

    @on(Rail.Chosen)
    async def rail_chosen(self, event: Rail.Chosen) -> None:
        await self.jump(event.step)

    @on(CredentialChips.Chosen)
    async def chip_chosen(self, event: CredentialChips.Chosen) -> None:
        await self.jump(CREDENTIALS[event.credential].step)

    async def _go(self, walk: Walk) -> None:
        moved = walk.at != self.onboarding.walk.at
        self.onboarding.walk = walk
        if moved:
            self.fields.forget()
            await self._show_step()
        else:
            self.redraw()
        self.run_worker(self._save(), group="save")

    async def _save(self) -> None:
        await self.onboarding.save()
        self.show_notice()

    async def _show_step(self) -> None:
        """Puts the step on screen; events that come in meanwhile find no half of one."""
        async with self._drawing:
            self._view = None
            view = self.query_one(StepView)
            with self.app.batch_update():
                self.set_focus(None)
                await view.show(layout_choice.open_step(self.onboarding))
                if not view.is_attached:
                    return  # one has left meanwhile
                self._view = view
                self.redraw()
        if (capture := self.fields.next_required) is not None:
            capture.focus_field(scroll=False)

    # The portal's layout, and the page of the step.

    async def action_other_layout(self) -> None:
        await layout_choice.choose_other(self, self.onboarding, self.action_choose_layout)

    async def action_choose_layout(self, name: str | None) -> None:
        if name is not None:
            await choose_layout(self.onboarding, name)
            await self._show_step()

    @on(PageLink.Opened)
    def action_open(self) -> None:
        self.run_worker(self._with_page(show_portal_page), group="browser")

    def action_numbered(self, number: int) -> None:
        """Opens or copies what has this number at the step."""
        use_numbered(self.app, self._view.numbered if self._view else (), number)

    def action_copy(self) -> None:
        self.run_worker(self._with_page(copy_portal_page), group="browser")

    async def _with_page(self, does: PageAction) -> None:
        if await layout_choice.use_page(self.app, self.onboarding, does):
            await self._show_step()

    # Values.

    def action_give(self, _demo: bool = False) -> None:
        self.fields.suggest()

    def action_edit(self) -> None:
        self.fields.edit()

    def action_undo(self) -> None:
        self.fields.undo()

    def action_move_value(self) -> None:
        self.fields.move()

    def action_keep(self) -> None:
        self.draft_tester.store_untested(self.onboarding.walk.step.fields)

    def action_test(self) -> None:
        self.draft_tester.test()

    def on_paste(self, event: events.Paste) -> None:
        """A paste outside a field belongs to the first field of the step, or renews what it may."""
        if self._view and self._view.captures:
            self._view.captures[0].take_paste(event)
        elif self.onboarding.walk.step.renews:
            self.action_visit(ROTATE)
            self.app.screen.post_message(events.Paste(event.text))

    @on(Capture.Changed)
    def capture_changed(self, event: Capture.Changed) -> None:
        self.fields.changed(event)

    @on(Capture.Submitted)
    async def capture_submitted(self, event: Capture.Submitted) -> None:
        if self.fields.submitted(event.name):
            return
        if not self.fields.focus_next_after(event.name):
            await self.action_next()

    @on(Capture.Bundle)
    def capture_bundle(self, event: Capture.Bundle) -> None:
        self.run_worker(self._take_bundle(event), group="paste")

    async def _take_bundle(self, event: Capture.Bundle) -> None:
        if found := await settle_paste(self.app, self.onboarding, event):
            self.fields.bundle(found)

    @on(Capture.Chosen)
    def capture_chosen(self, event: Capture.Chosen) -> None:
        self.fields.choose(event.choice)

    @on(PasteRejected)
    def paste_rejected(self, event: PasteRejected) -> None:
        self.fields.rejected(event.findings)

    # Other rooms, and the rest.

    @on(WebhookLine.Opened)
    def wire_opened(self) -> None:
        self.action_visit("webhook")

    def action_visit(self, room: str, _anywhere: bool = False) -> None:
        self.app.push_screen(DESTINATIONS[room].opens(self.webhook, self.draft_tester), self.back)

    async def back(self, where: str | None) -> None:
        """Goes on to where the room sends one: another room, or a step."""
        if where in DESTINATIONS:
            self.action_visit(where)
            return
        await self._show_step()  # a value may be another one now
        self.show_notice()
        await self.jump(where)

    def action_scroll(self, by: int) -> None:
        if self._view:
            self._view.scroll_text(by)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "decline":
            return self.offer.is_open
        return is_offered(action, parameters, self.onboarding, self.draft_tester, self.fields)

    @property
    def _typing(self) -> bool:
        """Whether letters go into a field."""
        return isinstance(self.focused, Field) and not self.focused.is_locked
