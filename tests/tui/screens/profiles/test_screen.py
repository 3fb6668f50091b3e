"""The screen of the profiles, alone in a small app."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeAlias

import pytest
from textual.app import App
from textual.pilot import Pilot

import wizard.tui
from tests.journeys.profiles.keyring_backend import SIX, SOME, Ring, names
from wizard.journeys.profiles.profiles import Profiles
from wizard.settings import Settings
from wizard.state import StateFile
from wizard.tui.colors import DARK
from wizard.tui.controllers.profile_switcher import ProfileSwitch
from wizard.tui.dialogs.ask import AskModal
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.profiles.screen import ProfilesScreen
from wizard.values.credentials import Values
from wizard.vault import Reason, VaultError
from wizard.world import World

NOTHING = "nothing came back"


class Host(App[None]):
    """Shows the screen, and keeps what it returns."""

    CSS_PATH = Path(wizard.tui.__file__).parent / "app.tcss"

    def __init__(self, profiles: Profiles, open_: str) -> None:
        super().__init__()
        self.profiles = profiles
        self.open = open_
        self.came_back: ProfileSwitch | str | None = NOTHING
        self.register_theme(DARK)
        self.theme = DARK.name

    def on_mount(self) -> None:
        world = World.from_settings(Settings(self.open))
        world.clock = lambda: datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
        self.push_screen(ProfilesScreen(self.profiles, self.open, world), self._back)

    def _back(self, going: ProfileSwitch | None) -> None:
        self.came_back = going


class Shown:
    """A running host, with the words that tests use for it."""

    def __init__(self, app: Host, pilot: Pilot[None], state: StateFile, ring: Ring) -> None:
        self.app = app
        self.pilot = pilot
        self.state = state
        self.ring = ring

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(500):
            await self.pilot.pause(0.02)
            if holds():
                return
        pytest.fail("what was waited for did not happen:\n" + self.text())

    async def at(self, name: str) -> None:
        """Puts the cursor on a profile."""
        await self.press("home", *(["down"] * names(self.state).index(name)))

    async def named(self, name: str) -> None:
        """Answers the question for a name."""
        await self.until(lambda: isinstance(self.app.screen, AskModal))
        await self.press("ctrl+u", *name, "enter")

    @property
    def going(self) -> ProfileSwitch:
        assert isinstance(self.app.came_back, ProfileSwitch)
        return self.app.came_back

    def text(self) -> str:
        return "\n".join(
            "".join(segment.text for segment in strip)
            for strip in self.app.screen._compositor.render_strips()
        )


Show: TypeAlias = Callable[..., AbstractAsyncContextManager[Shown]]


@pytest.fixture
def show(tmp_path: Path) -> Show:
    """Shows `blog`, `default` and `shop`, the last of them with all six and a past."""

    @contextlib.asynccontextmanager
    async def shown(
        open_: str = "default", size: tuple[int, int] = (100, 30), patience: float = 0.3
    ) -> AsyncIterator[Shown]:
        state, ring = StateFile(tmp_path / "state"), Ring({"shop": SIX})
        state.save("shop", SOME)
        state.add_profile("blog")
        app = Host(Profiles(state, ring.vault, patience=patience), open_)
        async with app.run_test(size=size) as pilot:
            yield Shown(app, pilot, state, ring)

    return shown


@pytest.mark.parametrize("size", [(100, 30), (80, 24)])
async def test_each_profile_is_a_line_with_its_tests_and_its_tokens_end(
    show: Show, size: tuple[int, int]
) -> None:
    async with show(size=size) as s:
        await s.until(lambda: "shop" in s.text())
        blog, default, shop = (line.strip() for line in s.text().splitlines()[3:6])
        assert blog.startswith("blog            nothing tested")
        assert default.startswith("▸ default (open)  nothing tested")
        assert shop.startswith("shop            1 of 6 passed, 1 failed  token expires in ")
        assert s.ring.steps == 0
        await s.until(lambda: "switch" in s.text().splitlines()[-1])
        for key in ("new", "rename", "copy", "delete", "back"):
            assert key in s.text().splitlines()[-1]


async def test_enter_goes_on_with_the_chosen_one_and_remembers_it(show: Show) -> None:
    async with show() as s:
        await s.at("shop")
        await s.press("enter")
        assert s.going.profile == "shop"
        assert s.state.read_index().current is None
        await s.going.change()
        assert s.state.read_index().current == "shop"


async def test_escape_and_enter_on_the_open_one_stay_with_it(show: Show) -> None:
    for key in ("escape", "enter"):
        async with show() as s:
            await s.at("default")
            await s.press(key)
            assert s.app.came_back is None


async def test_the_open_one_may_not_be_the_one_that_is_meant_elsewhere(show: Show) -> None:
    async with show("blog") as s:
        await s.until(lambda: "current profile" in s.text())
        await s.at("blog")
        await s.press("enter")
        await s.until(lambda: "Switched to profile blog." in s.text())
        assert s.state.read_index().current == "blog"
        assert s.app.came_back == NOTHING


async def test_a_new_one_is_made_and_chosen(show: Show) -> None:
    async with show() as s:
        await s.press("n")
        await s.named("cafe")
        await s.until(lambda: "Created profile cafe." in s.text())
        assert names(s.state) == ["blog", "cafe", "default", "shop"]
        await s.press("enter")
        assert s.going.profile == "cafe"


@pytest.mark.parametrize(
    ("name", "why"),
    [("shop", "already"), ("Shop", "tell them apart"), ("con", "device"), ("a:b", "dashes")],
)
async def test_a_name_that_can_not_be_is_asked_again(show: Show, name: str, why: str) -> None:
    async with show() as s:
        await s.press("n")
        await s.named(name)
        await s.until(lambda: why in s.text())
        assert isinstance(s.app.screen, AskModal)
        await s.press("escape")
        assert names(s.state) == ["blog", "default", "shop"]


async def test_one_that_is_not_open_is_renamed_on_the_spot(show: Show) -> None:
    async with show() as s:
        await s.at("shop")
        await s.press("r")
        await s.named("live")
        await s.until(lambda: "shop is live now" in s.text())
        assert (s.ring.of("live"), s.ring.of("shop")) == (SIX, Values())
        assert s.state.load("live") == SOME
        assert s.app.came_back == NOTHING


async def test_the_open_one_is_renamed_when_it_is_closed(show: Show) -> None:
    async with show("shop") as s:
        await s.at("shop")
        await s.press("r")
        await s.named("live")
        await s.until(lambda: s.app.came_back != NOTHING)
        assert (s.going.profile, s.ring.of("shop")) == ("live", SIX)
        await s.going.change()
        assert s.ring.of("live") == SIX


async def test_a_copy_is_made_of_the_open_one_too(show: Show) -> None:
    async with show("shop") as s:
        await s.at("shop")
        await s.press("c")
        await s.until(lambda: "shop-copy" in s.text())
        await s.press("enter")
        await s.until(lambda: "Copied shop to shop-copy" in s.text())
        assert (s.ring.of("shop-copy"), s.ring.of("shop")) == (SIX, SIX)


async def test_deleting_asks_and_says_what_is_forgotten_at_meta(show: Show) -> None:
    async with show() as s:
        await s.at("shop")
        await s.press("x")
        await s.until(lambda: isinstance(s.app.screen, ChoiceModal))
        assert "https://theirs.example/hook" in s.text()
        await s.press("escape")
        assert s.ring.of("shop") == SIX
        await s.press("x")
        await s.until(lambda: isinstance(s.app.screen, ChoiceModal))
        await s.press("enter")
        assert s.ring.of("shop") == SIX
        await s.press("x", "down", "enter")
        await s.until(lambda: "Deleted shop." in s.text())
        assert (s.ring.of("shop"), names(s.state)) == (Values(), ["blog", "default"])


async def test_who_deletes_the_open_one_goes_on_with_the_default_one(show: Show) -> None:
    async with show("shop") as s:
        await s.at("shop")
        await s.press("x", "down", "enter")
        await s.until(lambda: s.app.came_back != NOTHING)
        assert (s.going.profile, s.ring.of("shop")) == ("default", SIX)
        await s.going.change()
        assert s.ring.of("shop") == Values()


async def test_a_keyring_that_does_not_go_along_is_said_and_the_list_is_as_it_was(
    show: Show,
) -> None:
    async with show() as s:
        s.ring.breaks, s.ring.error = 6, VaultError(Reason.LOCKED)
        await s.at("shop")
        await s.press("c", "enter")
        await s.until(lambda: "✗" in s.text() and "locked" in s.text().lower())
        assert names(s.state) == ["blog", "default", "shop"]


async def test_who_waits_sees_it_and_may_leave(show: Show) -> None:
    async with show(patience=30) as s:
        async with s.state.rotation_lock("shop", 1, lambda: None):
            await s.at("shop")
            await s.press("c", "enter")
            await s.until(lambda: "Waiting for" in s.text())
            await s.press("n", "x", "enter")
            assert isinstance(s.app.screen, ProfilesScreen)
            await s.press("escape")
            assert s.app.came_back is None
        await asyncio.sleep(0)
        assert (s.ring.of("shop"), names(s.state)) == (SIX, ["blog", "default", "shop"])


async def test_what_was_broken_off_is_shown_and_taken_up_again(show: Show) -> None:
    async with show() as s:
        with s.state.transaction() as said:
            said["profiles"]["live"] = {"taken_from": "shop"}
        await s.press("n")
        await s.named("cafe")
        await s.until(lambda: "unfinished copy of shop" in s.text())
        await s.at("shop")
        await s.press("c")
        await s.until(lambda: isinstance(s.app.screen, AskModal) and "live" in s.text())
        await s.press("enter")
        await s.until(lambda: "Copied shop to live" in s.text())
        assert "unfinished" not in s.text()


async def test_a_state_file_that_can_not_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    app = Host(Profiles(StateFile(tmp_path / "file" / "state"), Ring().vault), "default")
    async with app.run_test() as pilot:
        shown = Shown(app, pilot, StateFile(tmp_path), Ring())
        await shown.until(lambda: "Not a directory" in shown.text())
        await shown.press("r", "enter", "escape")
        assert app.came_back is None
