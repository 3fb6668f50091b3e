"""A process by its number, as its system knows it: whose child it is, and its command line."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeAlias

from wizard.values.child_environment import child_environment

Look: TypeAlias = tuple[int, str]
"""The parent's pid and the command line: 0 where the parent is gone, and "" where all is."""

NOBODY: Look = (0, "")
_SHELL = "System32/WindowsPowerShell/v1.0/powershell.exe"
_ASK = (
    "[Console]::OutputEncoding = [Text.Encoding]::UTF8; "
    "$one = Get-CimInstance Win32_Process -Filter 'ProcessId={pid}'; "
    "if ($one) {{ "
    "$all = @($one) + @(Get-CimInstance Win32_Process -Filter"
    " ('ProcessId=' + $one.ParentProcessId)); "
    "ConvertTo-Json -Compress @($all | Where-Object {{ $_ }} | Select-Object ProcessId,"
    " ParentProcessId, CommandLine,"
    " @{{n='Born'; e={{$_.CreationDate.ToFileTimeUtc()}}}}) }}"
)


def look(pid: int) -> Look:
    """What runs under this number right now."""
    if os.name == "nt":
        return _in_windows(pid)
    proc = Path("/proc") / str(pid)
    with suppress(OSError, ValueError, IndexError):
        command = (proc / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return int((proc / "stat").read_text().rpartition(")")[2].split()[1]), command
    return NOBODY if proc.parent.joinpath("self").exists() else _by_ps(pid)


def look_at_group(pid: int) -> dict[int, Look]:
    """All that runs in the process group which this process began, itself among it; on Windows,
    which has none, itself alone."""
    numbers = {pid, *_in_group(pid)} if os.name != "nt" else {pid}
    looks = {number: look(number) for number in numbers}
    return {number: seen for number, seen in looks.items() if seen != NOBODY}


def _in_group(group: int) -> Iterator[int]:
    proc = Path("/proc")
    if not (proc / "self").exists():
        for line in _said(["/bin/ps", "-A", "-o", "pid=,pgid="]).splitlines():
            with suppress(ValueError):
                pid, of = map(int, line.split())
                if of == group:
                    yield pid
        return
    for one in proc.iterdir():
        with suppress(OSError, ValueError, IndexError):
            if int((one / "stat").read_text().rpartition(")")[2].split()[2]) == group:
                yield int(one.name)


def _by_ps(pid: int) -> Look:
    said = _said(["/bin/ps", "-ww", "-o", "ppid=,command=", "-p", str(pid)]).split(maxsplit=1)
    with suppress(ValueError):
        if len(said) == 2:
            return int(said[0]), said[1]
    return NOBODY


def _in_windows(pid: int) -> Look:
    shell = Path(os.environ.get("SYSTEMROOT", "C:/Windows")) / _SHELL
    ask = _ASK.format(pid=pid)
    return read_cim(_said([str(shell), "-NoProfile", "-NonInteractive", "-Command", ask]), pid)


def read_cim(said: str, pid: int) -> Look:
    """The process, of the JSON list of itself and of whoever now bears its parent's number.

    Windows names a parent long after its end, when another process may have got the number:
    the real parent was there before its child.
    """
    try:
        told: dict[int, dict[str, Any]] = {int(one["ProcessId"]): one for one in json.loads(said)}
        own = told[pid]
        parent, command, born = int(own["ParentProcessId"]), own["CommandLine"], own["Born"]
        there = parent in told and (told[parent]["Born"] or 0) <= born
    except (ValueError, KeyError, TypeError):
        return NOBODY
    return (parent if there else 0), command or ""


def _said(command: list[str]) -> str:
    with suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(  # noqa: S603 - the system's own program, and a number
            command,
            env=child_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            errors="replace",
            check=False,
            timeout=10,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        ).stdout
    return ""
