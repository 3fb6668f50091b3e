"""A rotation beside the screens: its stages as they come, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from textual.app import App
from textual.worker import Worker, WorkerError

from wizard.findings import Finding, Report, Status, new_finding
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.rotation.stages import RotationStage
from wizard.tui.controllers.stage_state import StageState
from wizard.values.credentials import Secret

if TYPE_CHECKING:
    from wizard.checks import Event
    from wizard.journeys.rotation.rotation import RotationResult

_SHORT = (RotationStage.TESTING, RotationStage.SWAPPING, RotationStage.RETESTING)
_LONG = (RotationStage.TESTING, RotationStage.EXCHANGING, *_SHORT)
_INTERRUPTED = 130
_UNTESTED = "You left before it was tested again"


@dataclass(frozen=True)
class StageProgress:
    """One stage of a rotation: how it stands, what was found on it so far, and, where it was left
    out, why."""

    stage: RotationStage
    mark: StageState
    findings: tuple[Finding, ...] = ()
    left_out: str = ""


@dataclass(frozen=True)
class RotationEnded:
    """How a rotation ended, and the exit code of somebody who leaves with that."""

    result: RotationResult
    code: int


class RotationProgress:
    """Takes in what a rotation tells; `stages` are all its stages, those ahead among them."""

    def __init__(self, *, long_lived: bool) -> None:
        self._plan = _LONG if long_lived else _SHORT
        self._at = -1
        self._waits = False
        self._passed_over: set[int] = set()
        self._found: dict[int, list[Finding]] = {}
        self._end: StageState | None = None

    def handle_event(self, said: RotationStage | Event) -> None:
        self._waits = said is RotationStage.WAITING
        if isinstance(said, RotationStage) and not self._waits:
            here = self._plan.index(said, self._at + 1)
            self._passed_over |= set(range(self._at + 1, here))
            self._at = here
        elif not isinstance(said, RotationStage):
            from wizard.checks import FindingReported

            if isinstance(said, FindingReported):
                self._found.setdefault(self._at, []).append(said.finding)

    def end(self, rotated: RotationResult) -> None:
        ok, swapped = rotated.report.ok, rotated.swapped
        primary = rotated.report.primary
        unanswered = primary is not None and primary.status is Status.UNKNOWN
        failed = StageState.UNANSWERED if unanswered else StageState.BAD
        self._end = StageState.GOOD if ok else StageState.WARN if swapped else failed
        self._waits = False

    @property
    def stages(self) -> tuple[StageProgress, ...]:
        waiting = (StageProgress(RotationStage.WAITING, StageState.BUSY),) if self._waits else ()
        return waiting + tuple(
            StageProgress(
                stage, self._mark(number), tuple(self._found.get(number, ())), self._why(number)
            )
            for number, stage in enumerate(self._plan)
        )

    def _why(self, number: int) -> str:
        if number in self._passed_over:
            return "not needed"
        return "not tested" if self._end is not None and number > self._at else ""

    def _mark(self, number: int) -> StageState:
        if number > self._at or number in self._passed_over:
            return StageState.WAITING
        return StageState.GOOD if number < self._at else self._end or StageState.BUSY


class RotationHost(Protocol):
    """What a screen that replaces a token needs of who opens it."""

    @property
    def onboarding(self) -> Onboarding: ...

    @property
    def rotation(self) -> RotationController: ...

    def add_listener(self, on_change: Callable[[], None]) -> None:
        """Has it called whenever there is something new to draw."""

    def remove_listener(self, on_change: Callable[[], None]) -> None:
        """Has it called no more."""


class RotationController:
    """Works in a worker of the app, one at a time; `stored` is called when another token is.

    `last` tells how the last one ended, also when that is no longer shown; where a token was
    swapped in, how the last of those did: it is the stored one, whatever failed after it.
    """

    def __init__(
        self,
        host: App[Any],
        onboarding: Onboarding,
        stored: Callable[[], None],
        changed: Callable[[], None],
    ) -> None:
        self.progress: RotationProgress | None = None
        self.result: RotationEnded | None = None
        self.last: RotationEnded | None = None
        self.running = False
        self._host = host
        self._onboarding = onboarding
        self._stored = stored
        self._changed = changed
        self._worker: Worker[None] | None = None

    def start(self, token: Secret | None, *, long_lived: bool) -> None:
        if not self.running:
            self.running = True
            self.progress, self.result = RotationProgress(long_lived=long_lived), None
            run = self._run(token, self.progress, long_lived)
            self._worker = self._host.run_worker(run, group="rotation")

    async def stop(self) -> None:
        """Ends what runs. It returns when it is known which token is stored."""
        if self._worker is not None:
            self._worker.cancel()
            with contextlib.suppress(WorkerError):
                await self._worker.wait()
            self.running = False

    def forget(self) -> None:
        """Forgets the last one, so that the next begins afresh."""
        self.progress = self.result = None

    async def _run(self, token: Secret | None, course: RotationProgress, long_lived: bool) -> None:
        def heard(said: RotationStage | Event) -> None:
            course.handle_event(said)
            self._changed()

        from wizard.journeys.rotation.in_onboarding import OnboardingRotation
        from wizard.journeys.rotation.rotation import RotationResult

        renewal = OnboardingRotation(self._onboarding, heard)
        try:
            rotated = await renewal.run(token, long_lived=long_lived)
            course.end(rotated)
            self._conclude(RotationEnded(rotated, rotated.report.exit_code))
        except asyncio.CancelledError:
            if renewal.swapped:
                said = Report.of(
                    self._onboarding.world.profile, [new_finding("access_token.swapped", _UNTESTED)]
                )
                self._conclude(RotationEnded(RotationResult(said, swapped=True), _INTERRUPTED))
            raise
        finally:
            self.running = False
            self._stored()
            self._changed()

    def _conclude(self, ended: RotationEnded) -> None:
        self.result = ended
        if ended.result.swapped or self.last is None or not self.last.result.swapped:
            self.last = ended
