"""Where the pictures are played: simulated places, and the app with the keys to play it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from film import Film
from internet import HOST, PORT
from textual import events
from textual.pilot import Pilot

from wizard.guide import guide
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.profiles.profiles import Profiles
from wizard.simulator import Meta
from wizard.state import CheckRecord, Progress, StateFile
from wizard.tui.app import WizardApp
from wizard.tui.controllers.webhook import WebhookController
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tunnel.tunnel import OwnUrl, Reason, TunnelError
from wizard.values.credentials import CREDENTIALS, Secret, Values
from wizard.vault import Backend, MemoryVault, VaultError
from wizard.vault import Reason as VaultReason
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.signature import sign
from wizard.world import TunnelOptions, World

_PATIENCE = 30.0


class DesktopVault(MemoryVault):
    """In place of the keyring of a desktop, which nobody's pictures are to be drawn from."""

    persistent = True

    async def describe(self) -> Backend:
        return Backend("GNOME Keyring")


class LockedVault(MemoryVault):
    """A keyring that nobody unlocked."""

    persistent = True

    async def load(self) -> Values:
        raise VaultError(VaultReason.LOCKED)


class AtHome(World):
    """Listens on a port that is the same in every picture."""

    def endpoint(self, port: int = 0, path: str = "/webhook") -> Endpoint:
        return super().endpoint(port or PORT, path)


class Tunnel(OwnUrl):
    """In place of ngrok: a public host that leads to this machine's port."""

    kind = "ngrok"

    def __init__(self, _way: TunnelOptions, _folder: Path) -> None:
        super().__init__(f"https://{HOST}")


class Refused(OwnUrl):
    """ngrok, whose one session another agent holds."""

    def __init__(self, _way: TunnelOptions, _folder: Path) -> None:
        super().__init__(f"https://{HOST}")

    async def open(self, port: int) -> str:
        raise TunnelError(
            Reason.SESSION_LIMIT,
            "Your account is limited to 1 simultaneous ngrok agent sessions",
            "ERR_NGROK_108",
        )


@dataclass
class Stage:
    """The app and the keys to play it with."""

    app: WizardApp
    pilot: Pilot[None]
    offers: Values
    meta: Meta
    film: Film

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause(0.1)

    async def go(self, step: str) -> None:
        """Goes to a step by its number, once the guide is on screen."""
        await self.until(lambda: isinstance(self.app.screen, WalkScreen))
        onboarding = self.onboarding
        await self.press("escape", "slash", *step, "enter")
        await self.until(lambda: onboarding.walk.at == step)

    async def paste(self, text: str) -> None:
        self.app.post_message(events.Paste(text))
        await self.quiet()

    async def give(self, step: str) -> None:
        """Fills the step's fields with the demo's values, and waits until they are stored."""
        await self.go(step)
        await self.press("ctrl+g")
        onboarding, names = self.onboarding, guide().by_id[step].yields
        await self.until(
            lambda: all(onboarding.world.values.get(name) is not None for name in names)
        )
        await self.quiet()

    async def until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self.pilot.pause(0.02)
        await self.pilot.pause(0.3)

    @property
    def onboarding(self) -> Onboarding:
        if self.app.onboarding is None:
            raise LookupError("the walk has not begun")
        return self.app.onboarding

    @property
    def webhook(self) -> WebhookController:
        if self.app.webhook is None:
            raise LookupError("the walk has not begun")
        return self.app.webhook

    async def deliver(self, value: dict[str, Any], key: Secret | None = None) -> None:
        """What Meta posts: one change, signed with the App Secret, or with another one."""
        change = {"field": "messages", "value": {"messaging_product": "whatsapp", **value}}
        entry = {"id": self.offers.waba_id, "changes": [change]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        signature = sign(key or self.offers.app_secret or Secret(""), body)
        headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(f"http://127.0.0.1:{PORT}/webhook", content=body, headers=headers)
        await self.pilot.pause(0.2)

    async def shows(self, *texts: str) -> None:
        """Waits until all of these stand on the screen."""

        def drawn() -> str:
            strips = self.app.screen._compositor.render_strips()
            return "\n".join("".join(part.text for part in strip) for strip in strips)

        try:
            async with asyncio.timeout(_PATIENCE):
                while not all(text in drawn() for text in texts):
                    await self.pilot.pause(0.01)
        except TimeoutError:
            raise LookupError(f"{texts} did not come to be:\n{drawn()}") from None

    async def take(self, seconds: float, *, at_once: bool = False) -> None:
        """A moment of the film, for so many seconds: once all is drawn, or `at_once` where it is
        over in a moment."""
        await self.pilot.pause(0.0 if at_once else 0.3)
        self.film.take(self.app, seconds)

    async def quiet(self) -> None:
        """Waits until nothing is typed, tested or stored any more."""
        await self.pilot.pause(0.6)
        while self.app.onboarding is None or self.app.onboarding.testing:
            await self.pilot.pause(0.05)
        await self.pilot.pause(0.3)


@asynccontextmanager
async def own_app() -> AsyncIterator[str]:
    """Somebody's own server, which takes everything."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(65536)
        await asyncio.sleep(0.01)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


def agency(folder: Path) -> Profiles:
    """Five customers: how many values passed, how many did not, and the hours of each token."""
    state, now = StateFile(folder), datetime.now(UTC)
    for name, good, bad, hours in (
        ("bakery", 6, 0, 59 * 24 + 3),
        ("bike-repair", 4, 1, -2),
        ("default", 5, 0, 23.6),
        ("flower-shop", 6, 0, None),
        ("language-school", 6, 0, 1.4),
    ):
        outcomes = ["passed"] * good + ["failed"] * bad
        tested = dict(zip(CREDENTIALS, (CheckRecord(now, one) for one in outcomes), strict=False))
        ends = 0 if hours is None else int(now.timestamp() + hours * 3600)
        kind = "long-lived" if (hours or 0) > 24 else "temporary"
        state.save(name, Progress("10", tested=tested, token_expires_at=ends, token_kind=kind))
    state.add_profile("yoga-studio")
    return Profiles(state, lambda _name: MemoryVault())
