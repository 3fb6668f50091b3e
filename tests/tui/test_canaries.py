"""No screen shows a secret, whatever Graph and its visitors tell: a walk over every one of them."""

from __future__ import annotations

import importlib
import logging
import pkgutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from textual.drivers.headless_driver import HeadlessDriver
from textual.screen import Screen

import wizard.tui
from tests.canaries.forms import AUTHTOKEN, CANARIES, NEXT_TOKEN, found, told
from tests.canaries.graph import Telling
from tests.cli.world import Pretended
from tests.journeys.profiles.keyring_backend import Ring
from tests.tui.conftest import Start, Wizard
from tests.tui.screens.webhook.playing import deliver, message, paste
from wizard.journeys.profiles.profiles import Profiles
from wizard.simulator import Meta, demo_values, serve
from wizard.state import StateFile
from wizard.tui.controllers.traffic_log import TrafficEntry
from wizard.tui.dialogs.ask import AskModal, AuthtokenModal
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.details import DetailsModal
from wizard.tui.dialogs.pin import PinModal
from wizard.tui.dialogs.qr_code import QrCodeModal
from wizard.tui.screens.doctor.url_screen import UrlDoctorScreen
from wizard.tui.screens.profiles.screen import ProfilesScreen
from wizard.tui.widgets import once
from wizard.values.credentials import Secret, plain
from wizard.webhook.event_queue import Rejected

pytestmark = pytest.mark.unlike_meta


def screens() -> set[type[Screen[Any]]]:
    """Every screen and dialog of ours, without what all of them are made from."""
    for module in pkgutil.walk_packages(wizard.tui.__path__, "wizard.tui."):
        importlib.import_module(module.name)
    every, open_ = set[type[Screen[Any]]](), list[type[Screen[Any]]]([Screen])
    while open_:
        below = open_.pop().__subclasses__()
        open_ += below
        every |= {one for one in below if one.__module__.startswith("wizard.tui.")}
    return {one for one in every if one.__module__ != once.__name__}


class Watch:
    """Reads all that a running app shows, and which screens it has shown."""

    def __init__(self, w: Wizard, written: list[str], caplog: pytest.LogCaptureFixture) -> None:
        self.w = w
        self.seen: set[type[Screen[Any]]] = set()
        self._written = written
        self._caplog = caplog

    async def look(self) -> None:
        """Fails where a secret is to be seen."""
        await self.w.pilot.pause()
        app = self.w.app
        self.seen.add(type(app.screen))
        toasts = [f"{one.title} {one.message}" for one in app._notifications]
        places = {
            "screen": self.w.text(),
            "title": f"{app.title} {app.sub_title} {app.screen.title}",
            "notifications": "\n".join(toasts),
            "terminal": "".join(self._written),
            "log": self._caplog.text,
        }
        self._written.clear()
        self._caplog.clear()
        for place, text in places.items():
            assert found(text) == [], f"{type(app.screen).__name__}, {place}:\n{text}"

    async def press(self, *keys: str) -> None:
        await self.w.press(*keys)
        await self.look()

    async def give(self, text: str, *keys: str) -> None:
        """Pastes it, and looks; then presses these, and looks again once all is tested."""
        await paste(self.w, text)
        await self.look()
        await self.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        w = self.w
        await w.until(lambda: not w.onboarding.testing and w.webhook.job is None)
        await self.look()

    async def visit(self, screen: Screen[Any], text: str = "", *keys: str) -> None:
        """Puts it in front, gives it the text, and leaves it."""
        depth = len(self.w.app.screen_stack)
        self.w.app.push_screen(screen)
        await self.look()
        if text:
            await paste(self.w, text)
        await self.press(*keys)
        while len(self.w.app.screen_stack) > depth:
            await self.press("escape")


async def _guide(watch: Watch) -> None:
    """The first screen, the guide's fields with right and wrong values, its help and jump."""
    await watch.press("enter")
    right = watch.w.onboarding.values
    for step, wrong, value in (
        ("9.3", NEXT_TOKEN, right.app_id),
        ("7.5", CANARIES["app_secret"], right.access_token),
    ):
        await watch.w.go(step)
        await watch.give(wrong, "enter")
        await watch.give(plain(value or ""))
    await watch.press("escape", "question_mark")
    await watch.press("escape", "slash", *"secret")
    await watch.press("escape", "escape")


async def _rooms(watch: Watch) -> None:
    """Every screen that has a key."""
    w = watch.w
    await w.go("11.1")
    await watch.press("escape", "w", "w")
    await w.until(lambda: w.webhook.is_open and w.webhook.job is None)
    await watch.press("r")
    await watch.settle()
    said = told("whole", ["app_secret", "access_token", "verify_token"])
    await deliver(w, message(said, name=said), w.onboarding.values.app_secret)
    await w.pilot.pause(0.1)
    await watch.press("end")
    await watch.press("enter")
    await watch.press("escape", "escape")
    for keys in (("d",), ("m", *"+16505550148"), ("r",), ("i",)):
        await watch.press(*keys)
        await watch.settle()
        if keys[0] in "ri":
            await watch.give(NEXT_TOKEN, "enter")
        if keys[0] == "m":
            await watch.press("enter", "enter")
            await watch.settle()
        while len(w.app.screen_stack) > 2:
            await watch.press("escape")


async def _dialogs(watch: Watch, folder: Path) -> None:
    """What opens under certain circumstances only."""
    w = watch.w
    at = datetime.now(UTC)
    entry = TrafficEntry(1, at, Rejected("unsigned", 401, at))
    ring = Ring({"test": w.onboarding.values})
    profiles = Profiles(StateFile(folder), ring.vault)
    await watch.visit(DetailsModal(entry))
    await watch.visit(QrCodeModal("https://wa.me/16505550148", "Write to us"))
    await watch.visit(PinModal("+1 650"), "123456")
    await watch.visit(AskModal("A profile", "Its name"), "shop", "enter")
    await watch.visit(AuthtokenModal(), AUTHTOKEN)
    await watch.visit(ChoiceModal("What now?", "One of", [("a", "This"), ("b", "That")]))
    await watch.visit(UrlDoctorScreen(w.webhook), "http://127.0.0.1:9/webhook", "enter")
    await watch.visit(ProfilesScreen(profiles, "test", w.onboarding.world))


async def test_on_every_screen(
    wizard: Start,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(1)
    for name in ("httpx", "httpcore", "asyncio", "uvicorn", "wizard"):
        logging.getLogger(name).setLevel(1)
    written: list[str] = []
    monkeypatch.setattr(HeadlessDriver, "write", lambda _self, data: written.append(data))
    monkeypatch.setenv("NGROK_AUTHTOKEN", AUTHTOKEN)
    meta = Pretended(world=Meta())
    names = ["app_secret", "access_token", "verify_token", "ngrok_authtoken"]
    values = demo_values(meta.world).with_("verify_token", Secret(CANARIES["verify_token"]))
    async with (
        serve(Telling(meta, "data", told("whole", names))) as base,
        wizard(meta=meta.world, graph_url=base, values=values, welcome=True) as w,
    ):
        watch = Watch(w, written, caplog)
        await watch.look()
        await _guide(watch)
        await _rooms(watch)
        await _dialogs(watch, tmp_path / "profiles")
    assert watch.seen == screens()
    assert found(_written_to(tmp_path)) == []


def _written_to(folder: Path) -> str:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return "\n".join(path.read_text("utf-8", "replace") for path in files)
