"""Rows about the screen: first paint, the welcome, a rotation, a step forward."""

from __future__ import annotations

import statistics
import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple

from tests.bench.rows import (
    BARE_APP,
    Row,
    Sides,
    Spent,
    environment,
    furnished,
    in_turn,
    python,
    wizard,
)
from tests.bench.terminal import Terminal

_TITLE = "WhatsApp Wizard"
_WELCOME = r"\^q"
"""In the last line, which is drawn once keys are taken."""
_WALK = "of 40 steps"
_FIELD = "aste the Access token here"
"""Without its first letter, on which the cursor stands once the field has the focus."""
_TOKEN = b"\x1b[200~EAAG" + b"x1Y2z3" * 30 + b"\x1b[201~"
_TAKEN = "Store"
"""One of the stages that are shown as soon as a token is being tested."""
_STEPS = 12


def _appears(
    command: list[str], words: str, env: Mapping[str, str] | None = None
) -> Callable[[], Spent]:
    def measure() -> Spent:
        with Terminal(command, environment() if env is None else env) as terminal:
            return terminal.until(words)

    return measure


_BARE = _appears(python(BARE_APP), _TITLE)


def _first_paint(_other: str | None) -> Sides:
    return in_turn(_appears(wizard(), _TITLE), _BARE)


def _welcome(_other: str | None) -> Sides:
    return in_turn(_appears(wizard(), _WELCOME), _BARE)


def _demo(other: str | None) -> Sides:
    there = _appears(wizard("demo", python=str(other)), _WELCOME)
    return in_turn(_appears(wizard("demo"), _WELCOME), there)


def _rotation(_other: str | None) -> Sides:
    env = furnished()
    with Terminal(wizard("rotate"), env) as terminal:  # the field that is waited for takes a paste
        terminal.until(_FIELD)
        terminal.press(_TOKEN)
        terminal.until(_TAKEN)
    return in_turn(_appears(wizard("rotate"), _FIELD, env), _BARE)


class _Step(NamedTuple):
    """Medians of one walk: milliseconds until the last byte, processor's milliseconds, bytes."""

    clock: float
    processor: float
    written: float


def _steps_of(interpreter: str) -> _Step:
    with Terminal(wizard("demo", python=interpreter), environment()) as terminal:
        terminal.until(_WELCOME)
        terminal.settle()
        terminal.press(b"\r")
        terminal.until(_WALK)
        terminal.settle()
        pressed = [terminal.press(b"\r") for _ in range(_STEPS)]
    return _Step(
        statistics.median(one.seconds for one in pressed) * 1000,
        statistics.median(one.processor for one in pressed),
        statistics.median(one.written for one in pressed),
    )


def _step(other: str | None) -> Sides:
    pairs = [(_steps_of(sys.executable), _steps_of(str(other))) for _ in range(3)]
    ours, theirs = zip(*pairs, strict=True)
    here, there = _middle(ours), _middle(theirs)
    return Sides(
        here.clock,
        there.clock,
        note=f"{here.written / 1000:.1f} KB written ({there.written / 1000:.1f} KB)",
        processor=here.processor / there.processor if there.processor else None,
    )


def _middle(walks: tuple[_Step, ...]) -> _Step:
    return _Step(*(statistics.median(values) for values in zip(*walks, strict=True)))


ROWS = (
    Row("first paint", "a Textual app of one Static", 1.2, _first_paint),
    Row("a welcome that takes keys", "a Textual app of one Static", 1.6, _welcome),
    Row("demo: a welcome", "the other build", 0.6, _demo, needs_other_build=True),
    Row("rotate: takes a paste", "a Textual app of one Static", 1.7, _rotation),
    Row("a step forward", "the other build", 0.33, _step, needs_other_build=True),
)
