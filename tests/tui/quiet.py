"""A pilot's wait for an app that has done all it had to do."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

_LOOK = 0.001
_SOON = 0.02
"""What Textual takes for long enough to know that nothing goes on."""


async def wait_until_quiet(_at_least: float = _SOON, at_most: float = 1.0) -> None:
    """In place of Textual's wait, which sleeps 20 ms at a time until the process took hardly any
    of them, and that thrice for each key. What there is to do is known here: nothing, once no
    callback is ready, none is due soon, and no blocking call runs; for one that goes on running
    it waits no longer than 20 ms."""
    loop = asyncio.get_running_loop()
    now = quiet_since = loop.time()
    end = now + at_most
    while now < end:
        await asyncio.sleep(_LOOK)
        now = loop.time()
        if _has_work(loop, before=now + _SOON):
            quiet_since = now
        elif now - quiet_since >= (_SOON if _is_blocking() else _LOOK):
            return


def _has_work(loop: Any, *, before: float) -> bool:
    timers = (timer for timer in loop._scheduled if not timer.cancelled())
    return bool(loop._ready) or any(timer.when() < before for timer in timers)


def _is_blocking() -> bool:
    """Whether a thread of `run_in_thread` has not ended."""
    return any(thread.name == "blocking" for thread in threading.enumerate())
