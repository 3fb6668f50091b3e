"""Agents of ours that outlived us, found by a file and ended if they are what it says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

RUN_PREFIX = "whatsapp-wizard-"
"""Begins the name of each run's own temporary folder."""


def remember(folder: Path, pid: int, marks: list[str]) -> Path:
    """Writes down a child of ours, with texts that its command line must contain."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"agent-{pid}.json"
    path.write_text(json.dumps({"pid": pid, "owner": os.getpid(), "marks": marks}), "utf-8")
    return path


def end_orphans(folder: Path) -> list[int]:
    """Ends what is left over of earlier runs; the pids that were ended."""
    return [pid for path in sorted(folder.glob("agent-*.json")) if (pid := _settle(path))]


def _settle(path: Path) -> int | None:
    try:
        kept = json.loads(path.read_text("utf-8"))
        pid, owner, marks = int(kept["pid"]), int(kept["owner"]), [str(m) for m in kept["marks"]]
    except (OSError, ValueError, KeyError, TypeError):
        path.unlink(missing_ok=True)
        return None
    parent, command = _process(pid)
    ours = bool(marks) and all(mark in command for mark in marks)
    if ours and parent == owner:
        return None  # another run of this program, still at work
    if ours:
        _end(pid, marks)
    for mark in marks:
        if Path(mark).parent.name.startswith(RUN_PREFIX):
            shutil.rmtree(Path(mark).parent, ignore_errors=True)
    path.unlink(missing_ok=True)
    return pid if ours else None


def _end(pid: int, marks: list[str], limit: float = 2.0) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + limit
        while time.monotonic() < until:
            if not all(mark in _process(pid)[1] for mark in marks):
                return
            time.sleep(0.02)
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))


def _process(pid: int) -> tuple[int, str]:
    """The parent's pid and the command line; nothing of either where there is no such process."""
    proc = Path("/proc") / str(pid)
    with suppress(OSError, ValueError, IndexError):
        command = (proc / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return int((proc / "stat").read_text().rpartition(")")[2].split()[1]), command
    if os.name != "posix" or proc.parent.joinpath("self").exists():
        return 0, ""
    with suppress(OSError, ValueError):
        said = subprocess.run(  # noqa: S603
            ["/bin/ps", "-ww", "-o", "ppid=,command=", "-p", str(pid)],
            capture_output=True,
            text=True,
            check=False,
            timeout=5,
        ).stdout.split(maxsplit=1)
        if len(said) == 2:
            return int(said[0]), said[1]
    return 0, ""
