"""Blocking calls beside the loop."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
import time

import pytest

from wizard.threads import blocking


async def test_it_returns_what_the_call_returns() -> None:
    assert await blocking(lambda: 42, limit=1) == 42


async def test_it_raises_what_the_call_raises() -> None:
    def fail() -> None:
        raise LookupError("nothing there")

    with pytest.raises(LookupError, match="nothing there"):
        await blocking(fail, limit=1)


async def test_a_call_that_takes_too_long_is_given_up() -> None:
    release = threading.Event()
    begun = time.monotonic()
    with pytest.raises(TimeoutError):
        await blocking(release.wait, limit=0.1)
    assert time.monotonic() - begun < 1
    release.set()


async def test_calls_run_beside_each_other() -> None:
    begun = time.monotonic()
    await asyncio.gather(*(blocking(lambda: time.sleep(0.2), limit=2) for _ in range(8)))
    assert time.monotonic() - begun < 1


async def test_a_waiter_may_be_cancelled() -> None:
    release = threading.Event()
    waiting = asyncio.create_task(blocking(release.wait, limit=5))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    release.set()


def test_a_call_that_ends_after_its_loop_says_nothing() -> None:
    code = (
        "import asyncio, time\n"
        "from wizard.threads import blocking\n"
        "async def main():\n"
        "    try:\n"
        "        await blocking(lambda: time.sleep(0.3), limit=0.05)\n"
        "    except TimeoutError:\n"
        "        pass\n"
        "asyncio.run(main())\n"
        "time.sleep(0.5)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
