"""Signals, heard by a loop that is held up."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
SCRIPT = """
import asyncio, os, signal, sys, threading, time
from wizard.cli.runs.signals import run_to_end, signals_heard

def spin():
    while True:
        pass

def stuck():
    reader, writer = os.pipe()
    while True:
        os.write(writer, b"x" * 65536)

def stubborn():
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass

async def main(hold):
    ended = asyncio.Event()
    with signals_heard(lambda number: ended.set(), timeout=0.1, last_timeout=0.3):
        print("up", flush=True)
        if hold:
            asyncio.get_running_loop().call_soon(hold)
        await ended.wait()
        await asyncio.sleep(0.01)
        print("put back", flush=True)
        return 7

sys.exit(run_to_end(main(globals().get(sys.argv[1]))))
"""


def held(how: str, number: int) -> tuple[int, str, float]:
    """The exit code, what was said, and the seconds from the signal to the end."""
    command = [sys.executable, "-c", SCRIPT, how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        time.sleep(0.05)
        begun = time.monotonic()
        process.send_signal(number)
        code = process.wait(20)
        return code, process.stdout.read(), time.monotonic() - begun


@posix
@pytest.mark.parametrize(
    ("how", "number"), [("spin", signal.SIGINT), ("spin", signal.SIGTERM), ("stuck", signal.SIGHUP)]
)
def test_what_holds_the_loop_up_is_broken_off_and_all_ends_in_order(how: str, number: int) -> None:
    code, said, seconds = held(how, number)
    assert (code, said) == (128 + number, "put back\n")
    assert seconds < 5


@posix
def test_what_cant_be_broken_off_ends_all_the_same() -> None:
    code, _, seconds = held("stubborn", signal.SIGTERM)
    assert code == 128 + signal.SIGTERM
    assert seconds < 5


@posix
def test_a_loop_that_is_free_hears_it_at_once() -> None:
    code, said, _ = held("nothing", signal.SIGTERM)
    assert (code, said) == (7, "put back\n")
