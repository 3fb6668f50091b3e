"""Ninety requests of every kind on `listen`; `tests.bench.endpoint` sends more of them."""

from __future__ import annotations

import sys

import pytest

from tests.bench.endpoint import run
from tests.bench.shots import MAKERS, shot_of
from tests.tables import each_line

REQUESTS = 90 * len(MAKERS)


@pytest.mark.skipif(sys.platform != "linux", reason="reads a process's memory in /proc")
def test_after_a_hail_it_answers_at_once_has_its_memory_back_and_was_not_fooled() -> None:
    figures = run(REQUESTS, seed := 7)
    assert figures.requests >= REQUESTS, seed
    assert figures.code is None
    assert not figures.fooled
    assert figures.stderr == ""
    # Other tests run beside it: of a hundred, two may have waited for the processor.
    assert sorted(figures.waits)[-3] <= 1
    assert figures.growth <= 0.15


@each_line("kind", MAKERS)
def test_a_request_is_the_same_whenever_it_is_made_from_its_seed(kind: str) -> None:
    assert shot_of(kind, 240) == shot_of(kind, 240)
