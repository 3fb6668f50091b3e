"""What a task tells while it runs, taken one by one by who waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

Told = TypeVar("Told")


@asynccontextmanager
async def stream(
    produce: Callable[[Callable[[Told], None]], Awaitable[None]],
) -> AsyncIterator[AsyncIterator[Told]]:
    """`async with stream(produce) as told: async for one in told`.

    `produce` runs as a task and calls what it is given with each thing that it tells. What it
    raises comes out of the loop; leaving the block cancels it and waits for its end.
    """
    queue: asyncio.Queue[Told | _End] = asyncio.Queue()
    running = asyncio.ensure_future(produce(queue.put_nowait))
    running.add_done_callback(lambda _: queue.put_nowait(_END))

    async def take() -> AsyncIterator[Told]:
        while not isinstance(told := await queue.get(), _End):
            yield told
        await running

    try:
        yield take()
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


class _End:
    """Nothing more is told."""


_END = _End()
