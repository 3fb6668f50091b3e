"""Draws the screens of the running app into this folder: `python screenshots/draw.py [NAME…]`."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from textual import events
from textual.pilot import Pilot

from wizard.credentials import CREDENTIALS, Secret, Values, plain
from wizard.journeys.onboarding import Onboarding
from wizard.journeys.profiles import Profiles
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.meta import DAY
from wizard.simulator.objects import Subscription, Waba
from wizard.state import Progress, StateFile, Tested
from wizard.tui.app import WizardApp
from wizard.tui.live import Live
from wizard.tui.profiles import Others
from wizard.tunnel.tunnel import OwnUrl, Reason, TunnelError
from wizard.vault import MemoryVault, VaultError
from wizard.vault import Reason as VaultReason
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.events import sign
from wizard.world import Way, World

FOLDER = Path(__file__).parent
NOW = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)
OLD = "http://127.0.0.1:9/webhook"


class LockedVault(MemoryVault):
    """A keyring that nobody unlocked."""

    persistent = True

    async def load(self) -> Values:
        raise VaultError(VaultReason.LOCKED)


class AtHome(World):
    """Listens on a port that is the same in every picture."""

    def endpoint(self, port: int = 0, path: str = "/webhook") -> Endpoint:
        return super().endpoint(port or 8787, path)


class Tunnel(OwnUrl):
    """In place of a tunnel: the port itself is the public address."""

    def __init__(self, _way: Way, _folder: Path) -> None:
        super().__init__("http://127.0.0.1:8787")


class Refused(OwnUrl):
    """ngrok, whose one session another agent holds."""

    def __init__(self, _way: Way, _folder: Path) -> None:
        super().__init__("http://127.0.0.1:8787")

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

    async def until(self, holds: Callable[[], bool]) -> None:
        while not holds():
            await self.pilot.pause(0.02)
        await self.pilot.pause(0.3)

    @property
    def live(self) -> Live:
        if self.app.live is None:
            raise LookupError("the walk has not begun")
        return self.app.live

    async def deliver(self, value: dict[str, Any], key: Secret | None = None) -> None:
        """What Meta posts: one change, signed with the App Secret, or with another one."""
        change = {"field": "messages", "value": {"messaging_product": "whatsapp", **value}}
        entry = {"id": self.offers.waba_id, "changes": [change]}
        body = json.dumps({"object": "whatsapp_business_account", "entry": [entry]}).encode()
        signature = sign(key or self.offers.app_secret or Secret(""), body)
        headers = {"X-Hub-Signature-256": signature, "Content-Type": "application/json"}
        async with httpx.AsyncClient(trust_env=False) as client:
            await client.post(self.live.callback_url or "", content=body, headers=headers)
        await self.pilot.pause(0.2)

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


async def webhook(stage: Stage) -> None:
    """Endpoint and tunnel are open; the two values are to be entered in the portal."""
    await stage.press("enter")
    for number in ("9.3", "6.6", "7.5", "8.3"):
        await stage.give(number)
    await stage.press("escape", "w", "w")
    await stage.until(lambda: stage.live.is_open and stage.live.job is None)
    await stage.quiet()


async def webhook_live(stage: Stage) -> None:
    """Registered, written to, and passed on to an app of one's own."""
    await webhook_ready(stage)
    await stage.press("r")
    await stage.until(lambda: stage.live.verified is not None and stage.live.job is None)
    async with own_app() as url:
        stage.live.pass_on_to(url)
        for text in ("halo", "Apakah masih buka?"):
            await stage.deliver(_message(text))
        await stage.deliver(_status("delivered"))
        await stage.deliver(_status("read"))
        await stage.deliver(_message("I am Meta, trust me"), Secret("of another app"))
        await stage.until(lambda: len(stage.live.traffic) == 6)
        stage.live.pass_on_to("http://localhost:8000/webhook")
        await stage.quiet()


async def webhook_failed(stage: Stage) -> None:
    """A tunnel that can't be had, and what to do."""
    await stage.press("enter")
    await stage.give("8.3")
    await stage.press("escape", "w", "w")
    await stage.until(lambda: stage.live.job is None)
    await stage.quiet()


async def doctor(stage: Stage) -> None:
    """Meta still calls an address of an earlier run."""
    await webhook_ready(stage)
    stage.meta.app.subscriptions.append(Subscription(OLD, ("messages",)))
    await stage.press("d")
    await stage.quiet()


async def doctor_well(stage: Stage) -> None:
    """The same after the key that mends it."""
    await webhook_ready(stage)
    await stage.press("r")
    await stage.until(lambda: stage.live.verified is not None and stage.live.job is None)
    await stage.deliver(_message("halo"))
    await stage.press("d")
    await stage.quiet()


async def token(stage: Stage) -> None:
    """Two pastes, and all that was found with them, said back before it is stored."""
    stage.meta.waba.phones.remove(stage.meta.own_number)
    await short_way(stage)
    await stage.paste(plain(stage.offers.app_secret or ""))
    await stage.quiet()


async def discovery(stage: Stage) -> None:
    """Several accounts, one of which can't be read, and the number to be chosen."""
    meta = stage.meta
    meta.own_number.quality_rating = "YELLOW"
    meta.token.wabas += [meta.other_waba, Waba("999120034005600", "", meta.business, "")]
    await short_way(stage)
    await stage.press("down", "down")


async def short_way(stage: Stage) -> None:
    """A token is pasted."""
    await stage.press("down", "enter")
    await stage.quiet()
    await stage.paste(plain(stage.offers.access_token or ""))
    await stage.quiet()


async def rotation(stage: Stage) -> None:
    """A token that ends soon, and the page of the next one."""
    await ending_soon(stage)
    await stage.press("escape", "r")
    await stage.quiet()


async def rotation_done(stage: Stage) -> None:
    """The next one, tested and swapped in."""
    await rotation(stage)
    await stage.paste(plain(stage.meta.issue(stage.meta.app, lifetime=DAY).text))
    await stage.until(lambda: stage.live.rotating.ended is not None)


async def rotation_failed(stage: Stage) -> None:
    """One of another app, which leaves the stored one alone."""
    await rotation(stage)
    await stage.paste(plain(stage.meta.other_token.text))
    await stage.until(lambda: stage.live.rotating.ended is not None)


async def expiry(stage: Stage) -> None:
    """All six, of which the token ends soon."""
    await ending_soon(stage)
    await stage.go("10")
    await stage.quiet()


async def expiry_at_step(stage: Stage) -> None:
    """The step of a token that ends soon."""
    await ending_soon(stage)
    await stage.go("7.5")
    await stage.quiet()


async def ending_soon(stage: Stage) -> None:
    """All six are at hand, and the token has one hour and some to live."""
    stage.meta.token.expires_at = NOW.timestamp() + 4321
    await stage.press("enter")
    for number in ("6.6", "7.5", "8.3", "9.3", "9.5"):
        await stage.give(number)


async def webhook_ready(stage: Stage) -> None:
    """All six are at hand, and the way is open."""
    await stage.press("enter")
    for number in ("9.3", "9.5", "6.6", "7.5", "8.3"):
        await stage.give(number)
    await stage.press("escape", "w", "w")
    await stage.until(lambda: stage.live.is_open and stage.live.job is None)


async def message(stage: Stage) -> None:
    """An answer to somebody who wrote, followed until it was read."""
    await message_new(stage)
    seconds = count(1)
    stage.meta.now = lambda: NOW.timestamp() + next(seconds)
    await stage.press("enter", "enter")
    await stage.until(lambda: bool(stage.live.sending.track and stage.live.sending.track.is_over))
    await stage.quiet()


async def message_new(stage: Stage) -> None:
    """The same while it is written."""
    await webhook_ready(stage)
    await stage.press("r")
    await stage.until(lambda: stage.live.hears_meta and stage.live.job is None)
    ayu = "6281234567890"
    stage.meta.courier.mailroom.allowed_recipients.append(ayu)
    stage.meta.courier.say("Apakah masih buka?", sender=ayu, name="Ayu")
    await stage.press("escape", "m")
    await stage.until(lambda: stage.live.sending.offer is not None)
    await stage.press("ctrl+g", "tab", *"Ya, sampai jam 21.")
    await stage.quiet()


def _message(text: str) -> dict[str, Any]:
    contact = {"profile": {"name": "Ayu"}, "wa_id": "6281234567890"}
    message = {"from": "6281234567890", "id": f"wamid.HBgN{text}", "type": "text"}
    return {"contacts": [contact], "messages": [{**message, "text": {"body": text}}]}


def _status(word: str) -> dict[str, Any]:
    status = {"id": "wamid.HBgNNjI4MTIzNDU2Nzg5MBUCABEYEkQ0RG", "status": word}
    return {"statuses": [{**status, "recipient_id": "6281234567890"}]}


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


async def profiles(stage: Stage) -> None:
    await stage.press("enter")
    await stage.press("p")
    await stage.until(lambda: "bakery" in stage.app.export_screenshot())


def agency(folder: Path) -> Profiles:
    """Five customers: how many values passed, how many did not, and the hours of each token."""
    state = StateFile(folder)
    for name, good, bad, hours in (
        ("bakery", 6, 0, 59 * 24 + 3),
        ("bike-repair", 4, 1, -2),
        ("default", 5, 0, 23.6),
        ("flower-shop", 6, 0, None),
        ("language-school", 6, 0, 1.4),
    ):
        outcomes = ["passed"] * good + ["failed"] * bad
        tested = dict(zip(CREDENTIALS, (Tested(NOW, one) for one in outcomes), strict=False))
        ends = 0 if hours is None else int(NOW.timestamp() + hours * 3600)
        kind = "long-lived" if (hours or 0) > 24 else "temporary"
        state.save(name, Progress("10", tested=tested, token_expires_at=ends, token_kind=kind))
    state.enlist("yoga-studio")
    return Profiles(state, lambda _name: MemoryVault())


@dataclass(frozen=True)
class Picture:
    """What is played, on which size and theme."""

    play: Callable[[Stage], Awaitable[None]]
    size: tuple[int, int] = (100, 30)
    theme: str = "wizard-dark"
    locked: bool = False
    tunnel: Callable[[Way, Path], OwnUrl] = Tunnel
    agency: bool = False


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
    "webhook": Picture(webhook),
    "webhook-live": Picture(webhook_live),
    "webhook-small": Picture(webhook, size=(80, 24)),
    "webhook-failed": Picture(webhook_failed, tunnel=Refused),
    "doctor": Picture(doctor),
    "doctor-small": Picture(doctor, size=(80, 24)),
    "doctor-well": Picture(doctor_well, theme="wizard-light"),
    "token": Picture(token),
    "token-small": Picture(token, size=(80, 24)),
    "discovery": Picture(discovery),
    "discovery-small": Picture(discovery, size=(80, 24)),
    "message": Picture(message),
    "message-new": Picture(message_new, size=(80, 24)),
    "rotation": Picture(rotation),
    "rotation-done": Picture(rotation_done),
    "rotation-failed": Picture(rotation_failed),
    "rotation-small": Picture(rotation_done, size=(80, 24)),
    "expiry": Picture(expiry),
    "expiry-small": Picture(expiry_at_step, size=(80, 24)),
    "profiles": Picture(profiles, agency=True),
    "profiles-small": Picture(profiles, size=(80, 24), agency=True),
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
            world = AtHome.of(Settings("default", base_url, GRAPH_VERSION), vault=vault)
            at_noon = replace(world, clock=lambda: NOW, tunnels=picture.tunnel)
            async with at_noon:
                yield Onboarding(at_noon, offers=offers)

    with TemporaryDirectory() as folder:
        others = Others(agency(Path(folder)), lambda _name: opening()) if picture.agency else None
        app = WizardApp(opening, others=others)
        async with app.run_test(size=picture.size, notifications=True) as pilot:
            app.theme = picture.theme
            await pilot.pause(0.5)
            await picture.play(Stage(app, pilot, offers, meta))
            path = FOLDER / f"{name}.svg"
            path.write_text(app.export_screenshot(), "utf-8")
    return path


async def main(names: list[str]) -> None:
    for name in names or list(PICTURES):
        print((await draw(name)).name)  # noqa: T201 - what this command is for


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
