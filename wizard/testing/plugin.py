"""The pytest plugin: a fixture with a simulator of its own for each test.

pytest imports this module in every run, so all that is heavy is imported by the fixture itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from wizard.testing.running import RunningSimulator

_MARK = "whatsapp_simulator"


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        f"{_MARK}(scenario=None, pace=0): what the whatsapp_simulator fixture starts with",
    )


@pytest.fixture
def whatsapp_simulator(request: pytest.FixtureRequest) -> Iterator[RunningSimulator]:
    """A simulated WhatsApp Cloud API on a port of this machine, fresh for this test."""
    from wizard.testing.running import run_simulator

    marker = request.node.get_closest_marker(_MARK)
    options = dict(marker.kwargs) if marker else {}
    with run_simulator(**options) as simulator:
        yield simulator
