"""Blocking calls beside the loop."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from wizard.support.threads import run_in_thread


async def test_it_returns_what_the_call_returns() -> None:
    assert await run_in_thread(lambda: 42, timeout=1) == 42


async def test_it_raises_what_the_call_raises() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await run_in_thread(fail, timeout=1)


async def test_a_call_that_takes_too_long_is_given_up() -> None:
    release = threading.Event()
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        await run_in_thread(release.wait, timeout=0.1)
    assert time.monotonic() - begun < 1
    release.set()


async def test_calls_run_beside_each_other() -> None:
    all_there = threading.Barrier(8, timeout=5)
    await asyncio.gather(*(run_in_thread(all_there.wait, timeout=5) for _ in range(8)))


async def test_an_exception_that_no_future_takes_comes_over_too() -> None:
    with pytest.raises(RuntimeError, match="StopIteration"):
        await run_in_thread(lambda: next(iter(())), timeout=1)


async def test_a_waiter_may_be_cancelled() -> None:
    release = threading.Event()
    waiting = asyncio.create_task(run_in_thread(release.wait, timeout=5))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()


async def test_a_call_that_ends_after_it_was_given_up_troubles_nobody() -> None:
    troubles: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, said: troubles.append(said))
    release, threads = threading.Event(), list[threading.Thread]()

    def call() -> None:
        threads.append(threading.current_thread())
        release.wait()

    with pytest.raises(TimeoutError):
        await run_in_thread(call, timeout=0.02)
    release.set()
    await asyncio.to_thread(threads[0].join)
    assert not troubles


ABANDONED = """
import asyncio, threading
from wizard.support.threads import run_in_thread
release = threading.Event()
def call():
    release.wait()
    raise LookupError("too late")
async def main():
    try:
        await run_in_thread(call, timeout=0.05)
    except TimeoutError:
        print("given up")
asyncio.run(main())
"""
JOINED = """
release.set()
for thread in threading.enumerate():
    if thread.name == "blocking":
        thread.join()
"""


@pytest.mark.parametrize("afterwards", ["", JOINED], ids=["hangs for good", "ends after the loop"])
def test_a_call_that_was_given_up_neither_holds_the_program_nor_says_a_word(
    afterwards: str,
) -> None:
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", ABANDONED + afterwards],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "given up\n", "")
