"""Runs checks side by side and tells what happens as it happens."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from wizard.checks.check import CREDENTIAL_RUNGS, Check, registry, with_dependencies
from wizard.checks.context import CheckContext, UnusableInput
from wizard.checks.graph import version_findings
from wizard.checks.graph_errors import explain, finding_for_error
from wizard.findings import Finding, Report, Status, new_finding, skipped
from wizard.graph import GraphError, Reason
from wizard.support.streams import stream
from wizard.values.credentials import CREDENTIALS
from wizard.values.shapes import Shape
from wizard.world import World

_UNUSABLE = (".missing", ".malformed")
"""Of a value that is merely of use to another: that one is asked without it."""
_CALLBACK, _RECORD = "callback", "record"
_NO_ANSWER = "Meta did not answer, so its webhook settings were not read."
_BLOCKING = {Status.FAIL, Status.UNKNOWN, Status.SKIP}
_STILL_READABLE = {
    "phone_number_id.limited_access",
    "phone_number_id.not_registered",
    "phone_number_id.restricted",
    "phone_number_id.unverified",
    "waba_id.limited_access",
    "waba_id.restricted",
}
"""Failures that keep messages from going out, and nothing else from being asked."""


@dataclass(frozen=True)
class CheckStarted:
    """A check has begun; its findings follow."""

    subject: str


@dataclass(frozen=True)
class CheckFinished:
    """A check has ended; nothing more comes from it."""

    subject: str


@dataclass(frozen=True)
class FindingReported:
    """A finding, and the subject whose check came upon it: no answer from Graph is a finding
    about `graph`, whichever subject asked."""

    subject: str
    finding: Finding


Event: TypeAlias = CheckStarted | FindingReported | CheckFinished


class CheckRun:
    """`async with examine(world) as events: async for event in events`.

    Leaving the block ends what still runs. An error that no check foresaw comes out of the loop.
    Where it `waits_for_proof`, everything but the callback is left out unless that shows that it
    is this app's.
    """

    def __init__(self, world: World, checks: list[Check], *, waits_for_proof: bool = False) -> None:
        self._world = world
        self._context = CheckContext(world)
        self._checks = checks
        self._waits_for_proof = waits_for_proof
        self._tell: Callable[[Event], None] = lambda _: None
        self._settled: dict[str, asyncio.Future[str | None]] = {}
        self._said: dict[str, tuple[Finding, ...]] = {}
        self._stack = contextlib.AsyncExitStack()

    @property
    def names(self) -> list[str]:
        """The checks that run, from the bottom rung to the top."""
        return [check.name for check in self._checks]

    async def __aenter__(self) -> AsyncIterator[Event]:
        loop = asyncio.get_running_loop()
        self._settled = {check.name: loop.create_future() for check in self._checks}
        self._stack.push_async_callback(self._context.close)
        return await self._stack.enter_async_context(stream(self._run))

    async def __aexit__(self, *error: Any) -> None:
        await self._stack.__aexit__(*error)

    async def _run(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        if not self._waits_for_proof:
            await self._run_all(self._checks)
        elif left_out := await self._prove():
            rest = [check for check in self._checks if check.name != _CALLBACK]
            self._leave_out(rest, left_out)
        else:
            await self._run_all([one for one in self._checks if one.name != _CALLBACK])
        self._tell_late()

    async def _prove(self) -> Finding | None:
        """Judges the callback; what is said where nothing else is to be asked after that."""
        await self._run_all([check for check in self._checks if check.name == _CALLBACK])
        alone = new_finding("webhook.url_alone")
        if not self._context.is_this_apps:
            return alone
        silence = await self._context.silence()
        if silence is None:
            return None
        said = f"The settings at Meta were not read: {silence.evidence}"
        return replace(alone, status=Status.WARN, cause=_NO_ANSWER, evidence=said)

    async def _run_all(self, checks: list[Check]) -> None:
        questions = dict.fromkeys(ask for check in checks for ask in check.prefetch)
        asking = [ask(self._context) for ask in questions]
        async with asyncio.TaskGroup() as group:
            for question in asking:
                group.create_task(_put(question))
            # The questions are on their way before anybody judges an answer.
            await asyncio.sleep(0)
            for check in checks:
                group.create_task(self._settle(check))

    def _leave_out(self, checks: list[Check], said: Finding) -> None:
        """Says once that nothing but the URL was judged."""
        for check in checks:
            self._tell(CheckStarted(check.name))
            if check.name == _RECORD:
                self._tell(FindingReported(check.name, self._world.presentable(said)))
            self._tell(CheckFinished(check.name))

    async def _settle(self, check: Check) -> None:
        """Reports a check's findings; its future then holds the id of what is to blame, if any."""
        self._tell(CheckStarted(check.name))
        trouble: str | None = None
        async for found in self._findings(check):
            finding = self._world.presentable(found)
            self._tell(FindingReported(check.name, finding))
            self._said[check.name] = (*self._said.get(check.name, ()), finding)
            blocks = finding.status in _BLOCKING and finding.id not in _STILL_READABLE
            if blocks and trouble is None:
                trouble = finding.blocked_by or finding.id
        self._settled[check.name].set_result(trouble)
        self._tell(CheckFinished(check.name))

    def _tell_late(self) -> None:
        """Settles Graph once more where a later answer came from another version than the first."""
        said = self._said.get("graph")
        late = (
            [one for one in version_findings(self._context.graph) if one not in said]
            if said
            else []
        )
        if said and late:
            self._tell(CheckStarted("graph"))
            for finding in (*said, *late):
                self._tell(FindingReported("graph", finding))
            self._tell(CheckFinished("graph"))

    async def _findings(self, check: Check) -> AsyncIterator[Finding]:
        before = await self._unshaped(check) or await self._blocked(check)
        if before is not None:
            yield before
            return
        judging = check.run(self._context)
        while True:
            finding = await _next(judging, check, self._context)
            if finding is None:
                return
            yield finding

    async def _unshaped(self, check: Check) -> Finding | None:
        """What a credential's own value is found to be before anything is asked with it."""
        if check.subject not in CREDENTIALS or await self._trouble("keyring"):
            return None
        judgement = self._context.shape(check.subject)
        if judgement.shape in {Shape.EMPTY, Shape.WRONG} and judgement.finding:
            return new_finding(judgement.finding, judgement.note, app_id=self._context.app_id)
        return None

    async def _blocked(self, check: Check) -> Finding | None:
        for earlier in check.after:
            await self._trouble(earlier)
        rests_on = ("keyring", *(("graph",) if check.prefetch else ()), *check.needs, *check.uses)
        for subject in rests_on:
            if subject == check.name:
                continue
            trouble = await self._trouble(subject)
            if trouble and not (subject in check.uses and trouble.endswith(_UNUSABLE)):
                return skipped(check.subject, trouble)
        return None

    async def _trouble(self, subject: str) -> str | None:
        settled = self._settled.get(subject)
        if settled is None:
            return None
        return settled.result() if settled.done() else await asyncio.shield(settled)


async def _next(
    judging: AsyncIterator[Finding], check: Check, context: CheckContext
) -> Finding | None:
    """The next finding; what Graph raised becomes one, and is the last."""
    try:
        async with asyncio.timeout(check.limit):
            return await anext(judging, None)
    except GraphError as error:
        return await explain(context, error, check.subject)
    except TimeoutError:
        return finding_for_error(
            GraphError(Reason.TIMEOUT, f"No response within {check.limit:g} seconds.")
        )


async def _put(question: Awaitable[object]) -> None:
    """Puts a question whose answer a check will come for; what it raised waits there too."""
    with contextlib.suppress(GraphError, UnusableInput):
        await question


def run_checks(
    world: World, subjects: Iterable[str] | None = None, *, waits_for_proof: bool = False
) -> CheckRun:
    """The checks of these names, those of the six by default, and of what they rest on.

    The keyring is asked where the values come from it. A run that `waits_for_proof` goes beyond
    the callback only where that takes our verify token, or our signature and no other.
    """
    absent = [name for name in CREDENTIALS if world.values.get(name) is None]
    checks = with_dependencies(CREDENTIAL_RUNGS if subjects is None else subjects, absent)
    from_keyring = world.vault is not None and world.vault.persistent
    others = [check for check in checks if check.name != "keyring"]
    checks = [registry(webhook=False)["keyring"], *others] if from_keyring else others
    return CheckRun(world, checks, waits_for_proof=waits_for_proof)


async def collect_report(world: World, subjects: Iterable[str] | None = None) -> Report:
    """Everything found, when all is done."""
    begun = time.monotonic()
    async with run_checks(world, subjects) as events:
        findings = [
            replace(event.finding, check_name=event.subject)
            async for event in events
            if isinstance(event, FindingReported)
        ]
    return Report.of(world.profile, findings, round((time.monotonic() - begun) * 1000))
