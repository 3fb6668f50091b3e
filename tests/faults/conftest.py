"""The score of the bench, at the end of a run."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.faults.score import JUDGED, RIGHT, Score


@pytest.fixture
def score(record_property: Callable[[str, object], None]) -> Score:
    return Score(record_property)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for outcome, what in (("a_fault_is", "faults named"), ("a_healthy", "healthy left alone")):
        mine = [report for report in reports if f"test_{outcome}" in report.nodeid]
        told = [name for report in mine for name, _ in report.user_properties]
        judged, right = told.count(JUDGED), told.count(RIGHT)
        if judged:
            terminalreporter.write_line(f"bench: {right} of {judged} {what}")
