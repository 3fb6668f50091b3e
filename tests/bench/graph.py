"""Graph's worst at every call of every journey: `python -m tests.bench.graph [--stride 1]`.

Each call of each is answered in each bad way in turn. Prints how many runs there were, how each
ended, the longest and the largest; fails at the first that is not told in words.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from pathlib import Path

from tests.cli.shell import Shell
from tests.cli.world import Pretended
from tests.cli.worst_runs import JOURNEYS, calls_of, runs
from wizard.simulator import serve


async def measure(stride: int) -> str:
    """The lines of the table."""
    meta, codes, longest, largest = Pretended(), Counter[int](), 0.0, 0
    async with serve(meta.app) as meta.base:
        with tempfile.TemporaryDirectory() as folder:
            for line in JOURNEYS:
                shell = Shell(Path(folder))
                calls = range(1, await calls_of(shell, meta, line) + 1, stride)
                async for ended in runs(shell, meta, line, calls, every_way=True):
                    ended.assert_bearable()
                    codes[ended.code] += 1
                    longest, largest = max(longest, ended.seconds), max(largest, ended.grown or 0)
    ends = ", ".join(f"{count:,} × {code}" for code, count in sorted(codes.items()))
    return (
        f"runs            {codes.total():,}\n"
        f"exit codes      {ends}\n"
        f"longest         {longest:.1f} s\n"
        f"largest         {largest / 2**20:.0f} MB more than before"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stride", type=int, default=1, help="every so manyth call only")
    print(asyncio.run(measure(parser.parse_args().stride)))  # noqa: T201


if __name__ == "__main__":
    main()
