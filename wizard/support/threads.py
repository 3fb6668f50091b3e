"""A blocking call on a daemon thread, with a limit."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import asyncio

Result = TypeVar("Result")
_SLICE = 0.5


async def run_in_thread(call: Callable[[], Result], *, timeout: float) -> Result:
    """What the call returns or raises; `TimeoutError` after `timeout` seconds.

    A call that is given up runs on in its thread, which nobody waits for: `asyncio.to_thread`
    joins its pool at exit, so one keyring prompt that nobody answers would hold the program.
    """
    import asyncio  # is there where a task runs; who runs none does without

    loop = asyncio.get_running_loop()
    # Settled with a function that returns or raises: a future takes no StopIteration.
    settled: asyncio.Future[Callable[[], Result]] = loop.create_future()

    def run() -> None:
        outcome = _outcome(call)
        # The loop may be closed by the time that an abandoned call returns.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(
                lambda: None if settled.done() else settled.set_result(outcome)
            )

    threading.Thread(target=run, name="blocking", daemon=True).start()
    async with asyncio.timeout(timeout):
        outcome = await settled
    return outcome()


def wait_for_thread(
    call: Callable[[], Result], *, timeout: float, patience: float, waiting: Callable[[], None]
) -> Result:
    """The same for who runs no tasks. `waiting` is called where it takes `patience` seconds."""
    outcomes: list[Callable[[], Result]] = []
    done = threading.Event()

    def run() -> None:
        outcomes.append(_outcome(call))
        done.set()

    threading.Thread(target=run, name="blocking", daemon=True).start()
    if not done.wait(patience):
        waiting()
        left = timeout - patience
        # In slices: Windows hears Ctrl+C between two of them only.
        while not done.wait(min(left, _SLICE)):
            left -= _SLICE
            if left <= 0:
                raise TimeoutError
    return outcomes[0]()


def _outcome(call: Callable[[], Result]) -> Callable[[], Result]:
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 - handed over to whoever waits
        failure = error
    else:
        return lambda: result

    def fail() -> Result:
        raise failure

    return fail
