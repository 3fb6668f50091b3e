"""Agents of ours that outlived us, found by a file and ended if they are what it says."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from wizard.tunnel.processes import look

_PREFIX = "whatsapp-wizard-"


def run_folder() -> Path:
    """A temporary folder for one run, which `end_orphans` knows by its name."""
    return Path(tempfile.mkdtemp(prefix=_PREFIX))


def remember(folder: Path, pid: int, marks: list[str]) -> Path | None:
    """Writes down a child of ours, with texts that its command line must contain.

    `None` where the folder can't be had: the tunnel is worth more than the note.
    """
    path = folder / f"agent-{pid}.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"pid": pid, "owner": os.getpid(), "marks": marks}), "utf-8")
    except OSError:
        return None
    return path


def end_orphans(folder: Path) -> list[int]:
    """Ends what is left over of earlier runs; the pids that were ended."""
    return [pid for path in sorted(folder.glob("agent-*.json")) if (pid := _settle(path))]


def _settle(path: Path) -> int | None:
    try:
        kept = json.loads(path.read_text("utf-8"))
        pid, owner, marks = int(kept["pid"]), int(kept["owner"]), [str(m) for m in kept["marks"]]
    except (OSError, ValueError, KeyError, TypeError):
        _remove(path)
        return None
    parent, command = look(pid)
    ours = bool(marks) and all(mark in command for mark in marks)
    if ours and parent == owner:
        return None  # another run of this program, still at work
    if ours:
        _end(pid, marks)
    for mark in marks:
        if Path(mark).parent.name.startswith(_PREFIX):
            shutil.rmtree(Path(mark).parent, ignore_errors=True)
    _remove(path)
    return pid if ours else None


def _remove(note: Path) -> None:
    with suppress(OSError):
        note.unlink(missing_ok=True)


def _end(pid: int, marks: list[str], limit: float = 2.0) -> None:
    with suppress(OSError):
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + limit
        while time.monotonic() < until:
            if not all(mark in look(pid)[1] for mark in marks):
                return
            time.sleep(0.02)
        os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
