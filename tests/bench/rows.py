"""What a row of the table is: two sides measured in turn, and the ratio that is the goal."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
BARE_APP = """
from textual.app import App, ComposeResult
from textual.widgets import Static

class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("WhatsApp Wizard")

Bare().run()
"""


@dataclass(frozen=True)
class Sides:
    """Medians of both sides, in the `unit`; `note` is told beside them."""

    ours: float
    other: float
    unit: str = "ms"
    note: str = ""

    @property
    def ratio(self) -> float:
        return self.ours / self.other if self.other else float("nan")


@dataclass(frozen=True)
class Row:
    """`measure` is given the interpreter of the build to compare with, or `None`."""

    name: str
    against: str
    goal: float
    measure: Callable[[str | None], Sides]
    at_least: bool = False
    needs_other_build: bool = False

    def is_met(self, sides: Sides) -> bool:
        return sides.ratio >= self.goal if self.at_least else sides.ratio <= self.goal


def environment(**more: str) -> dict[str, str]:
    """No profile, state or keyring of whoever runs this."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    folder = tempfile.mkdtemp(prefix="bench-")
    return {
        **kept,
        "HOME": folder,
        "WHATSAPP_WIZARD_STATE_DIR": f"{folder}/state",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        **more,
    }


def in_turn(
    ours: Callable[[], float], other: Callable[[], float], times: int = 7
) -> tuple[float, float]:
    """Medians of both, run alternately after one run of each that does not count."""
    ours(), other()
    pairs = [(ours(), other()) for _ in range(times)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def seconds(command: Sequence[str], env: Mapping[str, str]) -> float:
    """How long a command takes. Raises `RuntimeError` where it could not be used."""
    begun = time.perf_counter()
    ended = subprocess.run(command, env=env, cwd=ROOT, capture_output=True, check=False)
    if ended.returncode not in {0, 1}:
        raise RuntimeError(f"{command} ended with {ended.returncode}: {ended.stderr[-500:]!r}")
    return time.perf_counter() - begun


def wizard(*arguments: str, python: str = sys.executable) -> list[str]:
    return [python, "-m", "wizard", *arguments]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]
