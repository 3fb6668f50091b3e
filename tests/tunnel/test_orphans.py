"""What a killed run left behind is ended at the next start, and nothing else is."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.tables import each_line
from tests.tunnel.conftest import TOKEN, Bench
from wizard.tunnel.orphans import end_orphans
from wizard.tunnel.processes import look, read_cim

CRASH = """
import asyncio, os, signal, sys
from pathlib import Path
from wizard.values.credentials import Secret
from wizard.tunnel.ngrok import Ngrok
async def main():
    await Ngrok(Path(sys.argv[1]), Secret(sys.stdin.read()), agent=Path(sys.argv[2])).open(9)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""


async def test_an_orphan_of_a_killed_run_is_ended_at_the_next_start(bench: Bench) -> None:
    command = [sys.executable, "-c", CRASH, str(bench.pids), str(bench.agent)]
    await asyncio.to_thread(
        subprocess.run, command, input=TOKEN.encode(), cwd=Path(__file__).parents[2], check=False
    )
    orphan, folder = bench.seen["pid"], bench.config.parent
    assert len(bench.left()) == 1
    assert folder.exists()
    async with bench.ngrok() as tunnel:
        await tunnel.open(9)
        assert bench.seen["pid"] != orphan
        assert len(bench.left()) == 1
        assert not folder.exists()


WRAPPERS = {
    "becomes it": 'exec "$(dirname "$0")/real/ngrok" "$@"',
    "starts it": '"$(dirname "$0")/real/ngrok" "$@"',
}
needs_groups = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no groups")


def wrapped(bench: Bench, script: str) -> Path:
    """The agent behind a script of its name, as a package manager puts it on PATH."""
    real = bench.folder / "real" / "ngrok"
    real.parent.mkdir()
    bench.agent.rename(real)
    bench.agent.write_text(f"#!/bin/sh\n{script}\n")
    bench.agent.chmod(0o700)
    return real


async def is_gone(pid: int) -> bool:
    """Whether it ends soon; one that nobody has taken note of may still have its number."""
    for _ in range(200):
        if not look(pid)[1]:
            return True
        await asyncio.sleep(0.02)
    return False


@needs_groups
@pytest.mark.parametrize("way", WRAPPERS)
async def test_an_agent_that_a_script_hands_over_to_is_ended_too(bench: Bench, way: str) -> None:
    real = wrapped(bench, WRAPPERS[way])
    command = [sys.executable, "-c", CRASH, str(bench.pids), str(bench.agent)]
    await asyncio.to_thread(
        subprocess.run, command, input=TOKEN.encode(), cwd=Path(__file__).parents[2], check=False
    )
    orphan = bench.seen["pid"]
    assert str(real) in look(orphan)[1]
    assert end_orphans(bench.pids) != []
    assert await is_gone(orphan)
    assert list(bench.pids.iterdir()) == []


@needs_groups
@pytest.mark.parametrize("way", WRAPPERS)
async def test_it_ends_with_its_tunnel(bench: Bench, way: str) -> None:
    wrapped(bench, WRAPPERS[way])
    async with bench.ngrok() as tunnel:
        await tunnel.open(9)
        assert end_orphans(bench.pids) == []
    assert await is_gone(bench.seen["pid"])


async def test_a_process_that_merely_has_the_pid_is_let_live(bench: Bench) -> None:
    bench.pids.mkdir()
    note = bench.pids / "agent-1.json"
    note.write_text(f'{{"pid": {os.getpid()}, "owner": 1, "marks": ["/tmp/no/ngrok.yml"]}}')
    assert end_orphans(bench.pids) == []
    assert not note.exists()


async def test_a_running_agent_of_another_run_is_let_live(bench: Bench) -> None:
    async with bench.ngrok() as tunnel:
        await tunnel.open(9)
        assert end_orphans(bench.pids) == []
        assert len(bench.left()) == 1


def test_a_process_is_known_by_its_command_line_and_its_parent() -> None:
    code = "import sys, time; print('here', flush=True); time.sleep(600)"
    command_line = [sys.executable, "-c", code, "a mark"]
    with subprocess.Popen(command_line, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline()
        parent, command = look(child.pid)
        child.kill()
    assert parent == os.getpid()
    assert "a mark" in command
    assert look(child.pid) == (0, "")


AGENT = r'"C:\Users\Jörg\ngrok.exe" start --none --config C:\Temp\whatsapp-wizard-x\ngrok.yml'


def told(pid: int, parent: int, born: int | None, command: str | None = AGENT) -> dict[str, Any]:
    """A process in the words of Windows."""
    return {"ProcessId": pid, "ParentProcessId": parent, "CommandLine": command, "Born": born}


@each_line(
    ("processes", "seen"),
    [
        ([told(70, 12, 2000), told(12, 1, 1000, "python")], (12, AGENT)),
        ([told(70, 12, 2000)], (0, AGENT)),
        ([told(70, 12, 2000), told(12, 1, 3000, "notepad")], (0, AGENT)),
        ([told(70, 4, 2000), told(4, 0, None, None)], (4, AGENT)),
        ([told(70, 12, 2000, None)], (0, "")),
        ([], (0, "")),
    ],
    ids=["at work", "orphan", "parent's number given away", "system", "not ours to see", "none"],
)
def test_windows_tells_a_process_and_whether_its_parent_lives(
    processes: list[dict[str, Any]], seen: tuple[int, str]
) -> None:
    assert read_cim(json.dumps(processes), 70) == seen


@each_line("said", ["", "Access is denied.", "{}", "[1]", "null"])
def test_what_windows_says_otherwise_names_no_process(said: str) -> None:
    assert read_cim(said, 70) == (0, "")
