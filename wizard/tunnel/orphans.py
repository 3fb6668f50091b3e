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

from wizard.tunnel.processes import NOBODY, Look, look, look_at_group

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
    """An agent may be a script that has started another program, or become one: it is known by its
    arguments, in whichever process of its group, and lives as long as any of them."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        pid, owner, marks = int(kept["pid"]), int(kept["owner"]), [str(m) for m in kept["marks"]]
    except (OSError, ValueError, KeyError, TypeError):
        _remove(path)
        return None
    ours = _ours(pid, marks)
    is_handed_over = bool(ours) and pid not in ours
    if any(parent == owner for parent, _ in ours.values()) or (
        is_handed_over and look(owner) != NOBODY
    ):
        return None  # another run of this program, still at work
    if ours:
        _end(pid, marks)
    for mark in marks:
        if Path(mark).parent.name.startswith(_PREFIX):
            shutil.rmtree(Path(mark).parent, ignore_errors=True)
    _remove(path)
    return pid if ours else None


def _ours(pid: int, marks: list[str]) -> dict[int, Look]:
    group = look_at_group(pid)
    if not marks:
        return {}
    return {
        number: seen for number, seen in group.items() if all(mark in seen[1] for mark in marks)
    }


def _remove(note: Path) -> None:
    with suppress(OSError):
        note.unlink(missing_ok=True)


def _end(pid: int, marks: list[str], limit: float = 2.0) -> None:
    for number in _ours(pid, marks):
        _signal(number, signal.SIGTERM)
    until = time.monotonic() + limit
    while left := _ours(pid, marks):
        if time.monotonic() > until:
            for number in left:
                _signal(number, getattr(signal, "SIGKILL", signal.SIGTERM))
            return
        time.sleep(0.02)


def _signal(pid: int, number: int) -> None:
    with suppress(OSError):
        os.kill(pid, number)
