"""What is loaded, read and written around a screen, and not by it."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from wizard.vault import VaultError

if TYPE_CHECKING:
    from wizard.journeys.onboarding.onboarding import Onboarding

_LAST_WRITE = 5.0


def import_walk() -> None:
    """Loads the guide's screen and what tests its values: not on the event loop."""
    import wizard.checks.runner
    import wizard.tui.controllers.webhook
    import wizard.tui.dialogs.leave
    import wizard.tui.screens.walk.screen  # noqa: F401


def import_rotation() -> None:
    """Loads the screen of a rotation alone: not on the event loop."""
    import wizard.tui.rotation_alone  # noqa: F401


async def where_stored(onboarding: Onboarding) -> str:
    """What keeps the values, in a word or two."""
    vault = onboarding.world.vault
    try:
        return (await vault.describe()).name if vault else "memory"
    except VaultError:
        return "your keyring"


async def written(onboarding: Onboarding) -> None:
    """Returns when nothing is being written any more, or that takes too long."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_LAST_WRITE):
            await onboarding.idle()
