"""From one profile to another, with the app running."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.journeys.profiles.keyring_backend import Ring, names
from tests.tui.conftest import Direct, Start, Wizard
from tests.tui.quiet import wait_until_quiet
from tests.tui.screens.webhook.playing import listens, opened
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.profiles.profiles import Profiles
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.state import Progress, StateFile
from wizard.tui.app import WizardApp
from wizard.tui.controllers.profile_switcher import ProfileSwitcher
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.profiles.screen import ProfilesScreen
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.screens.welcome.screen import WelcomeScreen
from wizard.tui.widgets.field import Field
from wizard.values.credentials import Values
from wizard.vault import MemoryVault, Reason, VaultError
from wizard.world import World


class Run:
    """A running wizard with the profiles `shop`, which is open, `blog` and `default`."""

    def __init__(self, wizard: Wizard, state: StateFile, ring: Ring) -> None:
        self.w = wizard
        self.state = state
        self.ring = ring

    @property
    def open(self) -> str:
        return self.w.onboarding.world.profile

    async def to_list(self, name: str) -> None:
        """Opens the list, and puts the cursor on a profile."""
        await self.w.press("escape", "p")
        await self.w.until(lambda: isinstance(self.w.app.screen, ProfilesScreen))
        await self.w.until(lambda: name in self.w.text())
        await self.w.press("home", *(["down"] * names(self.state).index(name)))

    async def asked(self, text: str) -> None:
        await self.w.until(
            lambda: isinstance(self.w.app.screen, ChoiceModal) and text in self.w.text()
        )

    async def arrived(self, name: str) -> None:
        """Waits until a profile is open and drawn."""
        await self.w.until(
            lambda: (
                self.open == name
                and isinstance(self.w.app.screen, WalkScreen)
                and self.w.app.screen.onboarding is self.w.onboarding
                and name in self.w.text().partition("\n")[0]
            )
        )


Begin: TypeAlias = Callable[..., AbstractAsyncContextManager[Run]]


@pytest.fixture
def begin(tmp_path: Path) -> Begin:
    @asynccontextmanager
    async def begun(
        *, in_memory: bool = False, size: tuple[int, int] = (120, 40)
    ) -> AsyncIterator[Run]:
        meta = Meta()
        state, ring = StateFile(tmp_path / "state"), Ring({"shop": demo_values(meta)})
        for name, step in (("shop", "2.1"), ("blog", "3.1")):
            state.save(name, Progress(step=step))

        async with serve(create_app(meta)) as base_url:

            @asynccontextmanager
            async def opening(name: str) -> AsyncIterator[Onboarding]:
                settings = Settings(name, base_url, GRAPH_VERSION)
                vault = MemoryVault(demo_values(meta)) if in_memory else ring.vault(name)
                async with World.from_settings(settings, vault=vault) as world:
                    world.tunnels = Direct
                    with state.using(name):
                        yield Onboarding(world, state)

            others = ProfileSwitcher(Profiles(state, ring.vault, patience=0.5), opening)
            app = WizardApp(lambda: opening("shop"), others=lambda: others)
            async with app.run_test(size=size, notifications=True) as pilot:
                run = Run(Wizard(app, pilot, Values()), state, ring)
                await run.w.until(lambda: isinstance(app.screen, WalkScreen))
                await run.w.until(lambda: run.w.onboarding.loaded)
                try:
                    yield run
                    await wait_until_quiet()
                finally:
                    if app.webhook is not None:
                        await app.webhook.close()

    return begun


async def test_another_profile_is_opened_at_its_own_step_with_its_own_values(begin: Begin) -> None:
    async with begin() as run:
        before = run.w.onboarding
        assert run.w.at == "2.1"
        await run.to_list("blog")
        await run.w.press("enter")
        await run.arrived("blog")
        assert run.w.onboarding is not before
        assert (run.w.at, run.w.onboarding.values) == ("3.1", Values())
        assert run.state.read_index().current == "blog"
        assert len(run.w.app.screen_stack) == 2
        assert (run.state.users("shop"), len(run.state.users("blog"))) == ([], 1)
        await run.w.press("enter")
        await run.w.until(lambda: run.w.at != "3.1")
        await run.to_list("shop")
        await run.w.press("enter")
        await run.arrived("shop")
        await run.w.until(lambda: run.w.onboarding.values.app_id is not None)
        assert run.w.at == "2.1"


async def test_a_new_profile_begins_with_the_welcome(begin: Begin) -> None:
    async with begin() as run:
        await run.w.press("escape", "p", "n")
        await run.w.press(*"cafe", "enter")
        await run.w.until(lambda: "Created profile cafe" in run.w.text())
        await run.w.press("enter")
        await run.w.until(lambda: isinstance(run.w.app.screen, WelcomeScreen))
        await run.w.press("enter")
        await run.arrived("cafe")


async def test_what_is_typed_and_not_stored_is_asked_about_first(begin: Begin) -> None:
    async with begin() as run:
        await run.w.go("7.5")
        run.w.walk.query_one(Field).value = "EAAnotThis"
        await run.w.until(lambda: run.w.onboarding.unsaved == ("access_token",))
        held = run.ring.of("shop")
        for answer, opened_ in (("stay", "shop"), ("drop", "blog")):
            await run.to_list("blog")
            await run.w.press("enter")
            await run.asked("Not stored yet: Access token")
            await run.w.press(*(["end"] if answer == "stay" else ["home", "down"]), "enter")
            await run.arrived(opened_)
        assert run.ring.of("shop") == held


async def test_it_may_be_stored_on_the_way(begin: Begin) -> None:
    async with begin() as run:
        await run.w.go("7.5")
        run.w.walk.query_one(Field).value = "EAAnotThis"
        await run.w.until(lambda: run.w.onboarding.unsaved == ("access_token",))
        await run.to_list("blog")
        await run.w.press("enter")
        await run.asked("then switch")
        await run.w.press("home", "enter")
        await run.arrived("blog")
        token = run.ring.of("shop").access_token
        assert token is not None
        assert token.reveal() == "EAAnotThis"
        assert run.ring.of("blog") == Values()


async def test_what_is_in_memory_alone_is_asked_about(begin: Begin) -> None:
    async with begin(in_memory=True) as run:
        run.w.onboarding.go_on_in_memory()
        await run.to_list("blog")
        await run.w.press("enter")
        await run.asked("These values are not in the keyring")
        await run.w.press("enter")
        assert run.open == "shop"
        await run.to_list("blog")
        await run.w.press("enter", "down", "enter")
        await run.arrived("blog")


async def test_a_webhook_that_is_up_is_asked_about_and_then_closed(begin: Begin) -> None:
    async with begin() as run:
        await run.w.until(lambda: run.w.onboarding.values.verify_token is not None)
        await opened(run.w)
        url = run.w.webhook.callback_url or ""
        await run.w.press("escape")
        await run.to_list("blog")
        await run.w.press("enter")
        await run.asked("only while this wizard runs")
        await run.w.press("end", "enter")
        assert await listens(url)
        await run.to_list("blog")
        await run.w.press("enter", "home", "enter")
        await run.arrived("blog")
        assert not await listens(url)
        assert not run.w.webhook.is_open


async def test_the_open_profile_is_renamed_and_opened_under_its_new_name(begin: Begin) -> None:
    async with begin() as run:
        held = run.ring.of("shop")
        await run.to_list("shop")
        await run.w.press("r", "ctrl+u", *"live", "enter")
        await run.arrived("live")
        assert (run.ring.of("live"), run.ring.of("shop")) == (held, Values())
        assert names(run.state) == ["blog", "default", "live"]
        await run.w.until(lambda: run.w.onboarding.values == held)
        assert run.w.at == "2.1"


async def test_the_open_profile_is_deleted_and_the_default_one_is_opened(begin: Begin) -> None:
    async with begin() as run:
        await run.to_list("shop")
        await run.w.press("x", "down", "enter")
        await run.w.until(lambda: isinstance(run.w.app.screen, WelcomeScreen))
        await run.w.press("enter")
        await run.arrived("default")
        assert (run.ring.of("shop"), "shop" in names(run.state)) == (Values(), False)


async def test_a_rename_that_the_keyring_refuses_opens_the_same_profile_again(begin: Begin) -> None:
    async with begin() as run:
        held = run.ring.of("shop")
        await run.to_list("shop")
        run.ring.breaks, run.ring.error = run.ring.steps + 5, VaultError(Reason.LOCKED)
        await run.w.press("r", "ctrl+u", *"live", "enter")
        await run.w.until(lambda: "locked" in run.w.text().lower())
        await run.arrived("shop")
        assert run.ring.of("shop") == held
        assert names(run.state) == ["blog", "default", "shop"]


async def test_what_another_program_has_open_is_not_taken_from_under_it(begin: Begin) -> None:
    async with begin() as run:
        with run.state.using("blog"):
            await run.to_list("blog")
            await run.w.press("x", "down", "enter")
            await run.w.until(lambda: "is open in another" in run.w.text())
        assert "blog" in names(run.state)


async def test_leaving_after_a_switch_leaves(begin: Begin) -> None:
    async with begin() as run:
        await run.to_list("blog")
        await run.w.press("enter")
        await run.arrived("blog")
        await run.w.press("ctrl+q")
        await run.w.gone()
        assert run.state.load("blog").step == "3.1"


async def test_the_first_chapter_s_footer_names_the_key_and_a_click_does_it_too(
    begin: Begin,
) -> None:
    async with begin(size=(80, 24)) as run:
        assert "profiles" not in run.w.last_line()
        await run.w.go("1")
        await run.w.until(lambda: "p profiles" in run.w.last_line())
        commands = {command.title for command in run.w.app.get_system_commands(run.w.walk)}
        assert "Manage profiles" in commands
        await run.w.pilot.click("#profile")
        await run.w.until(lambda: isinstance(run.w.app.screen, ProfilesScreen))


async def test_where_there_is_one_profile_alone_the_key_does_nothing(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("1")
        await w.press("escape", "p")
        await w.pilot.click("#profile")
        assert isinstance(w.app.screen, WalkScreen)
        assert "profiles" not in w.last_line()
        assert "Manage profiles" not in {c.title for c in w.app.get_system_commands(w.walk)}
