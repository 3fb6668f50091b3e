"""A wizard on a simulated Meta, driven by a pilot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, Self, TypeAlias
from weakref import WeakKeyDictionary

import pytest
from rich.console import RenderableType
from textual._compositor import Compositor
from textual._queue import Queue
from textual.geometry import Region
from textual.message_pump import MessagePump
from textual.pilot import Pilot
from textual.screen import Screen
from textual.strip import Strip

from tests.tui.alike import found_out_once
from tests.tui.quiet import wait_until_quiet
from wizard.guide import guide
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.simulated_portal import Portal
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.state import Progress, StateFile
from wizard.tui.app import WizardApp
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.screens.welcome.screen import WelcomeScreen
from wizard.tunnel.tunnel import Changes, Tunnel, TunnelChange
from wizard.values.credentials import Values
from wizard.vault import MemoryVault, Vault
from wizard.world import TunnelOptions, World

_READ: WeakKeyDictionary[Compositor, str] = WeakKeyDictionary()
"""What was read on a screen since it was drawn last."""


class Direct:
    """In place of a tunnel: the port itself is the public address."""

    kind = "direct"

    def __init__(self, way: TunnelOptions, _folder: Path) -> None:
        self.way = way
        self.url: str | None = None
        self.changes = Changes()

    async def open(self, port: int) -> str:
        self.url = f"http://127.0.0.1:{port}"
        self.changes.emit(TunnelChange("up", self.url))
        return self.url

    async def close(self) -> None:
        self.url = None
        self.changes.emit(TunnelChange("closed"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()


class Wizard:
    """A running app, with the words that tests use for it."""

    def __init__(self, app: WizardApp, pilot: Pilot[None], offers: Values) -> None:
        self.app = app
        self.pilot = pilot
        self.offers = offers

    @property
    def onboarding(self) -> Onboarding:
        assert self.app.onboarding is not None
        return self.app.onboarding

    @property
    def walk(self) -> WalkScreen:
        return next(s for s in self.app.screen_stack if isinstance(s, WalkScreen))

    @property
    def webhook(self) -> WebhookController:
        assert self.app.webhook is not None
        return self.app.webhook

    @property
    def at(self) -> str:
        return self.onboarding.walk.at

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def gone(self) -> None:
        """Waits until the app has been left; fails where it stays."""
        async with asyncio.timeout(8):
            while self.app._exit is False:
                await asyncio.sleep(0.02)

    async def go(self, step: str) -> None:
        """Goes to a step by its number, without the dialog in which a person types it."""
        await self.press("escape")
        self.walk.call_later(self.walk.jump, step)
        await self.until(lambda: self.at == step)
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool], *, seconds: float = 20.0) -> None:
        """Waits for something to become true on screen; fails where it does not."""
        for _ in range(int(seconds / 0.02)):
            await asyncio.sleep(0.02)
            if holds():
                await self.pilot.pause(0)
                return
        pytest.fail("what was waited for did not happen:\n" + self.text())

    def text(self) -> str:
        """What stands on the screen, line by line."""
        compositor = self.app.screen._compositor
        if compositor not in _READ:
            strips = compositor.render_strips()
            _READ[compositor] = "\n".join("".join(s.text for s in strip) for strip in strips)
        return _READ[compositor]

    def last_line(self) -> str:
        """What stands in the screen's last line; what is above it is not drawn for that. A screen
        that has just been opened may have none yet: `IndexError`."""
        compositor = self.app.screen._compositor
        if compositor in _READ:
            return _READ[compositor].splitlines()[-1]
        width, height = compositor.size
        line = Region(0, height - 1, width, 1)
        chops = compositor._render_chops(line, line.line_range.__contains__)
        return Strip.join(chops[-1].values()).text


@pytest.fixture(scope="session", autouse=True)
def alike_for_all() -> Iterator[None]:
    with found_out_once():
        yield


@pytest.fixture(scope="session", autouse=True)
def drawn_where_looked_at() -> Iterator[None]:
    """A headless app throws away what it has drawn, at each change; here it is drawn when a test
    looks at it. What goes to a terminal is looked at in `tests/e2e`."""
    draw = Compositor.render_update

    def unseen(
        compositor: Compositor,
        full: bool = False,
        screen_stack: list[Screen[Any]] | None = None,
        simplify: bool = False,
    ) -> RenderableType | None:
        _READ.pop(compositor, None)
        if full or simplify:
            return draw(compositor, full, screen_stack, simplify)
        compositor._dirty_regions.clear()
        return None

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Compositor, "render_update", unseen)
        yield


@pytest.fixture(scope="session", autouse=True)
def waited_for_where_busy() -> Iterator[None]:
    """A pilot's pause puts a message in the queue of each widget and waits until all are read;
    here it asks only those that are not waiting for one: the rest have nothing left to do."""

    def is_idle(pump: MessagePump) -> bool:
        queue: Queue[Any] = pump._message_queue
        return queue.empty() and bool(queue.ready_event._waiters)

    ask = Pilot._wait_for_screen

    async def wait(pilot: Pilot[Any], timeout: float = 30.0) -> bool:
        pumps = [pilot.app, *pilot.app.screen.walk_children(with_self=True)]
        return all(map(is_idle, pumps)) or await ask(pilot, timeout)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Pilot, "_wait_for_screen", wait)
        for module in ("app", "pilot"):
            patch.setattr(f"textual.{module}.wait_for_idle", wait_until_quiet)
        yield


@pytest.fixture
def meta() -> Meta:
    return Meta()


@pytest.fixture
def values(meta: Meta) -> Values:
    return demo_values(meta)


Start: TypeAlias = Callable[..., AbstractAsyncContextManager[Wizard]]


@pytest.fixture
def wizard(tmp_path: Path) -> Start:
    """Starts a wizard: `async with wizard() as w`. By default its vault is in memory, its state in
    a folder of the test, and it begins behind the welcome screen."""

    @asynccontextmanager
    async def start(
        *,
        size: tuple[int, int] = (120, 40),
        meta: Meta | None = None,
        vault: Vault | None = None,
        graph_url: str | None = None,
        offering: bool = True,
        welcome: bool = False,
        state: StateFile | None = None,
        portal: Callable[[str, Meta], Portal] | None = None,
        tunnels: Callable[[TunnelOptions, Path], Tunnel] = Direct,
        values: Values | None = None,
        minute: float = 60.0,
    ) -> AsyncIterator[Wizard]:
        pretended = meta or Meta()
        offers = demo_values(pretended)
        remembered = state or StateFile(tmp_path / "state")
        if not welcome and state is None:
            remembered.save("test", Progress(step=guide().steps[0].id))

        @asynccontextmanager
        async def opening() -> AsyncIterator[Onboarding]:
            async with serve(create_app(pretended)) as base_url:
                settings = Settings("test", graph_url or base_url, GRAPH_VERSION)
                async with World.from_settings(
                    settings, vault=vault or MemoryVault(values)
                ) as world:
                    world.tunnels = tunnels
                    pressed = portal(base_url, pretended) if portal else None
                    yield Onboarding(world, remembered, offers if offering else None, pressed)

        app = WizardApp(opening, minute=minute)
        async with app.run_test(size=size, notifications=True) as pilot:
            w = Wizard(app, pilot, offers)
            await w.until(lambda: len(app.screen_stack) > 1)
            if not welcome:
                if isinstance(app.screen, WelcomeScreen):
                    await w.press("enter")
                await w.until(lambda: any(isinstance(s, WalkScreen) for s in app.screen_stack))
            try:
                yield w
                await wait_until_quiet()  # what a test has begun is not cut off before it runs
            finally:
                if app.webhook is not None:
                    await app.webhook.close()

    return start
