"""The webhook: the way from Meta to this machine, and what comes in by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from wizard.journeys.messages.chat_link import wa_link
from wizard.tui.clipboard import copy
from wizard.tui.controllers.draft_tester import Bench
from wizard.tui.controllers.webhook import Live
from wizard.tui.controllers.webhook_stages import Mark, Part
from wizard.tui.dialogs.ask import AskModal
from wizard.tui.dialogs.details import DetailsModal
from wizard.tui.dialogs.foreign_callback import foreign_modal
from wizard.tui.dialogs.leave import may_end
from wizard.tui.dialogs.qr_code import CodeModal
from wizard.tui.dialogs.tunnel import choose_way, has_token, wrong_app
from wizard.tui.footer_keys import Keys
from wizard.tui.screens.doctor.screen import WEBHOOK, DoctorScreen
from wizard.tui.screens.webhook.portal_values import ByHand
from wizard.tui.screens.webhook.route_line import WayLine
from wizard.tui.screens.webhook.stages_view import StagesView
from wizard.tui.screens.webhook.traffic_list import TrafficList
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.key_line import KeyLine
from wizard.values.credentials import CREDENTIALS, plain
from wizard.webhook.event_queue import Delivery

_SEND = "send"
_OWN_APP = "http://localhost:8000/webhook"
_HALO = "halo"
_NEW = """\
Nothing is open yet.

[bold $accent]w[/]   opens it: a port on this machine, a public address that leads to it, and
    a handshake through both, played as Meta will play it.
[bold $accent]r[/]   then has Meta register the address. Or you enter it by hand (step 8.3),
    and see here what came of it."""
_WRITE = "Nobody has written yet: [bold $accent]q[/] shows a code for your phone."
_WRITE_DEMO = "Nobody has written yet: [bold $accent]m[/] writes as a customer would."
_ANSWER = "Somebody wrote: [bold $accent]s[/] answers."
_SCAN = "Scan it, send the message, and watch it arrive here."
_NO_NUMBER = "It needs the phone number ID and the access token (steps 6.6 and 7.5)."
_AGAIN = "[bold $accent]w[/]  tries again"
_OTHERWISE = f"{_AGAIN}      [bold $accent]a[/]  another way in"
_WHY = "[bold $accent]d[/]  finds out why"
_KEYS: Mapping[Part | None, str] = {
    Part.ENDPOINT: _AGAIN,
    Part.TUNNEL: _OTHERWISE,
    Part.HANDSHAKE: f"{_AGAIN}      {_WHY}",
    Part.RECORD: _WHY,
}


class WebhookScreen(Screen[str | None]):
    """Shows the app's connection, which stays up when this screen is left. Returns the id of a step
    to go to, if any."""

    CSS_PATH = "webhook.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("w", "open", "open"),
        Binding("enter", "open", "open", show=False),
        Binding("a", "choose", "another way"),
        Binding("r", "register", "register"),
        Binding("p", "restore", "put back"),
        Binding("b", "press", "Verify and save"),
        Binding("m", "write", "write to us"),
        Binding("s", "answer", "send"),
        Binding("f", "replay", "to your app"),
        Binding("F", "pass_on", "other app", show=False, tooltip="Key: F"),
        Binding("q", "code", "QR"),
        Binding("u", "copy_url", "copy Callback URL", show=False, tooltip="Key: u"),
        Binding("v", "copy_token", "copy Verify token", show=False, tooltip="Key: v"),
        Binding("x", "end", "end"),
        Binding("d", "doctor", "doctor"),
        Binding("escape", "leave", "walk", key_display="esc"),
    ]

    def __init__(self, live: Live, bench: Bench) -> None:
        super().__init__()
        self._live = live
        self._bench = bench
        self._keys = Keys(self)
        self._asked = False

    def compose(self) -> ComposeResult:
        yield Chips(self._live.onboarding.world.profile)
        with Vertical(id="webhook"):
            yield WayLine()
            yield StagesView()
            yield ByHand()
            yield Static(id="silent", markup=False)
            yield Static(id="hint", markup=False)
            yield TrafficList()
        yield KeyLine()

    def on_mount(self) -> None:
        self._live.watch(self.redraw)
        self.redraw()

    def on_unmount(self) -> None:
        self._live.unwatch(self.redraw)

    def redraw(self) -> None:
        """Draws everything as it is now."""
        live, onboarding = self._live, self._live.onboarding
        if not self.query(TrafficList):
            return  # this screen is being left
        self.query_one(Chips).show({name: onboarding.chip(name) for name in CREDENTIALS})
        self.query_one(WayLine).show(live.callback_url, live.forward_to)
        keys = _KEYS.get(self._failed, "") if live.job is None else ""
        self.call_next(self.query_one(StagesView).show, live.stages if self._begun else (), keys)
        self.query_one(ByHand).show(live.callback_url if self._watches else None, live.missing)
        silent = f"!  {live.forward_to} does not answer." if live.traffic.app_is_silent else ""
        self._say("#silent", Content(silent))
        self._say("#hint", self._hint())
        traffic = self.query_one(TrafficList)
        traffic.display = bool(len(live.traffic))
        if traffic.display and self.focused is None:
            traffic.focus()
        traffic.show(live.traffic)
        self._keys.refresh()
        self._ask_if_needed()

    def _hint(self) -> Content:
        live = self._live
        if live.trouble:
            return Content(f"!  {live.trouble}")
        if not self._begun:
            return Content.from_markup(_NEW)
        if self._registered and not live.traffic.has_message:
            return Content.from_markup(_WRITE if live.onboarding.portal is None else _WRITE_DEMO)
        if self._registered and live.sending.track is None:
            return Content.from_markup(_ANSWER)
        return Content()

    def _say(self, where: str, text: Content) -> None:
        line = self.query_one(where, Static)
        line.update(text)
        line.display = bool(text)

    # How things stand.

    @property
    def _failed(self) -> Part | None:
        return next((s.part for s in self._live.stages if s.mark is Mark.BAD), None)

    def _mark(self, part: Part) -> Mark:
        return next(stage.mark for stage in self._live.stages if stage.part is part)

    @property
    def _begun(self) -> bool:
        live = self._live
        return live.connection is not None or live.job is not None or bool(live.verified)

    @property
    def _shaken(self) -> bool:
        return self._mark(Part.HANDSHAKE) in {Mark.GOOD, Mark.WARN}

    @property
    def _registered(self) -> bool:
        return self._live.is_open and self._mark(Part.RECORD) is Mark.GOOD

    @property
    def _watches(self) -> bool:
        return self._live.is_open and self._shaken and not self._registered

    def _ask_if_needed(self) -> None:
        """One question at a time, and only of somebody who looks at this screen."""
        live = self._live
        if self.app.screen is not self or live.job is not None:
            return
        if live.foreign is not None:
            foreign, live.foreign = live.foreign, None
            self.app.push_screen(foreign_modal(foreign), self._foreign_answered)
        elif live.needs_authtoken and not self._asked:
            self._asked = True
            self.action_choose()

    def _foreign_answered(self, answer: str | None) -> None:
        if answer == "replace":
            self._live.register(replace_foreign=True)

    # The way.

    def action_open(self) -> None:
        self._asked = False
        if has_token(self.app, self._live, self._bench):
            self._live.open()

    def action_choose(self) -> None:
        self.run_worker(self._choose(), group="way", exclusive=True)

    async def _choose(self) -> None:
        if (way := await choose_way(self.app)) is not None:
            self._live.way = way
            self.action_open()

    def action_register(self) -> None:
        self._live.register()

    def action_restore(self) -> None:
        self._live.restore()

    def action_press(self) -> None:
        self._live.verify_in_portal()

    def action_end(self) -> None:
        self.run_worker(self._end(), group="end", exclusive=True)

    async def _end(self) -> None:
        if await may_end(self.app, self._live, "End the webhook?", "End tunnel and endpoint"):
            self._live.end()

    def action_answer(self) -> None:
        sending, number = self._live.sending, self._live.onboarding.values.phone_number_id
        if not sending.to and (writer := sending.writers.last(number)) is not None:
            sending.to = writer.recipient.shown
        self.dismiss(_SEND)

    def action_doctor(self) -> None:
        self.app.push_screen(DoctorScreen(self._live, self._bench), self._back_from_doctor)

    def _back_from_doctor(self, where: str | None) -> None:
        if where not in {None, WEBHOOK}:
            self.dismiss(where)

    def action_leave(self) -> None:
        self.dismiss(None)

    # What comes in.

    @on(TrafficList.Opened)
    def line_opened(self, event: TrafficList.Opened) -> None:
        self.app.push_screen(DetailsModal(event.happening))

    def action_replay(self) -> None:
        if self._live.forward_to is None:
            self.action_pass_on()
        elif (marked := self._marked) is not None:
            self._live.replay(marked)

    def action_pass_on(self) -> None:
        text = (
            "Everything that Meta delivers is passed on there as it came, with its signature.\n"
            "Leave it empty to pass nothing on."
        )
        url = self._live.forward_to or _OWN_APP
        self.app.push_screen(AskModal("Your own app", text, url, wrong_app), self._pass_on_to)

    def _pass_on_to(self, url: str | None) -> None:
        if url is None:
            return
        self._live.pass_on_to(url or None)
        if url and (marked := self._marked) is not None:
            self._live.replay(marked)

    @property
    def _marked(self) -> Delivery | None:
        marked = self.query_one(TrafficList).marked
        return marked.event if marked and isinstance(marked.event, Delivery) else None

    def action_write(self) -> None:
        if (portal := self._live.onboarding.portal) is not None:
            self.run_worker(portal.write_to_us(_HALO), group="write")

    def action_code(self) -> None:
        self.run_worker(self._code(), group="code", exclusive=True)

    async def _code(self) -> None:
        onboarding = self._live.onboarding
        async with onboarding.world.with_values(onboarding.values) as world:
            link = await wa_link(world)
        if link is None:
            self.notify(_NO_NUMBER, title="No code", severity="warning")
        else:
            self.app.push_screen(CodeModal(link, _SCAN, "Write to your business number"))

    # Copying, and the rest.

    def action_copy_url(self) -> None:
        copy(self.app, self._live.callback_url or "", "Callback URL")

    def action_copy_token(self) -> None:
        if (token := self._live.onboarding.values.verify_token) is not None:
            copy(self.app, plain(token), "Verify token")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        live, idle = self._live, self._live.job is None
        portal = live.onboarding.portal is not None
        conditions = {
            "open": idle and not (live.is_open and self._shaken),
            "choose": idle and not live.is_open and not portal,
            "register": idle and live.is_open and not self._registered,
            "restore": idle and bool(live.replaced),
            "press": idle and portal and self._watches,
            "write": portal and self._registered,
            "answer": self._registered,
            "replay": live.is_open,
            "pass_on": live.is_open,
            "code": self._registered,
            "copy_url": live.is_open,
            "copy_token": live.onboarding.values.verify_token is not None,
            "end": live.connection is not None,
        }
        return conditions.get(action, True)
