"""Draws the screens of the running app into this folder: `python screenshots/draw.py [NAME…]`.

`short-way` is animated: the whole short way, from the first screen to a message. `NAME@80x24`
draws a picture at another size, only to be looked at.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import moving_scenes
import scenes
from film import Film
from internet import public_host
from stage import AtHome, DesktopVault, LockedVault, Refused, Stage, Tunnel, agency

from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.tui.app import WizardApp
from wizard.tui.controllers.profile_switcher import ProfileSwitcher
from wizard.tunnel.tunnel import OwnUrl
from wizard.world import TunnelOptions

FOLDER = Path(__file__).parent
_MOMENT = 0.15
"""Seconds before each answer in a film, so that tests can be seen to run."""


@dataclass(frozen=True)
class Picture:
    """What is played, on which size and theme."""

    play: Callable[[Stage], Awaitable[None]]
    size: tuple[int, int] = (100, 30)
    theme: str = "wizard-dark"
    locked: bool = False
    tunnel: Callable[[TunnelOptions, Path], OwnUrl] = Tunnel
    agency: bool = False
    moves: bool = False
    """Whether it is a film of what is played, and not its last screen."""


PICTURES = {
    "welcome": Picture(scenes.welcome),
    "welcome-small": Picture(scenes.welcome, size=(80, 24)),
    "step": Picture(scenes.step),
    "walk": Picture(scenes.walk, size=(120, 40)),
    "walk-small": Picture(scenes.walk, size=(80, 24)),
    "walk-light": Picture(scenes.walk, size=(120, 40), theme="wizard-light"),
    "offer": Picture(scenes.offer),
    "offer-small": Picture(scenes.offer, size=(80, 24)),
    "failed": Picture(scenes.failed),
    "paste": Picture(scenes.paste),
    "summary": Picture(scenes.summary, size=(120, 40)),
    "summary-small": Picture(scenes.summary, size=(80, 24)),
    "jump": Picture(scenes.jump),
    "code": Picture(scenes.code),
    "help": Picture(scenes.help_, size=(100, 40)),
    "webhook": Picture(scenes.webhook),
    "webhook-live": Picture(scenes.webhook_live),
    "webhook-small": Picture(scenes.webhook, size=(80, 24)),
    "webhook-failed": Picture(scenes.webhook_failed, tunnel=Refused),
    "doctor": Picture(scenes.doctor),
    "doctor-small": Picture(scenes.doctor, size=(80, 24)),
    "doctor-well": Picture(scenes.doctor_well, theme="wizard-light"),
    "token": Picture(scenes.token),
    "token-small": Picture(scenes.token, size=(80, 24)),
    "discovery": Picture(scenes.discovery),
    "discovery-small": Picture(scenes.discovery, size=(80, 24)),
    "message": Picture(scenes.message),
    "message-new": Picture(scenes.message_new, size=(80, 24)),
    "rotation": Picture(scenes.rotation),
    "rotation-done": Picture(scenes.rotation_done),
    "rotation-failed": Picture(scenes.rotation_failed),
    "rotation-small": Picture(scenes.rotation_done, size=(80, 24)),
    "expiry": Picture(scenes.expiry),
    "expiry-small": Picture(scenes.expiry_at_step, size=(80, 24)),
    "profiles": Picture(scenes.profiles, agency=True),
    "profiles-small": Picture(scenes.profiles, size=(80, 24), agency=True),
    "portal": Picture(scenes.layout_question, size=(80, 24)),
    **{
        f"portal-{number.replace('.', '-')}-{layout}{end}": Picture(
            scenes.in_layout(number, layout), size=size
        )
        for number in ("6.6", "7.5", "8.3")
        for layout in ("classic", "new")
        for end, size in (("", (120, 40)), ("-small", (80, 24)))
    },
    "keyring-locked": Picture(scenes.keyring, locked=True),
    "short-way": Picture(moving_scenes.short_way, size=(88, 24), moves=True),
}


async def draw(name: str) -> Path:
    """Plays one picture and writes it."""
    known, _, size = name.partition("@")
    picture = PICTURES[known]
    if size:
        columns, _, rows = size.partition("x")
        picture = replace(picture, size=(int(columns), int(rows)))
    meta = Meta(delay=_MOMENT if picture.moves else 0.0)
    offers = demo_values(meta)

    @asynccontextmanager
    async def opening() -> AsyncIterator[Onboarding]:
        async with serve(create_app(meta)) as base_url:
            vault = LockedVault() if picture.locked else DesktopVault()
            world = AtHome.from_settings(Settings("default", base_url, GRAPH_VERSION), vault=vault)
            async with replace(world, tunnels=picture.tunnel) as there:
                yield Onboarding(there, offers=offers)

    film = Film(picture.size)
    with TemporaryDirectory() as folder:
        switcher = ProfileSwitcher(agency(Path(folder)), lambda _name: opening())
        app = WizardApp(opening, others=(lambda: switcher) if picture.agency else None)
        async with (
            public_host(Path(folder)),
            app.run_test(size=picture.size, notifications=True) as pilot,
        ):
            app.theme = picture.theme
            stage = Stage(app, pilot, offers, meta, film)
            await stage.shows("Set up the WhatsApp Cloud API")
            await picture.play(stage)
            path = FOLDER / f"{name}.svg"
            path.write_text(film.svg() if picture.moves else app.export_screenshot(), "utf-8")
    return path


async def main(names: list[str]) -> None:
    for name in names or list(PICTURES):
        print((await draw(name)).name)  # noqa: T201 - what this command is for


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
