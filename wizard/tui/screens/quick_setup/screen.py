"""The short way: a token and an App Secret are pasted, and the rest is found with them."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.timer import Timer

from wizard.guide import guide
from wizard.journeys.discovery.quick_setup import QuickSetup, QuickSetupStage
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.tui.controllers.draft_tester import PAUSE, DraftTester
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.paste_choice import settle_paste
from wizard.tui.dialogs.portal_page import PageAction, copy_portal_page, show_portal_page
from wizard.tui.footer_keys import FooterKeys, is_drawn
from wizard.tui.screens.quick_setup.confirmation_view import NextSteps
from wizard.tui.screens.quick_setup.number_picker import NumberPicker
from wizard.tui.screens.quick_setup.quick_setup_view import SECRET, TOKEN, WABA, QuickSetupView
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Screen
from wizard.values.credentials import CREDENTIALS
from wizard.values.shapes import Shape, check_shape

_LONG = 16
_PAGES = {
    QuickSetupStage.TOKEN: "7.1",
    QuickSetupStage.LOOKING: "7.1",
    QuickSetupStage.NOTHING: "6.6",
}
"""Whose page is one key away; in all other stages that of the App Secret."""


class QuickSetupScreen(Screen[str | None]):
    """Nothing is stored before the business was named and enter pressed on it. Returns the id of a
    step to go to, or the name of a room, if any."""

    CSS_PATH = "quick_setup.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", "continue", tooltip="Continue"),
        Binding("ctrl+g", "give", "demo value", key_display="^g", tooltip="Use the demo value"),
        Binding("n", "choose", "other number", tooltip="Choose another number"),
        Binding("a", "afresh", "use this app", tooltip="Use the token's app"),
        Binding("t", "again", "retry", tooltip="Test again"),
        Binding(
            "ctrl+s", "keep", "store anyway", key_display="^s", tooltip="Store without passing"
        ),
        Binding("o", "open", "open page", tooltip="Open the page"),
        Binding("ctrl+o", "open", "page", key_display="^o", tooltip="Open the page"),
        Binding("c", "copy", "copy link", tooltip="Copy its URL"),
        Binding("escape", "leave", "back", key_display="esc", tooltip="Back to the guide"),
    ]

    def __init__(self, webhook: WebhookController, draft_tester: DraftTester) -> None:
        super().__init__()
        self._webhook = webhook
        self._draft_tester = draft_tester
        self._onboarding = webhook.onboarding
        self._way = QuickSetup(webhook.onboarding, self.redraw)
        self._keys = FooterKeys(self)
        self._soon: Timer | None = None

    def compose(self) -> ComposeResult:
        yield Chips(self._onboarding.world.profile)
        yield QuickSetupView(self._way.known, layout_of(self._onboarding))
        yield KeyLine()

    def on_mount(self) -> None:
        self._webhook.add_listener(self.redraw)
        self._view.capture(TOKEN).focus_field()
        self.redraw()
        if self._way.known.access_token is not None:
            self._ask()

    def on_unmount(self) -> None:
        self._webhook.remove_listener(self.redraw)

    # What is drawn.

    def redraw(self) -> None:
        """Draws everything as it is now."""
        onboarding = self._onboarding
        if not is_drawn(self):
            return  # this screen is being left
        self.query_one(Chips).show({name: onboarding.chip(name) for name in CREDENTIALS})
        where = f"{self._draft_tester.stored_in}, profile {onboarding.world.profile}"
        after = NextSteps(
            where, onboarding.walk.left, self._webhook.hears_meta, layout_of(onboarding)
        )
        self._view.show(self._way, onboarding.world, after)
        self._keys.refresh()

    @property
    def _view(self) -> QuickSetupView:
        return self.query_one(QuickSetupView)

    # What is pasted and typed.

    def on_paste(self, event: events.Paste) -> None:
        """A paste outside a field belongs to the one that is waited for."""
        self._view.capture(self._wanted).take_paste(event)

    @on(Capture.Changed)
    def capture_changed(self, event: Capture.Changed) -> None:
        self._way.set_value(event.name, event.value)
        ready = event.whole or _is_something_else(event)
        if ready or event.name == TOKEN:
            self._wait_no_more()
        if ready:
            self._soon = self.set_timer(PAUSE, self._ask)
        self.redraw()

    @on(Capture.Bundle)
    def capture_bundle(self, event: Capture.Bundle) -> None:
        self.run_worker(self._take_bundle(event), group="paste")

    async def _take_bundle(self, event: Capture.Bundle) -> None:
        """Takes what came with its name. Of several IDs none is taken where the token tells which:
        the first would look as if it had been chosen."""
        if self._way.asks_for_waba:
            found = await settle_paste(self.app, self._onboarding, event)
        else:
            found = {name: one for name, one in event.found.items() if name not in event.several}
        for name, value in found.items():
            for capture in self.query(f"#capture-{name}").results(Capture):
                capture.put(value)
            self._way.set_value(name, value)
        self._wait_no_more()
        self._soon = self.set_timer(PAUSE, self._ask)
        labels = ", ".join(CREDENTIALS[name].label for name in found)
        if labels:
            self.notify(labels, title="Found in your paste")
        self._view.place_focus(self._way)

    @on(Capture.Submitted)
    def capture_submitted(self) -> None:
        self.action_go_on()

    @on(NumberPicker.Chosen)
    def number_chosen(self, event: NumberPicker.Chosen) -> None:
        self._way.choose(event.candidate)
        self.redraw()

    def action_give(self) -> None:
        if (offer := self._draft_tester.suggest(self._wanted)) is not None:
            self._view.capture(self._wanted).put(offer)

    # What is asked and stored.

    def _ask(self) -> None:
        self._wait_no_more()
        self.run_worker(self._asked(), group="look", exclusive=True)

    async def _asked(self) -> None:
        if self._way.known.access_token is not None:
            await (self._way.try_secret() if self._way.candidates else self._way.discover())
        self.redraw()

    def _wait_no_more(self) -> None:
        if self._soon is not None:
            self._soon.stop()
            self._soon = None

    def action_again(self) -> None:
        if self._way.stage is QuickSetupStage.TROUBLE:
            self._draft_tester.test()
        else:
            self._way.discovered = None
            self._ask()

    def action_go_on(self) -> None:
        """What enter does: it stores what was named, or goes on to what comes next."""
        stage = self._way.stage
        if stage is QuickSetupStage.WORD or (stage is QuickSetupStage.SECRET and self._may_store):
            self._draft_tester.take_all(self._way.confirm())
        elif stage is QuickSetupStage.DONE:
            self._to_webhook()
        elif (
            stage in {QuickSetupStage.TOKEN, QuickSetupStage.NOTHING, QuickSetupStage.TROUBLE}
            or self._untried
        ):
            self.action_again()
        self.redraw()

    @property
    def _may_store(self) -> bool:
        return self._way.may_go_without and any(self._way.unsaved.present())

    @property
    def _untried(self) -> bool:
        """Whether an App Secret waits for an answer."""
        return self._way.stage is QuickSetupStage.SECRET and self._way.known.app_secret is not None

    def action_keep(self) -> None:
        self._draft_tester.store_untested(self._onboarding.unsaved)

    def action_choose(self) -> None:
        self._way.choosing = True
        self.redraw()

    def action_afresh(self) -> None:
        self._way.start_afresh()
        self._ask()

    # Going elsewhere.

    def _to_webhook(self) -> None:
        """Goes to the webhook, and has Meta register it where it is not yet."""
        if not self._webhook.hears_meta:
            self._webhook.open_and_register()
        self.app.push_screen(WebhookScreen(self._webhook, self._draft_tester), self._came_back)

    def _came_back(self, where: str | None) -> None:
        onboarding = self._onboarding
        onboarding.walk = onboarding.walk.jump(onboarding.walk.left.id)
        self.dismiss(where or onboarding.walk.at)

    def action_leave(self) -> None:
        if self._way.choosing:
            self._way.choosing = False
            self.redraw()
            return
        stored = bool(self._way.candidates) and not any(self._way.unsaved.present())
        self.dismiss(self._onboarding.walk.left.id if stored else None)

    def _page(self, layout: str | None) -> str:
        found = self._way.discovered
        app_id = found.app_id if found else self._way.known.app_id
        return guide().by_id[_PAGES.get(self._way.stage, "9.5")].url(app_id, layout) or ""

    def action_open(self) -> None:
        self.run_worker(self._with_page(show_portal_page), group="browser")

    def action_copy(self) -> None:
        self.run_worker(self._with_page(copy_portal_page), group="browser")

    async def _with_page(self, does: PageAction) -> None:
        await does(self.app, self._onboarding, self._page)
        self.redraw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        way, stage = self._way, self._way.stage
        found = way.discovered
        primary = found.report.primary if found else None
        several = found is not None and len(found.accounts) + len(found.candidates) > 2
        unread = stage is QuickSetupStage.NOTHING and not way.asks_for_waba
        waits = stage in {QuickSetupStage.TOKEN, QuickSetupStage.NOTHING, QuickSetupStage.SECRET}
        conditions = {
            "give": waits and self._draft_tester.suggest(self._wanted) is not None and not unread,
            "open": waits,
            "copy": waits,
            "choose": several
            and stage in {QuickSetupStage.SECRET, QuickSetupStage.WORD, QuickSetupStage.DONE},
            "afresh": primary is not None and primary.id == "access_token.other_app",
            "again": found is not None
            and (waits or stage in {QuickSetupStage.CHOICE, QuickSetupStage.TROUBLE}),
            "keep": stage is QuickSetupStage.TROUBLE,
            "go_on": stage
            not in {QuickSetupStage.LOOKING, QuickSetupStage.STORING, QuickSetupStage.CHOICE},
        }
        return conditions.get(action, True)

    @property
    def _wanted(self) -> str:
        """What the next paste should be."""
        return {QuickSetupStage.SECRET: SECRET, QuickSetupStage.NOTHING: WABA}.get(
            self._way.stage, TOKEN
        )


def _is_something_else(event: Capture.Changed) -> bool:
    """Whether it is no token and long enough that it will not become one; what is the matter with
    it is found without its being sent."""
    wrong = check_shape(event.name, event.value).shape is Shape.WRONG
    return event.name == TOKEN and wrong and len(event.value) >= _LONG
