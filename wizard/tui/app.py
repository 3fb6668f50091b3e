"""The app: themes, keys that hold everywhere, and one onboarding from opening to closing."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, ClassVar, TypeAlias

from textual.app import App, ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Static
from textual.worker import WorkerFailed

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.tui.controllers.profile_switcher import ProfileSwitch, ProfileSwitcher, try_change
from wizard.tui.controllers.vault_failed import VaultFailed
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.help import HelpModal
from wizard.tui.dialogs.leave import LEAVING, ask_unsaved, confirm_discard, confirm_stop
from wizard.tui.dialogs.vault_error import vault_modal
from wizard.tui.navigation import DESTINATIONS
from wizard.tui.palette import commands
from wizard.tui.screens.profiles.screen import ProfilesScreen
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.screens.welcome.screen import WelcomeScreen
from wizard.tui.terminal import TerminalWatch, guarded_driver
from wizard.tui.theme import DARK, LIGHT
from wizard.vault import VaultError

Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Onboarding]]

_SHOWN_IN = {1}
"""The chapters in which the footer names the profiles."""
_PATIENCE = 0.6
_LONG = 15.0
_LAST_WRITE = 5.0
_WAITING = "Waiting for the keyring. It may be asking for its password in another window."


class WizardApp(App[None]):
    """`opening` gives the onboarding to live with; leaving closes it. `visit` names the room to
    begin in, instead of the welcome; who leaves it has left the app where it is `only` for that.
    What time alone changes is drawn anew after every `minute`, in seconds. `others` are the
    profiles that one may go on with instead.

    `left_behind` is then the address that Meta goes on calling, though nothing answers there.
    """

    TITLE = "WhatsApp Wizard"
    CSS_PATH = "app.tcss"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "profiles", "profiles"),
        Binding("p", "profiles(True)", "profiles", show=False),
        Binding("question_mark", "help", "help", key_display="?"),
        Binding("f1", "help", "help", key_display="F1"),
        Binding("ctrl+q", "quit", "quit", key_display="^q", priority=True),
    ]

    def __init__(
        self,
        opening: Opening,
        visit: str | None = None,
        *,
        only: bool = False,
        minute: float = 60.0,
        others: ProfileSwitcher | None = None,
    ) -> None:
        super().__init__(driver_class=guarded_driver())
        self._opening = opening
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]
        self._left = asyncio.Event()
        self._code = 0
        self._terminal: TerminalWatch | None = None
        self._settled_in = False
        self._visit = visit
        self._only = only
        self._minute = minute
        self._others = others
        self._going: ProfileSwitch | None = None
        self._showing = asyncio.Lock()
        self.onboarding: Onboarding | None = None
        self.webhook: WebhookController | None = None
        self.left_behind: str | None = None
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    def compose(self) -> ComposeResult:
        yield Static("WhatsApp Wizard", id="opening")

    def on_mount(self) -> None:
        self._watch_terminal()
        self.run_worker(self._run_profiles(), group="life")

    async def _run_profiles(self) -> None:
        opening: Opening | None = self._opening
        while opening is not None:
            async with opening() as onboarding:
                await self._stay(onboarding)
            opening = await self._onwards(onboarding.world.profile)
        self.exit(return_code=self._code)

    async def _stay(self, onboarding: Onboarding) -> None:
        self.onboarding, self._settled_in = onboarding, False
        left = self._left = asyncio.Event()
        await onboarding.begin()
        if onboarding.progress.step is None and self._visit is None:
            way = await self.push_screen_wait(
                WelcomeScreen(onboarding.left, demo=onboarding.portal is not None)
            )
            self._visit = way.visit
            onboarding.walk = onboarding.walk.jump(way.step)
            await onboarding.save()
        webhook = self.webhook = WebhookController(self, onboarding)
        screen = WalkScreen(onboarding, webhook)
        webhook.proven = webhook.message.registered = screen.draft_tester.test
        every_minute = self.set_interval(self._minute, webhook.notify_listeners)
        try:
            with self.batch_update():
                await self.push_screen(screen)
                self._enter(screen, loaded=False)
            self._settled_in = True
            screen.refresh_bindings()
            # Nobody cancels it on leaving: while it draws, that would end the app with it.
            self.run_worker(self._load(screen, left), group="load")
            await left.wait()
        finally:
            every_minute.stop()
            self.left_behind = webhook.verified[0] if webhook.is_open and webhook.verified else None
            await webhook.close()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LAST_WRITE):
                await onboarding.idle()

    async def _onwards(self, closed: str) -> Opening | None:
        """What is opened after the profile that was closed, if anything; the same one again where
        the change failed that it was in the way of."""
        going, self._going = self._going, None
        if going is None or self._others is None:
            return None
        self._settled_in = False
        async with self._showing:
            while len(self.screen_stack) > 1:
                await self.pop_screen()
        if trouble := await try_change(going.change):
            self.notify(trouble, title=closed, severity="error", timeout=_LONG, markup=False)
        name = await self._others.profiles.renamed_to(closed) if trouble else going.profile
        return partial(self._others.open, name)

    async def _load(self, screen: WalkScreen, left: asyncio.Event) -> None:
        onboarding = screen.onboarding
        waiting = screen.set_timer(_PATIENCE, lambda: screen.notice(_WAITING))
        await onboarding.load()
        waiting.stop()
        while onboarding.world.vault_error is not None and not left.is_set():
            await self._ask_about(onboarding.world.vault_error, onboarding)
            await onboarding.load()
        await self._show_loaded(screen, onboarding)

    async def _show_loaded(self, screen: WalkScreen, onboarding: Onboarding) -> None:
        if not screen.is_attached:
            return  # its profile is closed
        screen.show_notice()
        vault = onboarding.world.vault
        try:
            where = (await vault.describe()).name if vault else "memory"
        except VaultError:
            where = "your keyring"
        async with self._showing:
            if screen.is_attached:
                await screen.loaded(where)
                self._enter(screen, loaded=True)

    def _enter(self, walk: WalkScreen, *, loaded: bool) -> None:
        """Goes to the room that was asked for, once it has what it needs."""
        room = DESTINATIONS.get(self._visit or "")
        if room is None or not (loaded or room.at_once):
            return
        self._visit = None

        async def back(where: str | None) -> None:
            if self._only and where is None:
                self._leave()
            else:
                self._only = False
                await walk.back(where)

        self.push_screen(room.opens(walk.webhook, walk.draft_tester), back)

    async def _ask_about(self, error: VaultError, onboarding: Onboarding) -> None:
        """Tells what the vault said; on return it may be tried again, unless one has left."""
        answer = await self.push_screen_wait(vault_modal(error))
        if answer == "memory":
            onboarding.go_on_in_memory()
        elif answer == "quit":
            self._leave()
            await asyncio.Event().wait()  # until the app is gone, and this worker with it

    def on_vault_failed(self, event: VaultFailed) -> None:
        # One dialog at a time: whatever it is answered, all drafts that passed are tried again.
        if not any(isinstance(screen, ChoiceModal) for screen in self.screen_stack):
            self.run_worker(self._mend(event), group="vault")

    async def _mend(self, event: VaultFailed) -> None:
        walks = (screen for screen in self.screen_stack if isinstance(screen, WalkScreen))
        walk = next(walks, None)
        if walk is None:
            return  # its profile is closed
        await self._ask_about(event.error, walk.onboarding)
        if walk.onboarding.in_memory:
            await self._show_loaded(walk, walk.onboarding)
        event.again()

    async def action_quit(self) -> None:
        if self.screen.id == LEAVING:
            self._leave()
        else:
            self.run_worker(self._ask_to_leave(), group="leave", exclusive=True)

    async def _ask_to_leave(self) -> None:
        if await self._may_part("Leave?", "Leave"):
            self._leave()

    async def _may_part(self, title: str, end: str) -> bool:
        """Whether the open profile may be closed; asked where something would be lost."""
        here = self.onboarding
        if here is not None and (unsaved := here.unsaved):
            answer = await ask_unsaved(self, here, title, end)
            if answer == "keep":
                await self._keep(unsaved)
            elif answer != "drop":
                return False
        return self.webhook is None or await confirm_stop(self, self.webhook, title, end)

    def action_profiles(self, _anywhere: bool = False) -> None:
        if self._others is not None and self.onboarding is not None:
            world = self.onboarding.world
            self.push_screen(
                ProfilesScreen(self._others.profiles, world.profile, world), self._part
            )

    def action_help(self) -> None:
        self.push_screen(HelpModal())

    def on_profile_name_chosen(self) -> None:
        if self.check_action("profiles", (True,)):
            self.action_profiles()

    def _part(self, going: ProfileSwitch | None) -> None:
        if going is not None:
            self.run_worker(self._ask_to_part(going), group="leave", exclusive=True)

    async def _ask_to_part(self, going: ProfileSwitch) -> None:
        title, end = f"Switch to {going.profile}?", "Switch"
        here = self.onboarding
        held = here is not None and here.in_memory and any(here.values.present())
        if held and not await confirm_discard(self, title, end):
            return
        if await self._may_part(title, end):
            self._going = going
            self._left.set()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action != "profiles":
            return super().check_action(action, parameters)
        walk = self.screen if self._others and self._settled_in else None
        if not isinstance(walk, WalkScreen):
            return False
        at = walk.onboarding.walk
        return bool(parameters) or at.guide.chapter_of(at.at).number in _SHOWN_IN

    async def _keep(self, names: tuple[str, ...]) -> None:
        onboarding = self.onboarding
        if onboarding is None:
            return
        for name in names:
            while name in onboarding.unsaved:
                try:
                    await onboarding.store_untested(name)
                except VaultError as error:
                    await self._ask_about(error, onboarding)

    def _leave(self, code: int = 0) -> None:
        """Closes what was opened, then the app; without waiting where nothing is open yet."""
        self._code = code
        self._left.set()
        if not self._settled_in:
            self.exit(return_code=code)

    def _watch_terminal(self) -> None:
        """Signals and a closed terminal end the app like ctrl+q: Textual minds none of them, and
        would leave the terminal in its alternate screen with the mouse on, or never end."""
        loop = asyncio.get_running_loop()

        def leave(code: int) -> None:
            with contextlib.suppress(RuntimeError):  # a loop that is closed has ended already
                loop.call_soon_threadsafe(self._leave, code)

        self._terminal = TerminalWatch(leave)
        self._terminal.start()

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the keys of the screen do, and Textual's own."""
        yield from super().get_system_commands(screen)
        if isinstance(screen, ModalScreen):
            return
        if self.check_action("profiles", (True,)):
            yield SystemCommand("Manage profiles", "Key: p", self.action_profiles)
        yield SystemCommand("Show keys and symbols", "Key: ?", self.action_help)
        yield from commands(screen)

    def _fatal_error(self) -> None:
        """Ends the app; whoever ran it finds the error in `crash`. Textual would print the local
        variables of every frame, a raw token among them."""
        self._close_messages_no_wait()

    def release_terminal(self) -> None:
        """For who ran the app to its end: signals mean what they did before."""
        if self._terminal is not None:
            self._terminal.stop()

    @property
    def crash(self) -> BaseException | None:
        """What ended the app, if it was not the person."""
        error = self._exception
        return error.error if isinstance(error, WorkerFailed) else error
