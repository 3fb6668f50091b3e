"""Draws the screens of the running app into this folder: `python screenshots/draw.py [NAME…]`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from textual import events
from textual.pilot import Pilot

from wizard.credentials import Values, plain
from wizard.journeys.onboarding import Onboarding
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.tui.app import WizardApp
from wizard.vault import MemoryVault, Reason, VaultError
from wizard.world import World

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)


class LockedVault(MemoryVault):
    """A keyring that nobody unlocked."""

    persistent = True

    async def load(self) -> Values:
        raise VaultError(Reason.LOCKED)


@dataclass
class Stage:
    """The app and the keys to play it with."""

    app: WizardApp
    pilot: Pilot[None]
    offers: Values

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause(0.1)

    async def go(self, step: str) -> None:
        await self.press("escape", "slash", *step, "enter")

    async def paste(self, text: str) -> None:
        self.app.post_message(events.Paste(text))
        await self.quiet()

    async def give(self, step: str) -> None:
        await self.go(step)
        await self.press("ctrl+g")
        await self.quiet()

    async def quiet(self) -> None:
        """Waits until nothing is typed, tested or stored any more."""
        await self.pilot.pause(0.6)
        while self.app.onboarding is None or self.app.onboarding.testing:
            await self.pilot.pause(0.05)
        await self.pilot.pause(0.3)


async def welcome(_stage: Stage) -> None:
    """The first screen."""


async def step(stage: Stage) -> None:
    """A step to read."""
    await stage.press("enter")
    for _ in range(8):
        await stage.press("enter")


async def walk(stage: Stage) -> None:
    """A token just pasted, tested and stored."""
    await stage.press("enter")
    for number in ("9.3", "9.5", "6.6"):
        await stage.give(number)
    for _ in range(30):
        await stage.press("escape", "left")
    for _ in range(26):
        await stage.press("escape", "enter")
    await stage.give("7.5")


async def failed(stage: Stage) -> None:
    """A value in the wrong field, and what Meta offers in its place."""
    await stage.press("enter")
    await stage.give("7.5")
    await stage.go("6.6")
    await stage.paste(stage.offers.waba_id or "")


async def paste(stage: Stage) -> None:
    """One paste that fills three fields."""
    await stage.press("enter")
    await stage.go("6.6")
    values = stage.offers
    await stage.paste(
        f"Phone number ID: {values.phone_number_id}\n"
        f"WhatsApp Business Account ID: {values.waba_id}\n"
        f"Access token\n{plain(values.access_token or '')}"
    )


async def summary(stage: Stage) -> None:
    """All six."""
    await stage.press("enter")
    for number in ("6.6", "7.5", "8.3", "9.3", "9.5"):
        await stage.give(number)
    await stage.go("10")
    await stage.quiet()


async def jump(stage: Stage) -> None:
    """Going to a step by words."""
    await stage.press("enter", "slash", *"secret")


async def code(stage: Stage) -> None:
    """A page as a QR code."""
    await stage.press("enter", "enter", "o")
    await stage.pilot.pause(0.3)


async def help_(stage: Stage) -> None:
    """Every key."""
    await stage.press("enter", "question_mark")


async def keyring(stage: Stage) -> None:
    """A keyring that is locked."""
    await stage.press("enter")
    await stage.pilot.pause(0.3)


@dataclass(frozen=True)
class Picture:
    """What is played, on which size and theme."""

    play: Callable[[Stage], Awaitable[None]]
    size: tuple[int, int] = (100, 30)
    theme: str = "wizard-dark"
    locked: bool = False


PICTURES = {
    "welcome": Picture(welcome),
    "step": Picture(step),
    "walk": Picture(walk, size=(120, 40)),
    "walk-small": Picture(walk, size=(80, 24)),
    "walk-light": Picture(walk, size=(120, 40), theme="wizard-light"),
    "failed": Picture(failed),
    "paste": Picture(paste),
    "summary": Picture(summary, size=(120, 40)),
    "jump": Picture(jump),
    "code": Picture(code),
    "help": Picture(help_, size=(100, 40)),
    "keyring-locked": Picture(keyring, locked=True),
}


async def draw(name: str) -> Path:
    """Plays one picture and writes it."""
    picture = PICTURES[name]
    meta = Meta(now=NOW.timestamp)
    offers = demo_values(meta)

    @asynccontextmanager
    async def opening() -> AsyncIterator[Onboarding]:
        async with serve(create_app(meta)) as base_url:
            vault = LockedVault() if picture.locked else MemoryVault()
            world = World.of(Settings("default", base_url, GRAPH_VERSION), vault=vault)
            async with replace(world, clock=lambda: NOW) as at_noon:
                yield Onboarding(at_noon, offers=offers)

    app = WizardApp(opening)
    async with app.run_test(size=picture.size, notifications=True) as pilot:
        app.theme = picture.theme
        await pilot.pause(0.5)
        await picture.play(Stage(app, pilot, offers))
        path = FOLDER / f"{name}.svg"
        path.write_text(app.export_screenshot(), "utf-8")
    return path


async def main(names: list[str]) -> None:
    for name in names or list(PICTURES):
        print((await draw(name)).name)  # noqa: T201 - what this command is for


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
