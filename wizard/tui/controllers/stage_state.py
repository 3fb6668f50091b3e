"""How a stage of something stands; its sign is in the theme."""

from __future__ import annotations

from enum import StrEnum


class StageState(StrEnum):
    """How a stage stands."""

    WAITING = "waiting"
    BUSY = "busy"
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    UNANSWERED = "unanswered"
