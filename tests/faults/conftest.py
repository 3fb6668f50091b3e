"""The score of the bench, at the end of a run."""

from __future__ import annotations

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for outcome, what in (("a_fault_is", "faults named"), ("a_healthy", "healthy left alone")):
        passed, failed = (
            sum(f"test_{outcome}" in report.nodeid for report in terminalreporter.getreports(word))
            for word in ("passed", "failed")
        )
        if passed or failed:
            terminalreporter.write_line(f"bench: {passed} of {passed + failed} {what}")
