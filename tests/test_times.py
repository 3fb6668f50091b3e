"""Spans of time as a person says them."""

from __future__ import annotations

import pytest

from wizard.times import in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-5, "less than a minute"),
        (0, "less than a minute"),
        (59.9, "less than a minute"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (3660, "1 h 1 min"),
        (23 * 3600 + 41 * 60, "23 h 41 min"),
        (86_400, "1 d"),
        (86_400 + 59, "1 d"),
        (86_400 + 3600, "1 d 1 h"),
        (59 * 86_400 + 3 * 3600 + 1800, "59 d 3 h"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(seconds: float, words: str) -> None:
    assert in_words(seconds) == words
