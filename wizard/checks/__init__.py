"""What is asked of the outside, in which order, and what the answers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
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


def __getattr__(name: str) -> object:
    """The runner is loaded with the first name that is asked for: most who import this package need
    one small file of it."""
    if name not in __all__:
        raise AttributeError(name)
    from wizard.checks import runner

    found: object = getattr(runner, name)
    return found
