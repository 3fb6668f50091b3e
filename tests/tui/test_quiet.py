"""What a pilot waits for."""

from __future__ import annotations

import asyncio
import threading

from tests.tui.quiet import wait_until_quiet
from wizard.support.threads import run_in_thread


async def test_it_waits_for_what_others_have_begun() -> None:
    done = list[str]()

    async def in_many_turns() -> None:
        for _ in range(200):
            await asyncio.sleep(0)
        done.append("turns")

    async def in_a_moment() -> None:
        await asyncio.sleep(0.012)
        done.append("timer")

    async def on_a_thread() -> None:
        held = asyncio.Event()
        asyncio.get_running_loop().call_later(0.004, held.set)
        await held.wait()
        await run_in_thread(lambda: done.append("thread"), timeout=5)

    tasks = [asyncio.create_task(one()) for one in (in_many_turns, in_a_moment, on_a_thread)]
    await wait_until_quiet()
    assert sorted(done) == ["thread", "timer", "turns"]
    await asyncio.gather(*tasks)


async def test_what_is_due_later_is_not_waited_for() -> None:
    let_go = threading.Event()
    later = asyncio.create_task(asyncio.sleep(60))
    hung = asyncio.create_task(run_in_thread(let_go.wait, timeout=60))
    await asyncio.wait_for(wait_until_quiet(at_most=60), 5)
    assert not hung.done()
    let_go.set()
    assert await hung
    later.cancel()


async def test_what_never_ends_is_given_up() -> None:
    async def forever() -> None:
        while True:
            await asyncio.sleep(0)

    busy = asyncio.create_task(forever())
    await asyncio.wait_for(wait_until_quiet(at_most=0.1), 5)
    busy.cancel()
