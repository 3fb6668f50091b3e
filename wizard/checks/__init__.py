"""What is asked of the outside, in which order, and what the answers mean."""

from __future__ import annotations

from wizard.checks.runner import (
    CheckFinished,
    CheckRun,
    CheckStarted,
    Event,
    FindingReported,
    collect_report,
    run_checks,
)

__all__ = [
    "CheckFinished",
    "CheckRun",
    "CheckStarted",
    "Event",
    "FindingReported",
    "collect_report",
    "run_checks",
]
