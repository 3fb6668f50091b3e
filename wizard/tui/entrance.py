"""Where one comes in: the welcome, the room that it leads to, and the way back to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from textual.app import App

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.tui.navigation import DESTINATIONS
from wizard.tui.places import LONGER, ROTATE

if TYPE_CHECKING:
    from wizard.tui.screens.walk.screen import WalkScreen
    from wizard.tui.screens.welcome.screen import StartOption, WelcomeScreen


class Entrance:
    """`visit` names the room to begin in, instead of the welcome; who leaves it has left the app
    where it is `only` for that: `leave` is called then."""

    def __init__(
        self, app: App[Any], visit: str | None, leave: Callable[[], None], *, only: bool
    ) -> None:
        self._app = app
        self._visit = visit
        self._leave = leave
        self._only = only
        self._welcomed = False

    @property
    def is_only(self) -> bool:
        """Whether one came for one room, and has not left it for the walk."""
        return self._only

    @property
    def rotates(self) -> bool:
        """Whether one came to replace the token, and for nothing else."""
        return self._only and self._visit in {ROTATE, LONGER}

    @property
    def wants_longer(self) -> bool:
        return self._visit == LONGER

    def go_on_to_walk(self) -> None:
        """One has left the room that one came for, and goes on in the guide."""
        self._visit, self._only = None, False

    @property
    def skips_welcome(self) -> bool:
        return self._visit is not None

    async def welcome_first(self, onboarding: Onboarding, chosen: StartOption | None) -> None:
        """The first screen of somebody who has not been here before, unless it was shown before
        anything was opened: then what was `chosen` there."""
        way = chosen or await self._app.push_screen_wait(_welcome(onboarding, again=False))
        if way is not None:
            self._visit, self._welcomed = way.visit, True
            onboarding.walk = onboarding.walk.jump(way.step)
            await onboarding.save()

    def enter(self, walk: WalkScreen, *, loaded: bool) -> None:
        """Goes to the room that was asked for, once it has what it needs."""
        room = DESTINATIONS.get(self._visit or "")
        if room is None or not (loaded or room.at_once):
            return
        self._visit = None

        async def back(where: str | None) -> None:
            if self._only and where is None:
                self._leave()
                return
            self._only = False
            if where is None and self._welcomed and _nothing_done(walk):
                self.welcome(walk)
            await walk.back(where)

        self._app.push_screen(room.opens(walk.webhook, walk.draft_tester), back)

    def welcome(self, walk: WalkScreen) -> None:
        """The first screen again, over the walk."""

        async def chosen(way: StartOption | None) -> None:
            if way is not None:
                self._visit, self._welcomed = way.visit, True
                await walk.jump(way.step)
                self.enter(walk, loaded=walk.onboarding.loaded)

        self._app.push_screen(_welcome(walk.onboarding, again=True), chosen)


def _welcome(onboarding: Onboarding, *, again: bool) -> WelcomeScreen:
    from wizard.tui.screens.welcome.screen import Greeting, WelcomeScreen

    greeting = Greeting(onboarding.left, is_demo=onboarding.portal is not None)
    return WelcomeScreen(greeting, again=again)


def _nothing_done(walk: WalkScreen) -> bool:
    """Whether the room that one comes back from has led nowhere."""
    nothing_stored = not any(walk.onboarding.world.values.present())
    return nothing_stored and walk.webhook.rotation.result is None
