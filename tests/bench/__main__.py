"""The table of docs/speed.md: `python -m tests.bench [ROW …] [--against PATH_TO_VENV]`.

Both sides of a row run in turn on the same machine; its numbers are those of the pair of runs whose
ratio is the median. Only ratios of one run mean anything, and only on a machine that does nothing
else.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from tests.bench import commands, load, screens, servers, suite
from tests.bench.rows import Row, Sides

ROWS = (*screens.ROWS, *commands.ROWS, *servers.ROWS, *load.ROWS, *suite.ROWS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "rows", nargs="*", help="parts of the names of rows; all but the suite by default"
    )
    parser.add_argument("--against", type=Path, help="the virtual environment of another build")
    asked = parser.parse_args()
    other = str(asked.against.absolute() / "bin" / "python") if asked.against else None
    version = ".".join(platform.python_version_tuple()[:2])
    _say(f"{os.cpu_count()} cores, Python {version}, {platform.system()}\n")
    _say("| what | ours | against | ratio | goal | | processor's time |")
    _say("|---|---|---|---|---|---|---|")
    for row in ROWS:
        is_named = any(part in row.name for part in asked.rows)
        if is_named or not (asked.rows or row.is_long):
            _say(_line(row, other))


def _line(row: Row, other: str | None) -> str:
    if row.needs_other_build and other is None:
        return f"| {row.name} | – | {row.against}: give --against | | | | |"
    try:
        sides = row.measure(other)
    except (RuntimeError, TimeoutError, OSError) as error:
        said = " ".join(str(error).split()).replace("|", "/")
        return f"| {row.name} | not measured: {said} | | | | | |"
    sign = "≥" if row.at_least else "≤"
    verdict = "met" if row.is_met(sides) else "**missed**"
    processor = "" if sides.processor is None else f"{sides.processor:.2f} ×"
    ours, theirs = _amount(sides.ours, sides), _amount(sides.other, sides)
    return (
        f"| {row.name} | {ours} | {row.against}: {theirs} | {sides.ratio:.2f} × |"
        f" {sign} {row.goal} × | {verdict}{', ' + sides.note if sides.note else ''} | {processor} |"
    )


def _amount(number: float, sides: Sides) -> str:
    return f"{number:,.1f} {sides.unit}" if number < 100 else f"{number:,.0f} {sides.unit}"


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
