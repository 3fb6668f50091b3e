"""What a test may have said of a credential."""

from __future__ import annotations

from enum import StrEnum


class CheckOutcome(StrEnum):
    """In the words of the state file and of `status --json`."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTED = "untested"
    UNANSWERED = "unanswered"
