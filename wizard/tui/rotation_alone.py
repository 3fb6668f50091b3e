"""A rotation by itself, with no guide behind its screen: who came for it waits for nothing else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

from textual.app import App

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.tui.controllers.draft_tester import DraftTester
from wizard.tui.controllers.listeners import Observable
from wizard.tui.controllers.rotation import RotationController
from wizard.tui.screens.rotation.screen import RotationScreen

_LIMIT = 15.0


class RotationAlone(Observable):
    """What the screen needs, which beside the guide is the webhook's controller."""

    def __init__(self, app: App[Any], onboarding: Onboarding) -> None:
        super().__init__(app)
        self.onboarding = onboarding
        self.rotation = RotationController(app, onboarding, lambda: None, self.notify_listeners)
        self.draft_tester = DraftTester(app, onboarding, self.notify_listeners)

    async def stay(
        self,
        left: asyncio.Event,
        drawn: Callable[[], None],
        leave: Callable[[], None],
        *,
        long_lived: bool,
    ) -> str | None:
        """Calls `drawn` when the screen stands. Returns the step that one goes on to from it; where
        one goes nowhere, `leave` is called, and it returns when one has `left`."""
        gone: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        leaving = asyncio.create_task(left.wait())
        try:
            await self._open(gone.set_result, long_lived=long_lived)
            drawn()
            ends: set[asyncio.Future[Any]] = {gone, leaving}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if left.is_set():
                return None
            if gone.result() is None:
                leave()
                await leaving
            return gone.result()
        finally:
            leaving.cancel()
            await self._close()

    async def _open(self, gone: Callable[[str | None], None], *, long_lived: bool) -> None:
        """Returns when it is drawn."""
        drawn = asyncio.Event()
        screen = RotationScreen(self, self.draft_tester, long_lived=long_lived)
        await self._host.push_screen(screen, gone)
        self._host.call_after_refresh(drawn.set)
        await drawn.wait()

    def stored_values_read(self, stored_in: str) -> None:
        """The stored values are there: all are tested."""
        self.draft_tester.stored_in = stored_in
        if any(True for _ in self.onboarding.values.present()):
            self.draft_tester.test()
        self.notify_listeners()

    async def _close(self) -> None:
        """Ends what runs: it is known then which token is stored."""
        self.clear_listeners()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LIMIT):
                await self.rotation.stop()
