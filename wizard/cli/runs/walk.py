"""The TUI on a profile of one's own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from wizard.cli.output.lines import say

if TYPE_CHECKING:
    from wizard.journeys.onboarding.onboarding import Onboarding
    from wizard.journeys.rotation.rotation import RotationResult
    from wizard.settings import Settings
    from wizard.tui.app import WizardApp
    from wizard.tui.controllers.profile_switcher import ProfileSwitcher

    Opening: TypeAlias = Callable[[], AbstractAsyncContextManager[Onboarding]]

INTERRUPTED = 130


def has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


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
    return run_app(lambda: _stored(settings), lambda: _others(settings))


def rotate_on_screen(settings: Settings, *, long_lived: bool) -> tuple[RotationResult | None, int]:
    """The rotation on a screen of its own: how the last one ended, if any did, and the exit code of
    who left with that."""
    from wizard.tui.app import WizardApp
    from wizard.tui.places import LONGER, ROTATE

    app = WizardApp(lambda: _stored(settings), LONGER if long_lived else ROTATE, only=True)
    code = _run(app)
    last = app.webhook.rotation.last if app.webhook else None
    if last is None:
        return None, code or INTERRUPTED
    return last.result, code or last.code


def run_app(opening: Opening, others: Callable[[], ProfileSwitcher] | None = None) -> int:
    """Runs the TUI to its end; a crash in it is raised here."""
    from wizard.tui.app import WizardApp

    return _run(WizardApp(opening, others=others))


@asynccontextmanager
async def _stored(settings: Settings) -> AsyncIterator[Onboarding]:
    from wizard.cli.input.settings import state_file
    from wizard.cli.input.world import world_from_keyring
    from wizard.journeys.onboarding.onboarding import Onboarding

    state = state_file(settings)
    async with world_from_keyring(settings) as world:
        with state.using(settings.profile):
            yield Onboarding(world, state)


def _others(settings: Settings) -> ProfileSwitcher:
    from wizard.cli.input.settings import state_file
    from wizard.journeys.profiles.profiles import Profiles
    from wizard.tui.controllers.profile_switcher import ProfileSwitcher
    from wizard.vault import KeyringVault

    profiles = Profiles(state_file(settings), KeyringVault)
    return ProfileSwitcher(profiles, lambda name: _stored(replace(settings, profile=name)))


def _run(app: WizardApp) -> int:
    app.run()
    app.release_terminal()
    if app.crash is not None:
        raise app.crash
    pretended = app.onboarding is not None and app.onboarding.portal is not None
    if app.left_behind is not None and not pretended:
        say(
            f"The tunnel stopped with the wizard. Meta still calls {app.left_behind}. To start it "
            "again: whatsapp-wizard listen",
            err=True,
        )
    return app.return_code or 0
