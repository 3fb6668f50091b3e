"""Counts what was proved, and tells it when the run ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance import counts

pytest.register_assert_rewrite("tests.conformance.pywa_everyday")


@pytest.fixture(autouse=True)
def _counting(request: pytest.FixtureRequest) -> Iterator[None]:
    with counts.counting(request.node.user_properties):
        yield


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    told = [each for report in reports for each in report.user_properties]
    for line in counts.lines(told):
        terminalreporter.write_line(line)
