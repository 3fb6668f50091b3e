"""How long the keyring may take, and who is told that it takes a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

LIMIT = 60.0
"""Seconds for one call: time enough to type a wallet's password into its dialog."""
PATIENCE = 1.0
"""Seconds after which one wonders what is going on."""

on_wait: list[Callable[[], None]] = [lambda: None]
"""The last of these is called where a call takes that long."""


@contextmanager
def told_of_a_wait() -> Iterator[None]:
    """Where the block takes a while, for the keyring or for another program's turn at it, that is
    said (`on_wait`)."""
    import asyncio  # here, for who looks at the keyring without a task has no use for it

    telling = asyncio.get_running_loop().call_later(PATIENCE, on_wait[-1])
    try:
        yield
    finally:
        telling.cancel()
