"""The table of docs/speed.md: `python -m tests.bench [ROW …] [--against PATH_TO_VENV]`.

Both sides of a row run in turn on the same machine; a number is a median. Only ratios of one run
mean anything, and only on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import os
import platform
from pathlib import Path

from tests.bench import commands, load, screens

ROWS = (*screens.ROWS, *commands.ROWS, *load.ROWS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="*", help="parts of the names of rows; all by default")
    parser.add_argument("--against", type=Path, help="the virtual environment of another build")
    asked = parser.parse_args()
    other = str(asked.against.absolute() / "bin" / "python") if asked.against else None
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores")  # noqa: T201
    print("| what | ours | against | ratio | goal | |\n|---|---|---|---|---|---|")  # noqa: T201
    for row in ROWS:
        if asked.rows and not any(part in row.name for part in asked.rows):
            continue
        if row.needs_other_build and other is None:
            print(f"| {row.name} | – | {row.against}: give --against | | | |")  # noqa: T201
            continue
        try:
            sides = row.measure(other)
        except (RuntimeError, TimeoutError, OSError) as error:
            print(f"| {row.name} | not measured: {error} | | | | |")  # noqa: T201
            continue
        sign = "≥" if row.at_least else "≤"
        print(  # noqa: T201
            f"| {row.name} | {sides.ours:,.0f} {sides.unit} |"
            f" {row.against}: {sides.other:,.0f} {sides.unit} | {sides.ratio:.2f} × |"
            f" {sign} {row.goal} × | {'met' if row.is_met(sides) else 'missed'}"
            f"{', ' + sides.note if sides.note else ''} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
