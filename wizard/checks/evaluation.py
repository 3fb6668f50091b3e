"""What the answers to a run's questions come to, check by check."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

from wizard.checks.check import Check
from wizard.checks.context import CheckContext
from wizard.checks.graph import version_findings
from wizard.checks.graph_errors import explain, finding_for_error
from wizard.findings import Finding, Status, new_finding, skipped
from wizard.graph import GraphError, Reason
from wizard.values.credentials import CREDENTIALS
from wizard.values.shapes import Shape

_UNUSABLE = (".missing", ".malformed")
"""Of a value that is merely of use to another: that one is asked without it."""
_RECORD = "record"
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


def findings_of(events: Iterable[Event]) -> Iterator[Finding]:
    """The findings that were told, each with the check that came upon it."""
    for event in events:
        if isinstance(event, FindingReported):
            yield replace(event.finding, check_name=event.subject)


class Evaluation:
    """The checks of one run, each of which is settled once and tells its findings as they come."""

    def __init__(
        self, context: CheckContext, checks: Iterable[Check], tell: Callable[[Event], None]
    ) -> None:
        loop = asyncio.get_running_loop()
        self._world = context.world
        self._context = context
        self._tell = tell
        self._settled = {check.name: loop.create_future() for check in checks}
        self._said: dict[str, tuple[Finding, ...]] = {}

    async def settle(self, check: Check) -> None:
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

    async def unproven(self) -> Finding | None:
        """Of a callback that has settled: what is said where nothing else is to be asked."""
        alone = new_finding("webhook.url_alone")
        if not self._context.is_this_apps:
            return alone
        silence = await self._context.silence()
        if silence is None:
            return None
        said = f"The settings at Meta were not read: {silence.evidence}"
        return replace(alone, status=Status.WARN, cause=_NO_ANSWER, evidence=said)

    def leave_out(self, checks: Iterable[Check], said: Finding) -> None:
        """Says once that nothing but the URL was judged."""
        for check in checks:
            self._tell(CheckStarted(check.name))
            if check.name == _RECORD:
                self._tell(FindingReported(check.name, self._world.presentable(said)))
            self._tell(CheckFinished(check.name))

    def tell_late(self) -> None:
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
