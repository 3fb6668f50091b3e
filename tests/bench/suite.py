"""The row of the suite itself, which takes minutes: it is run where it is named."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

from tests.bench.rows import Row, Sides


def _suite(other: str | None) -> Sides:
    ours, passed = _run(sys.executable)
    theirs, before = _run(other or sys.executable)
    return Sides(ours, theirs, "s", f"{passed:,} tests ({before:,})")


def _run(python: str) -> tuple[float, int]:
    """The seconds of a build's suite, as its README runs it, and how many tests passed. Raises
    `RuntimeError` where one did not."""
    tree, begun = Path(python).parents[2], time.monotonic()
    command = [python, "-m", "pytest", "-q", "-n", "auto", "--dist", "worksteal"]
    ended = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    took = time.monotonic() - begun
    if ended.returncode:
        raise RuntimeError(f"{tree}: {ended.stdout[-500:]}")
    passed = re.search(r"([0-9]+) passed", ended.stdout)
    return took, int(passed[1]) if passed else 0


ROWS = (Row("the suite", "the other build's", 0.5, _suite, needs_other_build=True, is_long=True),)
