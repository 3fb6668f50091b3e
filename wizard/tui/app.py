"""The app: what holds from the first paint to the last. It paints before anything else of ours is
loaded; what comes after is `tui/session.py`."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import ComposeResult, SystemCommand
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen, Screen
from textual.widgets import Static
from textual.worker import WorkerFailed

from wizard.support import garbage
from wizard.support.threads import run_in_thread
from wizard.tui.bounded_app import BoundedApp
from wizard.tui.colors import DARK, LIGHT
from wizard.tui.driver import guarded_driver
from wizard.tui.terminal import TerminalWatch

if TYPE_CHECKING:
    from wizard.journeys.onboarding.onboarding import Onboarding
    from wizard.tui.controllers.profile_switcher import ProfileSwitcher
    from wizard.tui.controllers.rotation import RotationEnded
    from wizard.tui.controllers.vault_failed import VaultFailed
    from wizard.tui.controllers.webhook import WebhookController
    from wizard.tui.screens.welcome.screen import Greeting, StartOption
    from wizard.tui.session import Opening, Session

_IMPORT_TIMEOUT = 60.0
_LOADING = 3.0
"""Seconds in which the first screens are loaded and drawn."""
_STYLES = Path(__file__).with_name("app.tcss")


class WizardApp(BoundedApp):
    """`opening` gives the onboarding to live with; leaving closes it. `visit` names the room to
    begin in, instead of the welcome; who leaves it has left the app where it is `only` for that.
    What time alone changes is drawn anew after every `minute`, in seconds. `others` gives the
    profiles that one may go on with instead. `greeting` is what the welcome says, without anything
    being opened for it; it gives `None` where no welcome is due.

    `left_behind` is then the address that Meta goes on calling, though nothing answers there.
    """

    TITLE = "WhatsApp Wizard"
    CSS = "#opening { width: 100%; height: 100%; content-align: center middle; text-style: bold; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "profiles", "profiles"),
        Binding("p", "profiles(True)", "profiles", show=False),
        Binding("h", "welcome", "start page", show=False, tooltip="Go to the start page"),
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
        others: Callable[[], ProfileSwitcher] | None = None,
        greeting: Callable[[], Greeting | None] | None = None,
    ) -> None:
        super().__init__(driver_class=guarded_driver())
        self.HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (96, "-wide")]
        self.session: Session | None = None
        self._begin = lambda: self._new_session(opening, visit, only, minute, others)
        self._greeting = None if visit else greeting
        self._code = 0
        self._terminal: TerminalWatch | None = None
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = DARK.name

    @property
    def onboarding(self) -> Onboarding | None:
        return self.session.onboarding if self.session else None

    @property
    def webhook(self) -> WebhookController | None:
        return self.session.webhook if self.session else None

    @property
    def last_rotation(self) -> RotationEnded | None:
        """How the last rotation ended, if any did."""
        return self.session.last_rotation if self.session else None

    @property
    def left_behind(self) -> str | None:
        return self.session.left_behind if self.session else None

    def compose(self) -> ComposeResult:
        yield Static("WhatsApp Wizard", id="opening")

    def on_mount(self) -> None:
        self._watch_terminal()
        self.set_timer(_LOADING, garbage.take_up)
        self.call_after_refresh(self._start)

    def _start(self) -> None:
        self.run_worker(self._run_session(), group="life")

    async def _run_session(self) -> None:
        self.stylesheet.read(_STYLES)  # parsed with the styles of the first screen
        chosen = await self._greet()
        self.session = await run_in_thread(self._begin, timeout=_IMPORT_TIMEOUT)
        await self.session.run(await chosen if chosen else None)
        self.exit(return_code=self._code)

    def _load_screen_css(self, screen: Screen[Any]) -> None:
        """Reads a screen's styles beside those that are there: Textual would parse all anew."""
        for path in screen.css_path:
            if not self.stylesheet.has_source(str(path)):
                self.stylesheet.read(path)
        super()._load_screen_css(screen)

    async def _greet(self) -> asyncio.Future[StartOption] | None:
        """Shows the welcome, where one is due, and returns when it is drawn; what is chosen there
        comes later."""
        if self._greeting is None:
            return None
        greeting = await run_in_thread(self._greeting, timeout=_IMPORT_TIMEOUT)
        if greeting is None:
            return None
        from wizard.tui.screens.welcome.screen import WelcomeScreen

        chosen: asyncio.Future[StartOption] = asyncio.get_running_loop().create_future()
        drawn = asyncio.Event()

        def choose(option: StartOption | None) -> None:
            if option is not None:
                chosen.set_result(option)

        await self.push_screen(WelcomeScreen(greeting), choose)
        self.call_after_refresh(drawn.set)
        await drawn.wait()
        return chosen

    def _new_session(
        self,
        opening: Opening,
        visit: str | None,
        only: bool,
        minute: float,
        others: Callable[[], ProfileSwitcher] | None,
    ) -> Session:
        from wizard.tui.session import Session

        return Session(
            self,
            opening,
            visit,
            only=only,
            minute=minute,
            others=others() if others else None,
            on_leave=self.leave,
        )

    def leave(self, code: int = 0) -> None:
        """Closes what was opened, then the app; without waiting where nothing is open yet."""
        self._code = code
        if self.session is None or not self.session.leave():
            self.exit(return_code=code)

    def on_vault_failed(self, event: VaultFailed) -> None:
        if self.session is not None:
            self.session.mend_vault(event)

    def on_profile_name_chosen(self) -> None:
        if self.check_action("profiles", (True,)):
            self.action_profiles()

    async def action_quit(self) -> None:
        if self.session is None:
            self.leave()
        else:
            self.session.quit()

    def action_profiles(self, _anywhere: bool = False) -> None:
        if self.session is not None and not self.session.show_profiles():
            self.notify("The demo has no profiles: its values are in memory alone.")

    def action_welcome(self) -> None:
        if self.session is not None:
            self.session.show_welcome()

    def action_help(self) -> None:
        from wizard.tui.dialogs.help import HelpModal

        self.push_screen(HelpModal(tuple(self._keys_here())))

    def _keys_here(self) -> Iterator[tuple[str, str]]:
        """The keys that hold on the screen in front, and what each does."""
        seen = set[str]()
        for active in self.screen.active_bindings.values():
            binding = active.binding
            own = binding.show and active.enabled and active.node is not self
            if own and binding.action not in seen:
                seen.add(binding.action)
                yield self.get_key_display(binding), binding.tooltip or binding.description

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "welcome":
            return self.session is not None and self.session.offers_welcome
        if action != "profiles":
            return super().check_action(action, parameters)
        return self.session is not None and self.session.offers_profiles(anywhere=bool(parameters))

    def _watch_terminal(self) -> None:
        """Signals and a closed terminal end the app like ctrl+q: Textual minds none of them, and
        would leave the terminal in its alternate screen with the mouse on, or never end."""
        loop = asyncio.get_running_loop()

        def leave(code: int) -> None:
            with contextlib.suppress(RuntimeError):  # a loop that is closed has ended already
                loop.call_soon_threadsafe(self.leave, code)

        self._terminal = TerminalWatch(leave)
        self._terminal.start()

    def notify(self, message: str, *, title: str = "", **options: Any) -> None:
        """As Textual's, with no secret at hand in what is shown."""
        onboarding = self.onboarding
        if onboarding is not None:
            world = onboarding.world.with_values(onboarding.values)
            message, title = world.redact(message), world.redact(title)
        super().notify(message, title=title, **options)

    def get_system_commands(self, screen: Screen[Any]) -> Iterable[SystemCommand]:
        """What the keys of the screen do, and Textual's own."""
        from wizard.tui.palette import commands

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
    def has_walked(self) -> bool:
        """Whether the walk was on screen, and not one room alone."""
        return self.session is not None and self.session.has_walked

    @property
    def crash(self) -> BaseException | None:
        """What ended the app, if it was not the person."""
        error = self._exception
        return error.error if isinstance(error, WorkerFailed) else error
