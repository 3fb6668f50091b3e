"""A rotation beside the walk: what it stores, finds and remembers is the walk's at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace

from wizard.checks import Event
from wizard.findings import Finding
from wizard.journeys.onboarding.check_results import clear
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.rotation.rotation import Heard, Rotation, RotationResult
from wizard.journeys.rotation.stages import DEPENDENT, NAME, RotationStage
from wizard.journeys.rotation.token_source import with_token_source
from wizard.values.credentials import Secret
from wizard.world import World

_UNASKED: Mapping[str, tuple[Finding, ...]] = dict.fromkeys(DEPENDENT, ())


class OnboardingRotation:
    """One new access token for an onboarding. It may be cancelled at any time: the walk then knows
    which token is stored, as the keyring does."""

    def __init__(self, onboarding: Onboarding, heard: Heard) -> None:
        self._onboarding = onboarding
        self._heard = heard
        self._rotation: Rotation | None = None

    @property
    def swapped(self) -> bool:
        """Whether the new token is the stored one now."""
        return self._rotation is not None and self._rotation.swapped

    async def run(self, token: Secret | None, *, long_lived: bool = False) -> RotationResult:
        """As `Rotation.run`."""
        onboarding = self._onboarding
        # Values of its own: it reads them anew, and another program may have stored some.
        async with onboarding.world.with_values(onboarding.world.values) as world:
            self._rotation = Rotation(
                world,
                on_event=self._told,
                note=onboarding.update_progress,
                storage_lock=lambda: self._alone(world),
            )
            rotated = await self._rotation.run(token, long_lived=long_lived)
            if onboarding.loaded and self._catch_up(world):
                await onboarding.update_progress(lambda progress: clear(progress, NAME))
        if rotated.swapped and world.values.access_token is not None:
            findings = {name: _asked(rotated, name) for name in DEPENDENT}
            onboarding.accept_stored(NAME, world.values.access_token, findings)
        return replace(rotated, report=with_token_source(onboarding.walk.step, rotated.report))

    def _told(self, said: RotationStage | Event) -> None:
        if said is RotationStage.SWAPPING:
            # A test beside it would bring back what has to be forgotten of the old one now.
            self._onboarding.discard_findings(*DEPENDENT)
        self._heard(said)

    @asynccontextmanager
    async def _alone(self, world: World) -> AsyncIterator[None]:
        async with self._onboarding.alone():
            yield
            self._catch_up(world)

    def _catch_up(self, world: World) -> bool:
        """Knows the token that is stored, also where it was another program that stored it;
        whether that was news."""
        stored = world.values.access_token
        if stored is None or stored == self._onboarding.world.values.access_token:
            return False
        self._onboarding.accept_stored(NAME, stored, _UNASKED)
        return True


def _asked(rotated: RotationResult, name: str) -> tuple[Finding, ...]:
    return tuple(finding for finding in rotated.report.about(name) if finding.check_name)
