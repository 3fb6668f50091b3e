"""A step forward touches what differs: so few bytes go to the terminal, on a slow line too."""

from __future__ import annotations

import pytest

pytest.importorskip("pty")

from tests.bench.rows import environment, wizard
from tests.bench.terminal import Terminal

_MOST = 6500


def test_a_step_forward_writes_little() -> None:
    with Terminal(wizard("demo"), environment()) as terminal:
        terminal.until(r"\^q")
        terminal.settle()
        terminal.press(b"\r")
        terminal.until("of 40 steps")
        terminal.settle()
        written = [terminal.press(b"\r").written for _ in range(6)]
    assert all(0 < count <= _MOST for count in written), written
