"""The state of a credential, as its chip shows it."""

from __future__ import annotations

from enum import StrEnum


class Chip(StrEnum):
    """The state of a credential, in one word."""

    ABSENT = "absent"
    STORED = "stored"
    TESTING = "testing"
    PASSED = "passed"
    FAILED = "failed"
