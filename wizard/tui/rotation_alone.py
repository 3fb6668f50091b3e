"""A rotation by itself, with no guide behind its screen: who came for it waits for nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from textual.app import App

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.controllers.listeners import Listeners
from wizard.tui.controllers.rotation import RotationController
from wizard.tui.screens.rotation.screen import RotationScreen

_LIMIT = 15.0


class RotationAlone:
    """What the screen needs, which beside the guide is the webhook's controller."""

    def __init__(self, app: App[Any], onboarding: Onboarding) -> None:
        self.onboarding = onboarding
        self._app = app
        self._listeners = Listeners(app)
        self.rotation = RotationController(app, onboarding, lambda: None, self.notify_listeners)
        self.draft_tester = DraftTester(app, onboarding, self.notify_listeners)

    def add_listener(self, on_change: Callable[[], None]) -> None:
        self._listeners.add(on_change)

    def remove_listener(self, on_change: Callable[[], None]) -> None:
        self._listeners.remove(on_change)

    def notify_listeners(self) -> None:
        self._listeners.notify()

    async def open(self, *, long_lived: bool) -> asyncio.Future[str | None]:
        """Returns when the screen is drawn; the step that one goes to from it, if any, comes when
        one leaves it."""
        gone: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        drawn = asyncio.Event()
        screen = RotationScreen(self, self.draft_tester, long_lived=long_lived)
        await self._app.push_screen(screen, gone.set_result)
        self._app.call_after_refresh(drawn.set)
        await drawn.wait()
        return gone

    def stored_values_read(self, stored_in: str) -> None:
        """The stored values are there: all are tested."""
        self.draft_tester.stored_in = stored_in
        if any(True for _ in self.onboarding.values.present()):
            self.draft_tester.test()
        self.notify_listeners()

    async def close(self) -> None:
        """Ends what runs: it is known then which token is stored."""
        self._listeners.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LIMIT):
                await self.rotation.stop()
