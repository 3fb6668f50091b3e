"""Rows about the screen: first paint, the welcome, a rotation, a step forward."""

from __future__ import annotations

import statistics
import sys
import tempfile
from collections.abc import Callable

from tests.bench.rows import BARE_APP, ROOT, Row, Sides, environment, in_turn, python, wizard
from tests.bench.terminal import Terminal

_TITLE = "WhatsApp Wizard"
_WELCOME = r"\^q"
"""In the last line, which is drawn once keys are taken."""
_STEPS = 12


def _appears(command: list[str], words: str, folder: str = str(ROOT)) -> Callable[[], float]:
    def measure() -> float:
        with Terminal(command, environment(), folder) as terminal:
            return terminal.until(words) * 1000

    return measure


_BARE = _appears(python(BARE_APP), _TITLE)


def _first_paint(_other: str | None) -> Sides:
    return Sides(*in_turn(_appears(wizard(), _TITLE), _BARE))


def _welcome(_other: str | None) -> Sides:
    return Sides(*in_turn(_appears(wizard(), _WELCOME), _BARE))


def _demo(other: str | None) -> Sides:
    there = _appears(wizard("demo", python=str(other)), _WELCOME, tempfile.gettempdir())
    return Sides(*in_turn(_appears(wizard("demo"), _WELCOME), there))


def _rotation(_other: str | None) -> Sides:
    return Sides(*in_turn(_appears(wizard("rotate"), "Access token"), _BARE))


def _steps_of(interpreter: str, folder: str) -> tuple[float, float]:
    """Median milliseconds and bytes of a step forward in the demo."""
    with Terminal(wizard("demo", python=interpreter), environment(), folder) as terminal:
        terminal.until(_WELCOME)
        terminal.settle()
        terminal.press(b"\r")
        terminal.until("2[.]1")
        terminal.settle()
        pressed = [terminal.press(b"\r") for _ in range(_STEPS)]
    return (
        statistics.median(took for took, _ in pressed) * 1000,
        statistics.median(count for _, count in pressed),
    )


def _step(other: str | None) -> Sides:
    ours = [_steps_of(sys.executable, str(ROOT)) for _ in range(3)]
    theirs = [_steps_of(str(other), tempfile.gettempdir()) for _ in range(3)]
    written = statistics.median(count for _, count in ours)
    before = statistics.median(count for _, count in theirs)
    return Sides(
        statistics.median(took for took, _ in ours),
        statistics.median(took for took, _ in theirs),
        note=f"{written / 1000:.1f} KB written, {before / 1000:.1f} KB by the other build",
    )


ROWS = (
    Row("first paint", "a Textual app of one Static", 1.2, _first_paint),
    Row("a welcome that takes keys", "a Textual app of one Static", 1.6, _welcome),
    Row("demo: a welcome", "the other build", 0.6, _demo, needs_other_build=True),
    Row("rotate: takes a paste", "a Textual app of one Static", 1.7, _rotation),
    Row("a step forward", "the other build", 0.33, _step, needs_other_build=True),
)
