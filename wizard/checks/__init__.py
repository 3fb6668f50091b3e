"""What is asked of the outside, in which order, and what the answers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.support.late_names import names_from

if TYPE_CHECKING:
    from wizard.checks.evaluation import CheckFinished, CheckStarted, Event, FindingReported
    from wizard.checks.runner import CheckRun, collect_report, run_checks

__all__ = [
    "CheckFinished",
    "CheckRun",
    "CheckStarted",
    "Event",
    "FindingReported",
    "collect_report",
    "run_checks",
]


# Most who import this package need one small file of it, and not the runner.
__getattr__ = names_from(
    __name__,
    {
        "evaluation": ("CheckFinished", "CheckStarted", "Event", "FindingReported"),
        "runner": ("CheckRun", "collect_report", "run_checks"),
    },
)
