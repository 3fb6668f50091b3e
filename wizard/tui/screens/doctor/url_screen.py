"""Why does my webhook not verify? For who has stored nothing: a URL, and what it should accept."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar
from urllib.parse import urlsplit

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from wizard.checks import FindingReported, run_checks
from wizard.findings import SIGNS, Finding, Report
from wizard.journeys.diagnosis import worst_first
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.portal_page import page_of, show_portal_page
from wizard.tui.widgets.chips import Chips
from wizard.tui.widgets.finding_panel import FindingPanel, PanelContent
from wizard.tui.widgets.key_line import KeyLine
from wizard.tui.widgets.once import Horizontal, Screen, Static, Vertical
from wizard.tui.widgets.pointer_list import PointerList
from wizard.tui.widgets.single_line_input import SingleLineInput
from wizard.values.credentials import Secret, Values
from wizard.values.shapes import clean
from wizard.world import World

_QUESTION = "Why does my webhook not verify?"
_WELL = "✓  The URL verifies"
_WANTED = "Enter the URL, such as https://example.com/webhook."
_ASKED_FOR = (
    ("url", "Callback URL", "https://"),
    ("verify_token", "Verify token", "as your server expects it"),
    ("app_secret", "App Secret (if you have it)", "to test signed messages"),
)
_BESIDE = (
    ("token", "I have a token, or a .env file to paste: find and store all values"),
    ("import", "Import a .env file: quit, then run whatsapp-wizard import FILE"),
)


class UrlDoctorScreen(Screen[str | None]):
    """Tests one URL as Meta would, with values that are stored nowhere. Returns the name of a room
    to go on to, if any."""

    CSS_PATH = "url_doctor.tcss"
    AUTO_FOCUS = "#url"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "test", "test"),
        Binding("up", "app.focus_previous", "up", show=False),
        Binding("down", "app.focus_next", "down", show=False),
        Binding("ctrl+t", "test", "test again", key_display="^t"),
        Binding("ctrl+o", "open", "page", key_display="^o"),
        Binding("escape", "dismiss(None)", "back", key_display="esc"),
    ]

    def __init__(self, webhook: WebhookController) -> None:
        super().__init__()
        self._webhook = webhook
        self._found: tuple[Finding, ...] = ()
        self._testing = False

    def compose(self) -> ComposeResult:
        yield Chips(self._webhook.onboarding.world.profile)
        with Vertical(id="url-doctor"):
            yield Static(_QUESTION, id="why", markup=False)
            for id_, label, hint in _ASKED_FOR:
                with Horizontal(classes="asked-for"):
                    yield Static(label, markup=False)
                    secret = id_ != "url"
                    yield SingleLineInput(id=id_, placeholder=hint, password=secret, compact=True)
            yield Static(id="wrong", markup=False)
            yield PointerList(
                *(Option(text, id=id_) for id_, text in _BESIDE), id="beside", markup=False
            )
            yield Static(id="tested", markup=False)
            yield FindingPanel()
        yield KeyLine()

    def on_mount(self) -> None:
        self.query_one(FindingPanel).display = False

    # What is typed.

    @on(Input.Submitted)
    def entered(self, event: Input.Submitted) -> None:
        """Enter goes from field to field, and tests on the last."""
        if not self._url:
            self._say_wrong(_WANTED)
            self.query_one("#url", Input).focus()
        elif event.input.id == "app_secret":
            self.action_test()
        else:
            self._say_wrong("")
            self.focus_next(SingleLineInput)

    @on(OptionList.OptionSelected)
    def beside_chosen(self, event: OptionList.OptionSelected) -> None:
        if event.option.id == "token":
            self.dismiss("token")

    @property
    def _url(self) -> str:
        """The URL as it is tested; empty where it is none."""
        url = self.query_one("#url", Input).value.strip()
        if url and "://" not in url:
            url = f"https://{url}"
        try:
            parts = urlsplit(url)
        except ValueError:
            return ""
        return url if parts.scheme in {"http", "https"} and parts.hostname else ""

    @property
    def _values(self) -> Values:
        values = Values()
        # White space in a verify token may be the very fault that is looked for.
        token = Secret(self.query_one("#verify_token", Input).value)
        if len(token):
            values = values.with_("verify_token", token)
        secret = clean("app_secret", self.query_one("#app_secret", Input).value)
        return values.with_("app_secret", secret) if len(secret) else values

    def _say_wrong(self, text: str) -> None:
        self.query_one("#wrong", Static).update(text)

    # What is found.

    def action_test(self) -> None:
        if self._url:
            self._say_wrong("")
            self.run_worker(self._test(), group="url", exclusive=True)
        else:
            self._say_wrong(_WANTED)

    async def _test(self) -> None:
        self._found, self._testing = (), True
        self._redraw()
        try:
            async with self._world() as world, run_checks(world, ["callback"]) as events:
                async for event in events:
                    if isinstance(event, FindingReported):
                        self._found = (*self._found, event.finding)
                        self._redraw()
        finally:
            self._testing = False
            if self.is_attached:
                self._redraw()

    def _world(self) -> World:
        there = self._webhook.onboarding.world.with_values(self._values)
        return replace(there, vault=None, vault_error=None, target=self._url)

    def _redraw(self) -> None:
        primary = Report.of("", self._found).primary
        title = self.query_one("#why", Static)
        if self._testing or not self._found:
            title.update(_QUESTION)
            title.set_classes("")
        else:
            title.set_classes(f"-{primary.status}" if primary else "")
            title.update(f"{SIGNS[primary.status]}  {primary.title}" if primary else _WELL)
        named = [f"{SIGNS[one.status]}  {one.title}" for one in self._found if one is not primary]
        running = ["◌  testing as Meta would …"] if self._testing else []
        self.query_one("#tested", Static).update("\n".join([*named, *running]))
        self.query_one("#beside").display = not self._found
        panel = self.query_one(FindingPanel)
        panel.display = primary is not None
        keys = (("^t", "test again, once it is mended"),)
        shown = PanelContent(worst_first([primary]), keys) if primary else PanelContent()
        self.call_next(panel.show, shown.in_layout(layout_of(self._webhook.onboarding)))
        self.refresh_bindings()

    @property
    def _primary(self) -> Finding | None:
        return Report.of("", self._found).primary

    def action_open(self) -> None:
        if self._primary is not None:
            page = page_of(self._primary)
            opening = show_portal_page(self.app, self._webhook.onboarding, page)
            self.run_worker(opening, group="browser")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "open":
            return self._primary is not None and self._primary.url is not None
        return True
