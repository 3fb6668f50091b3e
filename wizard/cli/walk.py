"""The TUI on a profile of one's own."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from wizard.cli.report import say
from wizard.cli.worlds import settings_for, state_file, stored_world
from wizard.journeys.onboarding import Onboarding


def has_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def walk(profile: str | None) -> int:
    """The walk through the portal; returns the exit code."""
    settings = settings_for(profile)
    if not has_terminal():
        say(
            "The walk needs a terminal. Without one, use whatsapp-wizard status, check or set.",
            err=True,
        )
        return 2

    @asynccontextmanager
    async def opening() -> AsyncIterator[Onboarding]:
        async with stored_world(settings) as world:
            yield Onboarding(world, state_file(settings))

    return run_app(opening)


def run_app(opening: Callable[[], AbstractAsyncContextManager[Onboarding]]) -> int:
    """Runs the TUI to its end; a crash in it is raised here."""
    from wizard.tui.app import WizardApp

    app = WizardApp(opening)
    app.run()
    if app.crash is not None:
        raise app.crash
    pretended = app.onboarding is not None and app.onboarding.portal is not None
    if app.left_behind is not None and not pretended:
        say(
            f"The tunnel ended with the wizard. Meta still calls {app.left_behind};"
            " whatsapp-wizard listen brings it up again.",
            err=True,
        )
    return app.return_code or 0
