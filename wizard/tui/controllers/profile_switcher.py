"""The other profiles: where they stand, and how to go on with one of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import TypeAlias

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.profiles.profiles import ProfileError, Profiles
from wizard.settings import SettingError
from wizard.state import StateError
from wizard.vault import VaultError

Change: TypeAlias = Callable[[], Awaitable[object]]


@dataclass(frozen=True)
class ProfileSwitcher:
    """What can be done with profiles, and the onboarding of the one with this name."""

    profiles: Profiles
    open: Callable[[str], AbstractAsyncContextManager[Onboarding]]


@dataclass(frozen=True)
class ProfileSwitch:
    """To go on with this profile when `change` was made, for which the open one has to be closed.
    Where it fails, there is no going."""

    profile: str
    change: Change


async def try_change(change: Change) -> str:
    """Makes a change; why it could not be made, or nothing."""
    try:
        await change()
    except (ProfileError, SettingError, StateError) as error:
        return str(error)
    except VaultError as error:
        finding = finding_for_vault_error(error)
        return " ".join(filter(None, [f"{finding.title}.", finding.cause, finding.evidence]))
    return ""
