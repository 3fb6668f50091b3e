"""The score of the bench, at the end of a run."""

from __future__ import annotations

import pytest

NAMES = ("judged", "judged rightly")
"""The properties of a test: how many cases it had, and how many of them came out as they should."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for outcome, what in (("a_fault_is", "faults named"), ("a_healthy", "healthy left alone")):
        told = [
            property_
            for report in reports
            if f"test_{outcome}" in report.nodeid
            for property_ in report.user_properties
        ]
        judged, right = (sum(count for name, count in told if name == one) for one in NAMES)
        if judged:
            terminalreporter.write_line(f"bench: {right} of {judged} {what}")
