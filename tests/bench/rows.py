"""What a row of the table is: two sides measured in turn, and the ratio that is the goal."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from tests.cli.shell import PLUGINS
from wizard.simulator import Meta, demo_values
from wizard.values.credentials import plain

BARE_APP = """
from textual.app import App, ComposeResult
from textual.widgets import Static

class Bare(App[None]):
    def compose(self) -> ComposeResult:
        yield Static("WhatsApp Wizard")

Bare().run()
"""
FOLDER = tempfile.TemporaryDirectory(prefix="bench-")
"""Where every process runs and keeps what it keeps: neither build is found in it."""
_NOBODY = "http://127.0.0.1:9"
"""Where no Graph answers: a row without a network of its own is to meet none."""


class Spent(NamedTuple):
    """Milliseconds on the clock, and of a processor."""

    clock: float
    processor: float


@dataclass(frozen=True)
class Sides:
    """Both sides in the `unit`, from the pair of runs whose ratio is the median; `note` is told
    beside them. `processor` is the ratio of the processor's time, which other programs on the
    machine touch less."""

    ours: float
    other: float
    unit: str = "ms"
    note: str = ""
    processor: float | None = None

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
    is_long: bool = False
    """Run only where it is named."""

    def is_met(self, sides: Sides) -> bool:
        return sides.ratio >= self.goal if self.at_least else sides.ratio <= self.goal


def environment(**more: str) -> dict[str, str]:
    """No profile, state or keyring of whoever runs this: an empty keyring, and nobody at Meta."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    home = tempfile.mkdtemp(dir=FOLDER.name)
    return {
        **kept,
        "HOME": home,
        "PYTHONPATH": str(PLUGINS),
        "WHATSAPP_WIZARD_STATE_DIR": f"{home}/state",
        "WHATSAPP_WIZARD_GRAPH_URL": _NOBODY,
        "PYTHON_KEYRING_BACKEND": "folder_keyring.FolderKeyring",
        "TEST_KEYRING_FOLDER": f"{home}/keyring",
        **more,
    }


def furnished() -> dict[str, str]:
    """The same with all six values in the keyring."""
    env = environment()
    folder = Path(env["TEST_KEYRING_FOLDER"], "whatsapp-wizard_default")
    folder.mkdir(parents=True)
    for name, value in demo_values(Meta()).present():
        (folder / name).write_text(plain(value), "utf-8")
    return env


def in_turn(ours: Callable[[], Spent], other: Callable[[], Spent], times: int = 11) -> Sides:
    """Both run alternately, after one run of each that does not count. Of the pairs it is the one
    whose ratio is the median: the speed of a machine may move by half from pair to pair."""
    ours(), other()
    pairs = [(ours(), other()) for _ in range(times)]
    mine, theirs = sorted(pairs, key=lambda pair: pair[0].clock / pair[1].clock)[times // 2]
    worked = [one.processor / two.processor for one, two in pairs if two.processor]
    processor = statistics.median(worked) if worked else None
    return Sides(mine.clock, theirs.clock, processor=processor)


def run(command: Sequence[str], env: Mapping[str, str]) -> Spent:
    """What a command takes to its end. Raises `RuntimeError` where it could not be used."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ended = subprocess.run(command, env=env, cwd=FOLDER.name, capture_output=True, check=False)
    took, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if ended.returncode not in {0, 1}:
        raise RuntimeError(f"{command} ended with {ended.returncode}: {ended.stderr[-500:]!r}")
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(took * 1000, worked * 1000)


def processor_of(pid: int) -> float:
    """Milliseconds of a processor that a process has had so far, with those of its threads that
    have ended; 0 where the system does not tell."""
    if sys.platform != "linux":
        return 0.0
    return time.clock_gettime(~pid << 3 | 2) * 1000  # what clock_getcpuclockid(3) gives


def wizard(*arguments: str, python: str = sys.executable) -> list[str]:
    """The program as it is installed beside this interpreter."""
    return [os.fspath(Path(python).with_name("whatsapp-wizard")), *arguments]


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]
