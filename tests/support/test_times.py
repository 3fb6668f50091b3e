"""Spans of time as a person says them."""

from __future__ import annotations

from tests.tables import each_line
from wizard.support.times import bar, in_words, known_end, share_left


@each_line(
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


@each_line(
    ("kind", "seconds", "share"),
    [
        ("temporary", 43_200, 0.5),
        ("temporary", 100_000, 1.0),
        ("long-lived", 30 * 86_400, 0.5),
        ("system user", 15 * 86_400, 0.25),
        (None, 43_200, 0.5),
        ("temporary", -1, 0.0),
    ],
)
def test_what_is_left_is_a_share_of_what_a_token_of_its_kind_has(
    kind: str | None, seconds: float, share: float
) -> None:
    assert share_left(kind, seconds) == share


@each_line(("share", "drawn"), [(1.0, "████"), (0.5, "██░░"), (0.01, "█░░░"), (0.0, "░░░░")])
def test_a_bar_is_empty_only_where_nothing_is_left(share: float, drawn: str) -> None:
    assert bar(share, 4) == drawn


@each_line(
    ("expires_at", "known"),
    [
        (None, None),
        (0, 0),
        (1, 1),
        (1_795_000_000, 1_795_000_000),
        (253_402_300_799, None),
        (10**20, None),
    ],
)
def test_an_end_beyond_any_of_metas_is_none_that_is_known(
    expires_at: int | None, known: int | None
) -> None:
    assert known_end(expires_at, 1_790_000_000) == known
