"""The TUI on a profile of one's own."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager, suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from wizard.cli.output.lines import say
from wizard.support import garbage
from wizard.support.quiet import hushed
from wizard.support.threads import run_in_thread
from wizard.vault import ShutVault, VaultError, waiting
from wizard.vault.backends import asks_on_terminal, is_foreign, unlock_on_terminal
from wizard.vault.first_question import await_first_answer

if TYPE_CHECKING:
    from wizard.journeys.onboarding.onboarding import Onboarding
    from wizard.journeys.rotation.rotation import RotationResult
    from wizard.settings import Settings
    from wizard.tui.app import WizardApp
    from wizard.tui.controllers.profile_switcher import ProfileSwitcher
    from wizard.tui.screens.welcome.screen import Greeting

    Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Onboarding]]

INTERRUPTED = 130
_PATIENCE = 10.0


def has_terminal() -> bool:
    """Whether a screen can be drawn; a dumb terminal, such as an editor's shell, only prints."""
    is_dumb = os.environ.get("TERM") == "dumb"
    return sys.stdin.isatty() and sys.stdout.isatty() and not is_dumb


def walk(profile: str | None, layout: str | None = None) -> int:
    """The walk through the portal, in the layout that is named or remembered; returns the exit
    code."""
    from wizard.cli.input.settings import settings_for

    settings = settings_for(profile)
    if not has_terminal():
        say(
            "The guide needs a terminal. Without one, use whatsapp-wizard status, check or set.",
            err=True,
        )
        return 2
    if layout is not None:
        from wizard.cli.input.world import remember_layout

        if error := remember_layout(settings, layout):
            say(f"Can't save the portal's layout: {error}", err=True)
    shut = shut_on_screen(settings.profile)
    return run_app(
        lambda: _stored(settings, shut),
        lambda: _greeting(settings),
        lambda: _others(settings, shut),
    )


def shut_on_screen(profile: str) -> VaultError | None:
    """Has a keyring that asks on the terminal ask before the first screen is drawn over it. Where
    it stays shut, why: it is not to ask again, as keys go to the screen then."""
    with hushed():
        asks = asks_on_terminal()
    try:
        if asks:
            unlock_on_terminal()
        elif is_foreign():
            await_first_answer(profile)
    except VaultError as error:
        return VaultError(
            error.reason,
            f"{error.detail} asks for its password on the terminal, before the first screen. "
            "To be asked again: leave, and start whatsapp-wizard again.",
        )
    return None


def rotate_on_screen(settings: Settings, *, long_lived: bool) -> tuple[RotationResult | None, int]:
    """The rotation on a screen of its own: how the last one ended, if any did, and the exit code of
    who left with that."""
    garbage.put_off()
    from wizard.tui.app import WizardApp
    from wizard.tui.places import LONGER, ROTATE

    shut = shut_on_screen(settings.profile)
    app = WizardApp(lambda: _stored(settings, shut), LONGER if long_lived else ROTATE, only=True)
    code = _run(app)
    last = app.last_rotation
    if last is None:
        return None, code or INTERRUPTED
    return last.result, code or last.code


def run_app(
    opening: Opening,
    greeting: Callable[[], Greeting | None],
    others: Callable[[], ProfileSwitcher] | None = None,
) -> int:
    """Runs the TUI to its end; a crash in it is raised here."""
    garbage.put_off()
    from wizard.tui.app import WizardApp

    return _run(WizardApp(opening, greeting=greeting, others=others))


def demo_greeting() -> Greeting:
    """The welcome of the demo, where everything is simulated."""
    from wizard.tui.screens.welcome.screen import Greeting

    return Greeting(is_demo=True)


def _greeting(settings: Settings) -> Greeting | None:
    """The welcome of somebody of whom the state knows no step yet."""
    from wizard.cli.input.settings import state_file
    from wizard.journeys.webhook.pending_restore import not_restored, sentence
    from wizard.state import StateError
    from wizard.tui.screens.welcome.screen import Greeting

    state = state_file(settings)
    try:
        if state.load(settings.profile).step is not None:
            return None
        left = not_restored(state, settings.profile)
    except StateError:
        return None  # said on the guide's screen
    return Greeting(sentence(left[0], settings.profile) if left else "")


@asynccontextmanager
async def _stored(settings: Settings, shut: VaultError | None) -> AsyncIterator[Onboarding]:
    from wizard.cli.input.settings import state_file
    from wizard.cli.input.world import world_from_keyring
    from wizard.journeys.onboarding.onboarding import Onboarding

    state = state_file(settings)
    async with world_from_keyring(settings) as world:
        if shut is not None:
            world.vault, world.machine_vault = ShutVault(shut), None
        with ExitStack() as held:
            use = state.using(settings.profile)

            async def begin_use() -> None:
                with suppress(TimeoutError):
                    await run_in_thread(partial(held.enter_context, use), timeout=_PATIENCE)

            yield Onboarding(world, state, before_load=begin_use)


def _others(settings: Settings, shut: VaultError | None) -> ProfileSwitcher:
    from wizard.cli.input.settings import state_file
    from wizard.cli.input.world import bare_vault
    from wizard.journeys.profiles.profiles import Profiles
    from wizard.tui.controllers.profile_switcher import ProfileSwitcher

    state = state_file(settings)
    profiles = Profiles(state, bare_vault if shut is None else lambda _: ShutVault(shut))
    return ProfileSwitcher(profiles, lambda name: _stored(replace(settings, profile=name), shut))


def _run(app: WizardApp) -> int:
    waiting.on_wait.append(lambda: None)  # the screen tells it
    try:
        app.run()
    finally:
        garbage.take_up()
        waiting.on_wait.pop()
    app.release_terminal()
    if app.crash is not None:
        raise app.crash
    pretended = app.onboarding is not None and app.onboarding.portal is not None
    with suppress(OSError):  # the terminal may be what ended it
        if app.left_behind is not None and not pretended:
            say(
                f"The tunnel stopped with the wizard. Meta still calls {app.left_behind}. To start"
                " it again: whatsapp-wizard listen",
                err=True,
            )
        _say_where(app)
    return app.return_code or 0


def _say_where(app: WizardApp) -> None:
    """Where one stopped, and how to go on."""
    onboarding = app.onboarding
    if onboarding is None or not app.has_walked or app.return_code:
        return
    from wizard.settings import DEFAULT_PROFILE

    walk = onboarding.walk
    behind, of = walk.progress
    at = f"{walk.step.id} {walk.step.title}" if walk.step.counted else walk.step.title
    if onboarding.portal is not None:
        say("This was the demo; nothing was stored. To set up your own: whatsapp-wizard", err=True)
        return
    profile = onboarding.world.profile
    option = "" if profile == DEFAULT_PROFILE else f" --profile {profile}"
    say(f"Stopped at {at}, {behind} of {of} steps. To go on: whatsapp-wizard{option}", err=True)
