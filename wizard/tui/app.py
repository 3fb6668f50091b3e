"""The app: themes, keys that hold everywhere, and one onboarding from opening to closing."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, ClassVar, TypeAlias

from textual.actions import parse
from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import WorkerFailed

from wizard.checks.keyring import trouble
from wizard.credentials import CREDENTIALS
from wizard.journeys.onboarding import Onboarding
from wizard.tui.live import Live
from wizard.tui.parting import LEAVING, may_end
from wizard.tui.screens.choice import ChoiceModal
from wizard.tui.screens.doctor import DoctorScreen
from wizard.tui.screens.walk import WalkScreen
from wizard.tui.screens.webhook import WebhookScreen
from wizard.tui.screens.welcome import WelcomeScreen
from wizard.tui.theme import DARK, LIGHT
from wizard.vault import VaultError

Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Onboarding]]

_PATIENCE = 0.6
_LAST_WRITE = 5.0
_WAITING = "Waiting for the keyring. It may be asking for its password in a window of its own."


class WizardApp(App[None]):
    """`opening` gives the onboarding to live with; leaving closes it. `visit` names the room to
    begin in, instead of the welcome.

    `left_behind` is then the address that Meta goes on calling, though nothing answers there.
    """

    TITLE = "WhatsApp Wizard"
    CSS_PATH = "app.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", key_display="^q", priority=True),
    ]

    def __init__(self, opening: Opening, visit: str | None = None) -> None:
        super().__init__()
        self._opening = opening
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]
        self._left = asyncio.Event()
        self._code = 0
        self._settled_in = False
        self._visit = visit
        self.onboarding: Onboarding | None = None
        self.live: Live | None = None
        self.left_behind: str | None = None
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield Static("WhatsApp Wizard", id="opening")

    def on_mount(self) -> None:
        self._mind_signals()
        self.run_worker(self._live(), group="life")

    async def _live(self) -> None:
        async with self._opening() as onboarding:
            self.onboarding = onboarding
            await onboarding.begin()
            if onboarding.progress.step is None and self._visit is None:
                way = await self.push_screen_wait(WelcomeScreen())
                self._visit = way.visit
                onboarding.walk = onboarding.walk.jump(way.step)
                await onboarding.save()
            live = self.live = Live(self, onboarding)
            screen = WalkScreen(onboarding, live)
            live.proven = screen.bench.test
            try:
                await self.push_screen(screen)
                self._settled_in = True
                # Nobody cancels it on leaving: while it draws, that would end the app with it.
                self.run_worker(self._load(screen, onboarding), group="load")
                await self._left.wait()
            finally:
                self.left_behind = live.verified[0] if live.is_open and live.verified else None
                await live.close()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LAST_WRITE):
                    await onboarding.idle()
        self.exit(return_code=self._code)

    async def _load(self, screen: WalkScreen, onboarding: Onboarding) -> None:
        waiting = screen.set_timer(_PATIENCE, lambda: screen.notice(_WAITING))
        await onboarding.load()
        waiting.stop()
        while onboarding.world.trouble is not None and not self._left.is_set():
            await self._ask_about(onboarding.world.trouble, onboarding)
            await onboarding.load()
        await self._show_loaded(screen, onboarding)

    async def _show_loaded(self, screen: WalkScreen, onboarding: Onboarding) -> None:
        screen.show_notice()
        vault = onboarding.world.vault
        try:
            where = (await vault.describe()).name if vault else "memory"
        except VaultError:
            where = "your keyring"
        await screen.loaded(where)
        if self._visit is not None:
            screen.action_visit(self._visit)
            self._visit = None

    async def _ask_about(self, error: VaultError, onboarding: Onboarding) -> None:
        """Tells what the vault said; on return it may be tried again, unless one has left."""
        finding = trouble(error)
        steps = "\n".join(f"→ {step}" for step in finding.fix)
        text = "\n".join(filter(None, [finding.cause, finding.evidence, "", steps, ""]))
        answers = [
            ("again", "Try again"),
            ("memory", "Go on in memory for now: nothing is kept when you leave"),
            ("quit", "Leave"),
        ]
        answer = await self.push_screen_wait(ChoiceModal(finding.title, text, answers))
        if answer == "memory":
            onboarding.go_on_in_memory()
        elif answer == "quit":
            self._leave()
            await asyncio.Event().wait()  # until the app is gone, and this worker with it

    def on_walk_screen_vault_failed(self, event: WalkScreen.VaultFailed) -> None:
        # One dialog at a time: whatever it is answered, all drafts that passed are tried again.
        if not any(isinstance(screen, ChoiceModal) for screen in self.screen_stack):
            self.run_worker(self._mend(event.walk, event.error), group="vault")

    async def _mend(self, screen: WalkScreen, error: VaultError) -> None:
        await self._ask_about(error, screen.onboarding)
        if screen.onboarding.in_memory:
            await self._show_loaded(screen, screen.onboarding)
        screen.bench.settle()

    async def action_quit(self) -> None:
        if self.screen.id == LEAVING:
            self._leave()
        else:
            self.run_worker(self._ask_to_leave(), group="leave", exclusive=True)

    async def _ask_to_leave(self) -> None:
        unsaved = self.onboarding.unsaved if self.onboarding else ()
        if unsaved and not await self._saw_to(unsaved):
            return
        if self.live is None or await may_end(self, self.live, "Leave?", "Leave"):
            self._leave()

    async def _saw_to(self, unsaved: tuple[str, ...]) -> bool:
        """Whether values that are typed and not stored may go, or were stored."""
        labels = ", ".join(CREDENTIALS[name].label for name in unsaved)
        text = f"Typed, but not stored: {labels}."
        answers = [
            ("keep", "Store them untested, then leave"),
            ("drop", "Leave without them"),
            ("stay", "Stay"),
        ]
        modal = ChoiceModal("Leave?", text, answers)
        modal.id = LEAVING
        answer = await self.push_screen_wait(modal)
        if answer == "keep":
            await self._keep(unsaved)
        return answer in {"keep", "drop"}

    async def _keep(self, names: tuple[str, ...]) -> None:
        onboarding = self.onboarding
        if onboarding is None:
            return
        for name in names:
            while name in onboarding.unsaved:
                try:
                    await onboarding.keep(name)
                except VaultError as error:
                    await self._ask_about(error, onboarding)

    def _leave(self, code: int = 0) -> None:
        """Closes what was opened, then the app; without waiting where nothing is open yet."""
        self._code = code
        self._left.set()
        if not self._settled_in:
            self.exit(return_code=code)

    def _mind_signals(self) -> None:
        """SIGTERM and a closed terminal end the app like ctrl+q: Textual minds neither, and would
        leave the terminal in its alternate screen with the mouse on."""
        if sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._leave, 128 + number)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the keys of the screen do, and Textual's own."""
        yield from super().get_system_commands(screen)
        if not isinstance(screen, WalkScreen | WebhookScreen | DoctorScreen):
            return
        titles: set[str] = set()
        for binding in (b for b in screen.BINDINGS if isinstance(b, Binding)):
            _, action, parameters = parse(binding.action)
            title = binding.description.capitalize()
            offered = (binding.show or binding.tooltip) and title not in titles
            if offered and screen.check_action(action, parameters):
                titles.add(title)
                key = binding.key_display or binding.key
                run = partial(screen.run_action, binding.action)
                yield SystemCommand(title, binding.tooltip or f"Key: {key}", run)

    def _fatal_error(self) -> None:
        """Ends the app; whoever ran it finds the error in `crash`. Textual would print the local
        variables of every frame, a raw token among them."""
        self._close_messages_no_wait()

    @property
    def crash(self) -> BaseException | None:
        """What ended the app, if it was not the person."""
        error = self._exception
        return error.error if isinstance(error, WorkerFailed) else error
