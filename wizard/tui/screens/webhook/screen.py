"""The webhook: the way from Meta to this machine, and what comes in by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from wizard.journeys.messages.chat_link import wa_link
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.tui.clipboard import copy
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.controllers.stage_state import StageState
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.controllers.webhook_stages import StageName
from wizard.tui.dialogs.ask import AskModal
from wizard.tui.dialogs.details import DetailsModal
from wizard.tui.dialogs.foreign_callback import foreign_modal
from wizard.tui.dialogs.leave import confirm_stop
from wizard.tui.dialogs.qr_code import QrCodeModal
from wizard.tui.dialogs.tunnel import choose_tunnel, ensure_verify_token, wrong_app
from wizard.tui.footer_keys import FooterKeys, is_drawn
from wizard.tui.places import WEBHOOK
from wizard.tui.screens.doctor.screen import DoctorScreen
from wizard.tui.screens.webhook.bindings import WEBHOOK_BINDINGS
from wizard.tui.screens.webhook.portal_values import PortalValues
from wizard.tui.screens.webhook.route_line import RouteLine
from wizard.tui.screens.webhook.stages_view import StagesView
from wizard.tui.screens.webhook.traffic_list import TrafficList
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Screen, Static, Vertical
from wizard.values.credentials import CREDENTIALS, plain
from wizard.webhook.event_queue import Delivery

_SEND = "send"
_OWN_APP = "http://localhost:8000/webhook"
_HALO = "halo"
_NEW = """\
Nothing is running yet.

[bold $accent]w[/]   start an endpoint and a tunnel, and test both as Meta will
[bold $accent]r[/]   then register the URL with Meta. Or enter it yourself (step 8.3)
    and see the result here."""
_WRITE = "No message yet: press [bold $accent]q[/] for a QR code to scan with your phone."
_WRITE_DEMO = "No message yet: press [bold $accent]m[/] to get one from a simulated customer."
_ANSWER = "A message arrived: press [bold $accent]s[/] to reply."
_SCAN = "Scan it, send the message and watch it arrive here."
_NO_NUMBER = "It needs the phone number ID and the access token (steps 6.6 and 7.5)."
_AGAIN = "[bold $accent]w[/]  try again"
_OTHERWISE = f"{_AGAIN}      [bold $accent]a[/]  choose another tunnel"
_WHY = "[bold $accent]d[/]  find out why"
_KEYS: Mapping[StageName | None, str] = {
    StageName.ENDPOINT: _AGAIN,
    StageName.TUNNEL: _OTHERWISE,
    StageName.HANDSHAKE: f"{_AGAIN}      {_WHY}",
    StageName.RECORD: _WHY,
}


class WebhookScreen(Screen[str | None]):
    """Shows the app's connection, which stays up when this screen is left. Returns the id of a step
    to go to, if any."""

    CSS_PATH = "webhook.tcss"
    AUTO_FOCUS = ""

    BINDINGS: ClassVar[list[BindingType]] = WEBHOOK_BINDINGS

    def __init__(self, webhook: WebhookController, draft_tester: DraftTester) -> None:
        super().__init__()
        self._webhook = webhook
        self._draft_tester = draft_tester
        self._keys = FooterKeys(self)
        self._asked = False

    def compose(self) -> ComposeResult:
        yield Chips(self._webhook.onboarding.world.profile)
        with Vertical(id="webhook"):
            yield RouteLine()
            yield StagesView()
            yield PortalValues()
            yield Static(id="silent", markup=False)
            yield Static(id="hint", markup=False)
            yield TrafficList(self._hide)
        yield KeyLine()

    def on_mount(self) -> None:
        self._webhook.add_listener(self.redraw)
        self.redraw()

    def on_unmount(self) -> None:
        self._webhook.remove_listener(self.redraw)

    def redraw(self) -> None:
        """Draws everything as it is now."""
        webhook, onboarding = self._webhook, self._webhook.onboarding
        if not is_drawn(self):
            return  # this screen is being left
        self.query_one(Chips).show({name: onboarding.chip(name) for name in CREDENTIALS})
        self.query_one(RouteLine).show(webhook.callback_url, webhook.forward_to)
        keys = _KEYS.get(self._failed, "") if webhook.job is None else ""
        stages = [stage.in_layout(layout_of(onboarding)) for stage in webhook.stages]
        self.call_next(self.query_one(StagesView).show, stages if self._begun else (), keys)
        self.query_one(PortalValues).show(
            webhook.callback_url if self._watches else None, webhook.missing, layout_of(onboarding)
        )
        silent = (
            f"!  {webhook.forward_to} does not respond." if webhook.traffic.app_is_silent else ""
        )
        self._say("#silent", Content(silent))
        self._say("#hint", self._hint())
        traffic = self.query_one(TrafficList)
        traffic.display = bool(len(webhook.traffic))
        if traffic.display and self.focused is None:
            traffic.focus()
        traffic.show(webhook.traffic)
        self._keys.refresh()
        self._ask_if_needed()

    def _hint(self) -> Content:
        webhook = self._webhook
        if webhook.error:
            return Content(f"!  {webhook.error}")
        if not self._begun:
            return Content.from_markup(_NEW)
        if self._registered and not webhook.traffic.has_message:
            return Content.from_markup(_WRITE if webhook.onboarding.portal is None else _WRITE_DEMO)
        if self._registered and webhook.message.tracker is None:
            return Content.from_markup(_ANSWER)
        return Content()

    def _say(self, where: str, text: Content) -> None:
        line = self.query_one(where, Static)
        line.update(text)
        line.display = bool(text)

    # How things stand.

    @property
    def _failed(self) -> StageName | None:
        return next((s.name for s in self._webhook.stages if s.state is StageState.BAD), None)

    def _mark(self, part: StageName) -> StageState:
        return next(stage.state for stage in self._webhook.stages if stage.name is part)

    @property
    def _begun(self) -> bool:
        webhook = self._webhook
        return webhook.connection is not None or webhook.job is not None or bool(webhook.verified)

    @property
    def _shaken(self) -> bool:
        return self._mark(StageName.HANDSHAKE) in {StageState.GOOD, StageState.WARN}

    @property
    def _registered(self) -> bool:
        return self._webhook.is_open and self._mark(StageName.RECORD) is StageState.GOOD

    @property
    def _watches(self) -> bool:
        return self._webhook.is_open and self._shaken and not self._registered

    def _ask_if_needed(self) -> None:
        """One question at a time, and only of somebody who looks at this screen."""
        webhook = self._webhook
        if self.app.screen is not self or webhook.job is not None:
            return
        if webhook.foreign is not None:
            foreign, webhook.foreign = webhook.foreign, None
            self.app.push_screen(foreign_modal(foreign), self._foreign_answered)
        elif webhook.needs_authtoken and not self._asked:
            self._asked = True
            self.action_choose()

    def _foreign_answered(self, answer: str | None) -> None:
        if answer == "replace":
            self._webhook.register(replace_foreign=True)

    # The way.

    def action_open(self) -> None:
        self._asked = False
        if ensure_verify_token(self.app, self._webhook, self._draft_tester):
            self._webhook.open()

    def action_choose(self) -> None:
        self.run_worker(self._choose(), group="way", exclusive=True)

    async def _choose(self) -> None:
        if (way := await choose_tunnel(self.app)) is not None:
            self._webhook.tunnel_options = way
            self.action_open()

    def action_register(self) -> None:
        self._webhook.register()

    def action_restore(self) -> None:
        self._webhook.restore()

    def action_press(self) -> None:
        self._webhook.verify_in_portal()

    def action_end(self) -> None:
        self.run_worker(self._end(), group="end", exclusive=True)

    async def _end(self) -> None:
        if await confirm_stop(
            self.app, self._webhook, "Stop the webhook?", "Stop tunnel and endpoint"
        ):
            self._webhook.stop()

    def action_answer(self) -> None:
        sending, number = self._webhook.message, self._webhook.onboarding.values.phone_number_id
        if not sending.to and (writer := sending.recent_senders.last(number)) is not None:
            sending.to = writer.recipient.shown
        self.dismiss(_SEND)

    def action_doctor(self) -> None:
        self.app.push_screen(
            DoctorScreen(self._webhook, self._draft_tester), self._back_from_doctor
        )

    def _back_from_doctor(self, where: str | None) -> None:
        if where not in {None, WEBHOOK}:
            self.dismiss(where)

    def action_leave(self) -> None:
        self.dismiss(None)

    # What comes in.

    def _hide(self, text: str) -> str:
        onboarding = self._webhook.onboarding
        return onboarding.world.with_values(onboarding.values).redact(text)

    @on(TrafficList.Opened)
    def line_opened(self, event: TrafficList.Opened) -> None:
        self.app.push_screen(DetailsModal(event.entry, self._hide))

    def action_replay(self) -> None:
        if self._webhook.forward_to is None:
            self.action_pass_on()
        elif (marked := self._marked) is not None:
            self._webhook.replay(marked)

    def action_pass_on(self) -> None:
        text = (
            "Everything Meta delivers is forwarded to this URL unchanged, with its signature.\n"
            "Leave it empty to forward nothing."
        )
        url = self._webhook.forward_to or _OWN_APP
        self.app.push_screen(AskModal("Your own app", text, url, wrong_app), self._pass_on_to)

    def _pass_on_to(self, url: str | None) -> None:
        if url is None:
            return
        self._webhook.forward_to_url(url or None)
        if url and (marked := self._marked) is not None:
            self._webhook.replay(marked)

    @property
    def _marked(self) -> Delivery | None:
        marked = self.query_one(TrafficList).marked
        return marked.event if marked and isinstance(marked.event, Delivery) else None

    def action_write(self, hidden: bool = False) -> None:
        if (portal := self._webhook.onboarding.portal) is not None:
            write = portal.write_without_number if hidden else portal.write_to_us
            self.run_worker(write(_HALO), group="write")

    def action_code(self) -> None:
        self.run_worker(self._code(), group="code", exclusive=True)

    async def _code(self) -> None:
        onboarding = self._webhook.onboarding
        async with onboarding.world.with_values(onboarding.values) as world:
            link = await wa_link(world)
        if link is None:
            self.notify(_NO_NUMBER, title="No QR code", severity="warning")
        else:
            self.app.push_screen(QrCodeModal(link, _SCAN, "Write to your business number"))

    # Copying, and the rest.

    def action_copy_url(self) -> None:
        copy(self.app, self._webhook.callback_url or "", "Callback URL")

    def action_copy_token(self) -> None:
        if (token := self._webhook.onboarding.values.verify_token) is not None:
            copy(self.app, plain(token), "Verify token")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        webhook, idle = self._webhook, self._webhook.job is None
        portal = webhook.onboarding.portal is not None
        conditions: dict[str, Callable[[], bool]] = {
            "open": lambda: idle and not (webhook.is_open and self._shaken),
            "choose": lambda: idle and not webhook.is_open and not portal,
            "register": lambda: idle and webhook.is_open and not self._registered,
            "restore": lambda: idle and bool(webhook.replaced),
            "press": lambda: idle and portal and self._watches,
            "write": lambda: portal and self._registered,
            "answer": lambda: self._registered,
            "replay": lambda: webhook.is_open,
            "pass_on": lambda: webhook.is_open,
            "code": lambda: self._registered,
            "copy_url": lambda: webhook.is_open,
            "copy_token": lambda: webhook.onboarding.values.verify_token is not None,
            "end": lambda: webhook.connection is not None,
        }
        holds = conditions.get(action)
        return holds is None or holds()
