"""A rotation beside the screens: its stages as they come, and how it ended."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from textual.app import App
from textual.worker import Worker, WorkerError

from wizard.checks import Event, Found
from wizard.findings import Finding, Report, Status, found
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.rotation.in_onboarding import Renewal
from wizard.journeys.rotation.rotation import Rotated, Stage
from wizard.tui.controllers.webhook_stages import Mark
from wizard.values.credentials import Secret

_SHORT = (Stage.TESTING, Stage.SWAPPING, Stage.RETESTING)
_LONG = (Stage.TESTING, Stage.EXCHANGING, *_SHORT)
_INTERRUPTED = 130
_UNTESTED = "You left before it was tested once more"


@dataclass(frozen=True)
class Leg:
    """One stage of a rotation: how it stands, what was found on it so far, and, where it was left
    out, why."""

    stage: Stage
    mark: Mark
    findings: tuple[Finding, ...] = ()
    left_out: str = ""


@dataclass(frozen=True)
class Ended:
    """How a rotation ended, and the exit code of somebody who leaves with that."""

    rotated: Rotated
    code: int


class Course:
    """Takes in what a rotation tells; `legs` are all its stages, those ahead among them."""

    def __init__(self, *, long_lived: bool) -> None:
        self._plan = _LONG if long_lived else _SHORT
        self._at = -1
        self._waits = False
        self._passed_over: set[int] = set()
        self._found: dict[int, list[Finding]] = {}
        self._end: Mark | None = None

    def note(self, said: Stage | Event) -> None:
        self._waits = said is Stage.WAITING
        if isinstance(said, Stage) and not self._waits:
            here = self._plan.index(said, self._at + 1)
            self._passed_over |= set(range(self._at + 1, here))
            self._at = here
        elif isinstance(said, Found):
            self._found.setdefault(self._at, []).append(said.finding)

    def end(self, rotated: Rotated) -> None:
        ok, swapped = rotated.report.ok, rotated.swapped
        primary = rotated.report.primary
        unanswered = primary is not None and primary.status is Status.UNKNOWN
        failed = Mark.UNANSWERED if unanswered else Mark.BAD
        self._end = Mark.GOOD if ok else Mark.WARN if swapped else failed
        self._waits = False

    @property
    def legs(self) -> tuple[Leg, ...]:
        waiting = (Leg(Stage.WAITING, Mark.BUSY),) if self._waits else ()
        return waiting + tuple(
            Leg(stage, self._mark(number), tuple(self._found.get(number, ())), self._why(number))
            for number, stage in enumerate(self._plan)
        )

    def _why(self, number: int) -> str:
        if number in self._passed_over:
            return "not needed"
        return "not tried" if self._end is not None and number > self._at else ""

    def _mark(self, number: int) -> Mark:
        if number > self._at or number in self._passed_over:
            return Mark.WAITING
        return Mark.GOOD if number < self._at else self._end or Mark.BUSY


class Rotating:
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
        self.course: Course | None = None
        self.ended: Ended | None = None
        self.last: Ended | None = None
        self.running = False
        self._host = host
        self._onboarding = onboarding
        self._stored = stored
        self._changed = changed
        self._worker: Worker[None] | None = None

    def start(self, token: Secret | None, *, long_lived: bool) -> None:
        if not self.running:
            self.running = True
            self.course, self.ended = Course(long_lived=long_lived), None
            run = self._run(token, self.course, long_lived)
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
        self.course = self.ended = None

    async def _run(self, token: Secret | None, course: Course, long_lived: bool) -> None:
        def heard(said: Stage | Event) -> None:
            course.note(said)
            self._changed()

        renewal = Renewal(self._onboarding, heard)
        try:
            rotated = await renewal.run(token, long_lived=long_lived)
            course.end(rotated)
            self._conclude(Ended(rotated, rotated.report.exit_code))
        except asyncio.CancelledError:
            if renewal.swapped:
                said = Report.of(
                    self._onboarding.world.profile, [found("access_token.swapped", _UNTESTED)]
                )
                self._conclude(Ended(Rotated(said, swapped=True), _INTERRUPTED))
            raise
        finally:
            self.running = False
            self._stored()
            self._changed()

    def _conclude(self, ended: Ended) -> None:
        self.ended = ended
        if ended.rotated.swapped or self.last is None or not self.last.rotated.swapped:
            self.last = ended
