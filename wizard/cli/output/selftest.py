"""What a selftest found, as lines, as a text to be attached, and as JSON."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import click

from wizard import __version__
from wizard.cli.output.json_text import json_text
from wizard.findings import SIGNS, Finding, Status
from wizard.journeys.selftest.selftest import ClaimOutcome, ClaimResult, exit_code

_SIGNS = {
    ClaimOutcome.CONFIRMED: SIGNS[Status.PASS],
    ClaimOutcome.DIFFERS: SIGNS[Status.FAIL],
    ClaimOutcome.NOT_ASKED: SIGNS[Status.SKIP],
}
_COLOURS = {
    ClaimOutcome.CONFIRMED: "green",
    ClaimOutcome.DIFFERS: "red",
    ClaimOutcome.NOT_ASKED: "bright_black",
}
_INDENT = " " * 3


@dataclass(frozen=True)
class SelftestRun:
    """One run through all claims: the version that was asked, the one that answered."""

    profile: str
    verdicts: tuple[ClaimResult, ...]
    asked: str
    served: str
    duration_ms: int
    warnings: tuple[Finding, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        outcomes = [verdict.outcome for verdict in self.verdicts]
        return {str(outcome): outcomes.count(outcome) for outcome in ClaimOutcome}

    @property
    def summary(self) -> str:
        said = ", ".join(f"{number} {outcome}" for outcome, number in self.counts.items())
        served = self.served or "nobody"
        return f"{said}; asked {self.asked}, {served} answered"


def claim_lines(verdict: ClaimResult) -> Iterator[str]:
    """The sign, the claim, and below it why it is not confirmed."""
    sign = click.style(_SIGNS[verdict.outcome], fg=_COLOURS[verdict.outcome])
    yield f"{sign}  {verdict.claim.says}"
    for why in verdict.why:
        yield click.style(f"{_INDENT}{why}", dim=True)


def report_text(run: SelftestRun) -> str:
    """Everything, in a text without any value."""
    return "\n".join(_report(run)) + "\n"


def as_dict(run: SelftestRun) -> dict[str, Any]:
    """The report of `--json`."""
    return {
        "schema": 1,
        "profile": run.profile,
        "ok": exit_code(run.verdicts) == 0,
        "asked": run.asked,
        "served": run.served or None,
        "counts": run.counts,
        "duration_ms": run.duration_ms,
        "findings": [finding.as_dict() for finding in run.warnings],
        "claims": [_verdict(verdict) for verdict in run.verdicts],
    }


def _verdict(verdict: ClaimResult) -> dict[str, Any]:
    claim = verdict.claim
    return {
        "id": claim.id,
        "outcome": str(verdict.outcome),
        "says": claim.says,
        "why": list(verdict.why),
        "asked": claim.asked,
        "as": claim.asker,
        "writes": claim.writes,
        "expected": claim.expected,
        "answered": verdict.answered,
        "source": claim.source,
    }


def _report(run: SelftestRun) -> Iterator[str]:
    yield f"whatsapp-wizard {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield run.summary
    yield from (f"! {finding.title}: {finding.evidence}" for finding in run.warnings)
    yield "The answers are shown by their format only: keys, types, codes. No values."
    for verdict in run.verdicts:
        yield ""
        yield from _told(verdict)


def _told(verdict: ClaimResult) -> Iterator[str]:
    claim = verdict.claim
    yield f"{_SIGNS[verdict.outcome]} {verdict.outcome:<10} {claim.id}: {claim.says}"
    yield from (f"{_INDENT}{why}" for why in verdict.why)
    yield f"{_INDENT}asked     {claim.asked} as {claim.asker}"
    if verdict.answered is not None:
        yield f"{_INDENT}answered  {json_text(verdict.answered, indent=None)}"
    if verdict.outcome is ClaimOutcome.DIFFERS:
        yield f"{_INDENT}expected  {json_text(claim.expected, indent=None)}"
    yield f"{_INDENT}source    {claim.source}"
