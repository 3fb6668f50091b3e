"""A new access token, tested in full and only then swapped for the stored one."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TypeAlias

from wizard.checks import Event, FindingReported, run_checks
from wizard.checks.graph import clock_off
from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.findings import Finding, Report, Status, new_finding
from wizard.graph import GraphError
from wizard.journeys.onboarding.check_results import clear, recall, record
from wizard.journeys.rotation.comparison import compare_tokens, unexchanged
from wizard.journeys.rotation.stages import DEPENDENT, NAME, RotationStage
from wizard.journeys.rotation.swap import kept, swap
from wizard.state import LockTimeoutError, Progress, StateError, StateFile
from wizard.values.credentials import Secret
from wizard.values.shapes import Shape, check_shape
from wizard.world import World

PATIENCE = 60.0
"""Seconds to wait for another rotation of the same profile."""

_STANDING = {
    "waba_id.restricted",
    "phone_number_id.not_registered",
    "phone_number_id.unverified",
    "phone_number_id.restricted",
}
"""How an account or a number stands is not the doing of the token that reads it."""


Heard: TypeAlias = Callable[[RotationStage | Event], None]
Change: TypeAlias = Callable[[Progress], Progress]
Note: TypeAlias = Callable[[Change], Awaitable[None]]


async def _unnoted(_change: Change) -> None:
    """Where nothing is remembered."""


@dataclass(frozen=True)
class RotationResult:
    """How a rotation ended, and whether the new token is the stored one now."""

    report: Report
    swapped: bool


class _StoppedError(Exception):
    """What was found before the swap, and keeps it from happening."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings


class Rotation:
    """One token's way into a profile's keyring; one at a time for a profile.

    `on_event` is told of each stage and of each event of its tests. `note` is given each change of
    what is remembered: what is known of the old token goes before the new one is stored, for a
    program that is killed in between can say nothing more, and what is found of the new one
    comes then. In the block of `alone` nobody else may store anything.
    """

    def __init__(
        self,
        world: World,
        *,
        on_event: Heard = lambda _said: None,
        note: Note = _unnoted,
        storage_lock: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
        timeout: float = PATIENCE,
    ) -> None:
        self.world = world
        self.swapped = False
        self.unlocked: str = ""
        """Why two rotations at once could not be kept apart, where they could not."""
        self._heard = on_event
        self._note = note
        self._alone = storage_lock
        self._patience = timeout

    async def run(self, token: Secret | None, *, long_lived: bool = False) -> RotationResult:
        """Tests the token and stores it where nothing speaks against it.

        `long_lived` exchanges it first; without a token it is then the stored one that is
        exchanged. Nothing is raised but what no check foresaw.
        """
        begun = time.monotonic()
        try:
            async with self._turn():
                findings = await self._rotate(token, long_lived=long_lived)
        except _StoppedError as stopped:
            findings = [*stopped.findings, *self._kept(stopped.findings)]
        findings += clock_off(self.world)
        report = Report.of(self.world.profile, findings, round((time.monotonic() - begun) * 1000))
        return RotationResult(report, self.swapped)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Alone with this profile's token; what is stored is read when it is our turn."""
        if self.world.vault is None or not self.world.vault.persistent:
            yield
            return
        turn = StateFile(self.world.folder).rotation_lock(
            self.world.profile, self._patience, lambda: self._heard(RotationStage.WAITING)
        )
        async with AsyncExitStack() as stack:
            try:
                await stack.enter_async_context(turn)
            except LockTimeoutError as error:
                raise _StoppedError(new_finding("access_token.in_rotation", str(error))) from None
            except StateError as error:
                self.unlocked = str(error)
            yield

    async def _rotate(self, token: Secret | None, *, long_lived: bool) -> list[Finding]:
        await self.world.load()
        if self.world.vault_error is not None:
            raise _StoppedError(finding_for_vault_error(self.world.vault_error))
        token = await self._tried(token, long_lived=long_lived)
        tested = await self._tested(self._trial(token))
        self._heard(RotationStage.SWAPPING)
        said = await self._swapped(token, tested)
        if not self.swapped:
            raise _StoppedError(*said)
        self._heard(RotationStage.RETESTING)
        async with self.world.with_values(self.world.values) as world:
            retested = await self._examined(world)
        await self._remember(retested)
        return [*retested, *said]

    async def _swapped(self, token: Secret, tested: list[Finding]) -> list[Finding]:
        """Stores the token. Who is told to end meanwhile ends when it is known what is stored."""
        swapping = asyncio.ensure_future(self._swap(token, tested))
        try:
            return await asyncio.shield(swapping)
        except asyncio.CancelledError:
            await swapping
            raise

    async def _swap(self, token: Secret, tested: list[Finding]) -> list[Finding]:
        known = Progress()

        def doubt(progress: Progress) -> Progress:
            nonlocal known
            known = progress
            return clear(progress, NAME)

        await self._note(doubt)
        async with self._alone():
            self.swapped, said = await swap(self.world, token)
        if self.swapped:
            await self._remember(tested)
        elif any(finding.id == "access_token.kept" for finding in said):
            await self._note(lambda progress: recall(progress, known, NAME))
        return said

    async def _remember(self, findings: list[Finding]) -> None:
        """What was found of the new token, in its trial and then where it stands."""
        report = Report.of(self.world.profile, findings)
        said = {name: report.about(name) for name in DEPENDENT}
        await self._note(lambda progress: record(progress, said, self.world))

    async def _tried(self, token: Secret | None, *, long_lived: bool) -> Secret:
        """The token that is to be stored: a shape that may be sent, and not the one in use."""
        stored = self.world.values.access_token
        given = token or (stored if long_lived else None)
        judgement = check_shape("access_token", given)
        if given is None or judgement.shape in {Shape.EMPTY, Shape.WRONG}:
            id_ = judgement.finding or "access_token.malformed"
            raise _StoppedError(new_finding(id_, judgement.note, app_id=self._app_id))
        if long_lived:
            given = await self._exchanged(given, stored)
        if given == stored:
            said = "It is the stored one"
            raise _StoppedError(new_finding("access_token.unchanged", said, app_id=self._app_id))
        return given

    async def _exchanged(self, token: Secret, stored: Secret | None) -> Secret:
        """The long-lived token for this one; this one itself where it never ends, and nothing is
        to be done where that is the stored one."""
        values = self.world.values
        for name in ("app_id", "app_secret"):
            judgement = check_shape(name, values.get(name), values)
            if judgement.shape in {Shape.EMPTY, Shape.WRONG} and judgement.finding:
                raise _StoppedError(
                    new_finding(judgement.finding, judgement.note, app_id=self._app_id)
                )
        trial = self._trial(token)
        findings = await self._tested(trial)
        facts = next((finding.facts for finding in findings if finding.facts), None)
        if facts and facts.expires_at == 0:
            if token == stored:
                await self._remember(findings)
                raise _StoppedError(
                    *findings, new_finding("access_token.endless", app_id=self._app_id)
                )
            return token
        server = facts is not None and facts.kind == "system user"
        app_id, secret = values.app_id or "", values.app_secret or Secret("")
        self._heard(RotationStage.EXCHANGING)
        async with trial:
            try:
                return await trial.graph.exchange_token(app_id, secret, token, system_user=server)
            except GraphError as error:
                raise _StoppedError(*findings, unexchanged(error)) from None

    async def _tested(self, trial: World) -> list[Finding]:
        """What was found of a token that may take the stored one's place; raises otherwise."""
        self._heard(RotationStage.TESTING)
        async with trial:
            findings = await self._examined(trial)
            valid = any(finding.id == "access_token.valid" for finding in findings)
            if not valid or any(_stops(finding) for finding in findings):
                raise _StoppedError(*findings)
            differs = await compare_tokens(trial, self.world.values.access_token)
        if differs is not None:
            others = [f for f in findings if f.id != "access_token.valid"]
            raise _StoppedError(*others, differs)
        return findings

    async def _examined(self, world: World) -> list[Finding]:
        """The checks of all that depends on the token, as far as it is at hand."""
        subjects = [name for name in DEPENDENT if world.values.get(name) is not None]
        findings = []
        async with run_checks(world, subjects) as events:
            async for event in events:
                self._heard(event)
                if isinstance(event, FindingReported):
                    findings.append(replace(event.finding, check_name=event.subject))
        return findings

    def _trial(self, token: Secret) -> World:
        values = self.world.values.with_("access_token", token)
        return replace(self.world.with_values(values), vault=None, vault_error=None)

    def _kept(self, findings: tuple[Finding, ...]) -> list[Finding]:
        """That nothing was swapped; of a keyring in trouble that is said, or can't be told."""
        cause = Report.of(self.world.profile, findings).primary
        if cause is None or cause.subject == "keyring":
            return []
        return [kept(self.world.values.access_token, cause)]

    @property
    def _app_id(self) -> str | None:
        return self.world.values.app_id


def _stops(finding: Finding) -> bool:
    if finding.status is Status.SKIP:
        return finding.subject in DEPENDENT
    return finding.status in {Status.FAIL, Status.UNKNOWN} and finding.id not in _STANDING
