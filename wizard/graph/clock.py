"""Meta's clock, as far as the `Date` of its replies tells it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

_REMEMBERED = 8
_SAME = timedelta(minutes=1)
"""A header counts whole seconds, and a reply is on its way for some more."""
_EARLIEST = datetime(2025, 1, 1, tzinfo=UTC).timestamp()
_FURTHEST_AHEAD = timedelta(days=366).total_seconds()


class _Sample(NamedTuple):
    date: float
    monotonic: float
    wall: float


class MetaClock:
    """Knows what time it is at Meta, once a reply has come.

    A cache in between repeats an old `Date`, so that of the last replies the freshest counts. A
    reply that has an age, and a date before this program or a year ahead, tell nothing.
    """

    def __init__(self) -> None:
        self._samples: deque[_Sample] = deque(maxlen=_REMEMBERED)

    @property
    def is_known(self) -> bool:
        return bool(self._samples)

    def update(self, headers: Mapping[str, str]) -> None:
        """Takes in a reply's headers, whose names are in lower case."""
        date, wall = _date(headers.get("date", "")), time.time()
        cached = headers.get("age", "0").strip() not in {"", "0"}
        if date is None or cached or date < _EARLIEST:
            return
        # A clock that stands before this program was made is no measure of the header.
        if date - max(wall, _EARLIEST) > _FURTHEST_AHEAD:
            return
        self._samples.append(_Sample(date, time.monotonic(), wall))

    def ahead(self, machine: datetime) -> timedelta:
        """How far a clock that shows `machine` now is ahead of Meta's; negative where it is
        behind, zero where that is less than a minute or not known."""
        freshest = self._freshest()
        if freshest is None:
            return timedelta()
        there = freshest.date + time.monotonic() - freshest.monotonic
        return _told(machine.timestamp() - there)

    @property
    def wall_ahead(self) -> timedelta:
        """The same of this machine's own clock, when the reply came."""
        freshest = self._freshest()
        return timedelta() if freshest is None else _told(freshest.wall - freshest.date)

    def _freshest(self) -> _Sample | None:
        return max(self._samples, key=lambda one: one.date - one.monotonic, default=None)


def _told(seconds: float) -> timedelta:
    ahead = timedelta(seconds=seconds)
    return timedelta() if abs(ahead) < _SAME else ahead


def _date(text: str) -> float | None:
    """In unix seconds; `None` for what is no date of
    https://www.rfc-editor.org/rfc/rfc9110#name-date-time-formats"""
    from email.utils import parsedate_to_datetime

    try:
        date = parsedate_to_datetime(text)
        return date.replace(tzinfo=date.tzinfo or UTC).timestamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
