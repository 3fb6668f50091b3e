"""One run of the app: the profiles that are opened in it, one after another, and how one leaves."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.app import App

from wizard.support.threads import run_in_thread
from wizard.tui.controllers.vault_failed import VaultFailed
from wizard.tui.entrance import Entrance
from wizard.tui.loading import import_rotation, import_walk, where_stored, written
from wizard.tui.places import LEAVING
from wizard.vault import VaultError

if TYPE_CHECKING:
    from wizard.journeys.onboarding.onboarding import Onboarding
    from wizard.tui.controllers.profile_switcher import ProfileSwitch, ProfileSwitcher
    from wizard.tui.controllers.rotation import RotationEnded
    from wizard.tui.controllers.webhook import WebhookController
    from wizard.tui.rotation_alone import RotationAlone
    from wizard.tui.screens.walk.screen import WalkScreen
    from wizard.tui.screens.welcome.screen import StartOption

    Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Onboarding]]

_SHOWN_IN = {1}
"""The chapters in which the footer names the profiles."""
_PATIENCE = 0.6
_LONG = 15.0
_IMPORT_TIMEOUT = 60.0
_WAITING = "Waiting for the keyring. It may be asking for its password in another window."


class Session:
    """See `WizardApp` for what it is given; `on_leave` is called when a person wants to leave."""

    def __init__(
        self,
        app: App[Any],
        opening: Opening,
        visit: str | None,
        *,
        only: bool,
        minute: float,
        others: ProfileSwitcher | None,
        on_leave: Callable[[], None],
    ) -> None:
        self.onboarding: Onboarding | None = None
        self.webhook: WebhookController | None = None
        self.left_behind: str | None = None
        self._app = app
        self._opening = opening
        self._entrance = Entrance(app, visit, on_leave, only=only)
        self._minute = minute
        self._others = others
        self._on_leave = on_leave
        self._left = asyncio.Event()
        self._is_open = False
        self._chosen: StartOption | None = None
        self._next: ProfileSwitch | None = None
        self._showing = asyncio.Lock()
        self._walk: WalkScreen | None = None
        self._alone: RotationAlone | None = None
        # Here, for this is beside the event loop.
        import_rotation() if self._entrance.rotates else import_walk()

    async def run(self, chosen: StartOption | None = None) -> None:
        """Returns when the last profile is closed; `chosen` is where the first one begins."""
        self._chosen = chosen
        opening: Opening | None = self._opening
        while opening is not None:
            async with opening() as onboarding:
                await self._stay(onboarding)
            opening = await self._next_opening(onboarding.world.profile)

    def leave(self) -> bool:
        """Closes the open profile, and nothing after it; whether there was one to close."""
        self._left.set()
        return self._is_open

    def quit(self) -> None:
        """Leaves; where something would be lost that is asked first, and asked twice it is done."""
        if self._app.screen.id == LEAVING:
            self._on_leave()
        else:
            self._app.run_worker(self._ask_to_leave(), group="leave", exclusive=True)

    @property
    def last_rotation(self) -> RotationEnded | None:
        """How the last rotation ended, if any did."""
        beside = self.webhook.rotation.last if self.webhook else None
        return beside or (self._alone.rotation.last if self._alone else None)

    def mend_vault(self, event: VaultFailed) -> None:
        from wizard.tui.dialogs.choose import ChoiceModal

        # One dialog at a time: whatever it is answered, all drafts that passed are tried again.
        if not any(isinstance(screen, ChoiceModal) for screen in self._app.screen_stack):
            self._app.run_worker(self._mend(event), group="vault")

    def show_profiles(self) -> bool:
        """Shows the profiles; whether there are any to show."""
        from wizard.tui.screens.profiles.screen import ProfilesScreen

        if self._others is None or self.onboarding is None:
            return False
        world = self.onboarding.world
        screen = ProfilesScreen(self._others.profiles, world.profile, world)
        self._app.push_screen(screen, self._switch)
        return True

    @property
    def has_walked(self) -> bool:
        """Whether the walk was on screen, and not one room alone."""
        return self._is_open and not self._entrance.is_only

    @property
    def offers_welcome(self) -> bool:
        return self._is_open and self._app.screen is self._walk

    def show_welcome(self) -> None:
        """The first screen again, over the walk."""
        if (walk := self._walk) is not None and self._app.screen is walk:
            self._entrance.welcome(walk)

    def offers_profiles(self, *, anywhere: bool) -> bool:
        """Whether the key to the profiles holds: in the footer of some chapters, or `anywhere`."""
        walk = self._walk if self._is_open else None
        if walk is None or self._app.screen is not walk:
            return False
        if self._others is None:  # the key then says why there are none
            return anywhere and walk.onboarding.portal is not None
        at = walk.onboarding.walk
        return anywhere or at.guide.chapter_of(at.at).number in _SHOWN_IN

    async def _stay(self, onboarding: Onboarding) -> None:
        app = self._app
        self.onboarding, self._is_open = onboarding, False
        self.webhook = self._walk = self._alone = None
        left = self._left = asyncio.Event()
        await onboarding.begin()
        step = await self._rotate(onboarding, left) if self._entrance.rotates else None
        if left.is_set():
            return
        if onboarding.progress.step is None and not self._entrance.skips_welcome and step is None:
            await self._entrance.welcome_first(onboarding, self._chosen)
        self._chosen = None
        webhook, screen = self._open_walk(onboarding)
        every_minute = app.set_interval(self._minute, webhook.notify_listeners)
        try:
            with app.batch_update():
                await app.push_screen(screen)
                self._entrance.enter(screen, loaded=False)
            self._is_open = True
            screen.refresh_bindings()
            # Nobody cancels it on leaving: while it draws, that would end the app with it.
            app.run_worker(self._load(screen, left, step), group="load")
            await left.wait()
        finally:
            every_minute.stop()
            self.left_behind = webhook.verified[0] if webhook.is_open and webhook.verified else None
            await webhook.close()
        await written(onboarding)

    def _open_walk(self, onboarding: Onboarding) -> tuple[WebhookController, WalkScreen]:
        from wizard.tui.controllers.webhook import WebhookController
        from wizard.tui.screens.walk.screen import WalkScreen

        webhook = self.webhook = WebhookController(self._app, onboarding)
        screen = self._walk = WalkScreen(onboarding, webhook)
        webhook.proven = webhook.message.registered = screen.draft_tester.test
        return webhook, screen

    async def _rotate(self, onboarding: Onboarding, left: asyncio.Event) -> str | None:
        """Replaces the token with nothing behind it; returns when one has `left`, or goes on to a
        step of the guide."""
        from wizard.tui.rotation_alone import RotationAlone

        alone = self._alone = RotationAlone(self._app, onboarding)
        every_minute = self._app.set_interval(self._minute, alone.notify_listeners)

        def drawn() -> None:
            self._is_open = True
            self._app.screen.refresh_bindings()
            self._app.run_worker(self._load_alone(alone, left), group="load")

        try:
            longer = self._entrance.wants_longer
            step = await alone.stay(left, drawn, self._on_leave, long_lived=longer)
        finally:
            every_minute.stop()
        if left.is_set():
            await written(onboarding)
        else:
            self._is_open = False
            self._entrance.go_on_to_walk()
        return step

    async def _next_opening(self, closed: str) -> Opening | None:
        """What is opened after the profile that was closed, if anything; the same one again where
        the change failed that it was in the way of."""
        switch, self._next = self._next, None
        if switch is None or self._others is None:
            return None
        self._is_open = False
        async with self._showing:
            while len(self._app.screen_stack) > 1:
                await self._app.pop_screen()
        from wizard.tui.controllers.profile_switcher import try_change

        if error := await try_change(switch.change):
            self._app.notify(error, title=closed, severity="error", timeout=_LONG, markup=False)
        name = await self._others.profiles.renamed_to(closed) if error else switch.profile
        return partial(self._others.open, name)

    async def _load(self, screen: WalkScreen, left: asyncio.Event, step: str | None) -> None:
        onboarding = screen.onboarding
        if not onboarding.loaded:
            waiting = screen.set_timer(_PATIENCE, lambda: screen.notice(_WAITING))
            await onboarding.load()
            waiting.stop()
        await self._load_again(onboarding, left)
        await self._show_loaded(screen, onboarding)
        if step is not None:
            await screen.back(step)

    async def _load_alone(self, alone: RotationAlone, left: asyncio.Event) -> None:
        onboarding = alone.onboarding
        await run_in_thread(import_walk, timeout=_IMPORT_TIMEOUT)
        await onboarding.load()
        await self._load_again(onboarding, left)
        if not left.is_set():
            alone.stored_values_read(await where_stored(onboarding))

    async def _load_again(self, onboarding: Onboarding, left: asyncio.Event) -> None:
        """Where the vault could not be read, for as long as somebody wants to try again."""
        while onboarding.world.vault_error is not None and not left.is_set():
            await self._ask_about(onboarding.world.vault_error, onboarding)
            await onboarding.load()

    async def _show_loaded(self, screen: WalkScreen, onboarding: Onboarding) -> None:
        if not screen.is_attached:
            return  # its profile is closed
        screen.show_notice()
        where = await where_stored(onboarding)
        async with self._showing:
            if screen.is_attached:
                await screen.loaded(where)
                self._entrance.enter(screen, loaded=True)

    async def _ask_about(self, error: VaultError, onboarding: Onboarding) -> None:
        """Tells what the vault said; on return it may be tried again, unless one has left."""
        from wizard.tui.dialogs.vault_error import vault_modal

        answer = await self._app.push_screen_wait(vault_modal(error))
        if answer == "memory":
            onboarding.go_on_in_memory()
        elif answer == "quit":
            self._on_leave()
            await asyncio.Event().wait()  # until the app is gone, and this worker with it

    async def _mend(self, event: VaultFailed) -> None:
        onboarding, walk = self.onboarding, self._walk
        if onboarding is None or not self._is_open:
            return  # its profile is closed
        await self._ask_about(event.error, onboarding)
        if onboarding.in_memory and walk is not None:
            await self._show_loaded(walk, onboarding)
        event.again()

    async def _ask_to_leave(self) -> None:
        if await self._may_close("Leave?", "Leave"):
            self._on_leave()

    async def _may_close(self, title: str, end: str) -> bool:
        """Whether the open profile may be closed; asked where something would be lost."""
        from wizard.tui.dialogs.leave import ask_unsaved, confirm_stop

        here, webhook = self.onboarding, self.webhook
        if here is not None and webhook is None and self._alone is not None:
            from wizard.tui.controllers.webhook import WebhookController

            webhook = WebhookController(self._app, here)  # it knows what earlier runs replaced
        if here is not None and (unsaved := here.unsaved):
            answer = await ask_unsaved(self._app, here, title, end)
            if answer == "keep":
                await self._store(here, unsaved)
            elif answer != "drop":
                return False
        return webhook is None or await confirm_stop(self._app, webhook, title, end)

    async def _store(self, onboarding: Onboarding, names: tuple[str, ...]) -> None:
        for name in names:
            while name in onboarding.unsaved:
                try:
                    await onboarding.store_untested(name)
                except VaultError as error:
                    await self._ask_about(error, onboarding)

    def _switch(self, switch: ProfileSwitch | None) -> None:
        if switch is not None:
            self._app.run_worker(self._ask_to_switch(switch), group="leave", exclusive=True)

    async def _ask_to_switch(self, switch: ProfileSwitch) -> None:
        from wizard.tui.dialogs.leave import confirm_discard

        title, end = f"Switch to {switch.profile}?", "Switch"
        here = self.onboarding
        held = here is not None and here.in_memory and any(here.values.present())
        if held and not await confirm_discard(self._app, title, end):
            return
        if await self._may_close(title, end):
            self._next = switch
            self._left.set()
