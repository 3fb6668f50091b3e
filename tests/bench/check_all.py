"""`check --all` on many profiles: `python -m tests.bench.check_all --profiles 1000`.

Prints the total time, the peak of the command's memory, and the most requests that the server
had under way at once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.crowd import Crowd, enlist
from tests.cli.shell import COMMAND, Shell
from wizard.simulator import serve


@dataclass(frozen=True)
class Measured:
    """One run: its exit code, its summary, its seconds and megabytes, and what the server saw."""

    code: int
    summary: Mapping[str, Any]
    lines: int
    seconds: float
    megabytes: float
    crowd: Crowd

    def __str__(self) -> str:
        counts = ", ".join(f"{count} {word}" for word, count in self.summary["summary"].items())
        return (
            f"{self.lines} profiles ({counts})\n"
            f"total time              {self.seconds:.1f} s\n"
            f"peak memory             {self.megabytes:.0f} MB\n"
            f"requests                {self.crowd.requests}\n"
            f"most requests at once   {self.crowd.most_under_way}"
        )


async def measure(profiles: int, crowd: Crowd, folder: Path) -> Measured:
    """Runs the command, in a process of its own, on this many profiles."""
    shell = Shell(folder)
    keyring = folder / "keyring"
    enlist(profiles, keyring, shell.state.parent)
    async with serve(crowd) as base:
        shell.env |= {
            "WHATSAPP_WIZARD_GRAPH_URL": base,
            "PYTHON_KEYRING_BACKEND": "folder_keyring.FolderKeyring",
            "TEST_KEYRING_FOLDER": str(keyring),
        }
        shell.env.pop("PYTHONDONTWRITEBYTECODE", None)  # a program that is used has been compiled
        return await asyncio.to_thread(_run, shell, crowd)


def _run(shell: Shell, crowd: Crowd) -> Measured:
    out = shell.folder / "reports.jsonl"
    begun, peak = time.monotonic(), 0.0
    with (
        out.open("wb") as file,
        subprocess.Popen(
            [*COMMAND, "check", "--all", "--json"], stdout=file, cwd=shell.folder, env=shell.env
        ) as process,
    ):
        while process.poll() is None:
            peak = max(peak, _megabytes(process.pid))
            time.sleep(0.02)
    seconds = time.monotonic() - begun
    *reports, summary = out.read_text("utf-8").splitlines()
    return Measured(process.returncode, json.loads(summary), len(reports), seconds, peak, crowd)


def _megabytes(pid: int) -> float:
    """The peak of a process's memory so far; 0 where the system does not show it.

    Not what `wait4` tells: that counts the process that it was forked from, too.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profiles", type=int, default=1000)
    parser.add_argument("--delay", type=float, default=0.05, help="seconds an answer takes")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(asyncio.run(measure(asked.profiles, Crowd(asked.delay), Path(folder))))  # noqa: T201


if __name__ == "__main__":
    main()
