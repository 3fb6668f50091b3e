"""Signals that end a program, heard whatever its event loop does."""

from __future__ import annotations

import _thread
import asyncio
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any

ENDING = (
    *("SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"),
    "SIGBREAK",  # Ctrl+Break on Windows, or the console's window closed
    *("SIGUSR1", "SIGUSR2"),  # nodemon restarts a program with the second
    *("SIGALRM", "SIGXCPU"),
)
"""What ends a program that does not mind it, and leaves it time for its end."""
_PATIENCE = 2.0
_LAST_PATIENCE = 5.0
_BY_FORCE = b"Ended by force. The next run of listen puts back a callback that was replaced.\n"


class Interrupted(KeyboardInterrupt):
    """The loop did not hear a signal, so that what held it up was broken off."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@contextmanager
def signals_heard(
    on_signal: Callable[[int], None],
    names: Sequence[str] = ENDING,
    *,
    timeout: float = _PATIENCE,
    last_timeout: float = _LAST_PATIENCE,
) -> Iterator[None]:
    """Has `on_signal` called on the running loop at the first signal of each kind; a second one
    ends the program as if nobody minded it.

    asyncio's own handlers wait for the loop. Here, where the loop has not heard after `timeout`
    seconds, `Interrupted` is raised in whatever runs on the main thread, and comes out of the
    loop: `run_to_end` goes on from there. Where it runs on all the same, the process ends after
    `last_timeout` seconds, with 128 + the signal's number. Outside the main thread nothing is
    changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]
    hearing = _Hearing(asyncio.get_running_loop(), on_signal, timeout, last_timeout)
    before = {number: signal.getsignal(number) for number in numbers}
    fd = signal.set_wakeup_fd(hearing.fd, warn_on_full_buffer=False)
    for number in numbers:
        signal.signal(number, hearing.handle)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler or signal.SIG_DFL)
        signal.set_wakeup_fd(fd)
        hearing.close()


def run_to_end(main: Coroutine[Any, Any, int]) -> int:
    """What `asyncio.run` would return. Where `Interrupted` broke off what held the loop up, all
    else goes on, hears the signal, and ends in order; then 128 + the signal's number."""
    tasks: list[asyncio.Task[Any]] = []

    async def noted() -> int:
        tasks.extend(filter(None, [asyncio.current_task()]))
        return await main

    with asyncio.Runner() as runner:
        try:
            return runner.run(noted())
        except Interrupted as interrupted:
            loop = runner.get_loop()
            loop.set_exception_handler(_quietly)
            with suppress(Interrupted):
                loop.run_until_complete(tasks[0])
            _leave_output()
            return 128 + interrupted.number


def _leave_output() -> None:
    """What held the loop up may be output that nobody reads; Python's end would wait for it."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _quietly(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    if not isinstance(context.get("exception"), Interrupted):
        loop.default_exception_handler(context)


class _Hearing:
    """A thread that learns of each signal from the system itself, and sees to it that somebody
    minds it."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        on_signal: Callable[[int], None],
        timeout: float,
        last_timeout: float,
    ) -> None:
        self._loop = loop
        self._on_signal = on_signal
        self._timeouts = timeout, last_timeout
        self._heard: dict[int, threading.Event] = {}
        self._deaf = False
        self._out, self._in = socket.socketpair()
        self._in.settimeout(0)
        threading.Thread(target=self._watch, name="signals", daemon=True).start()

    @property
    def fd(self) -> int:
        return self._in.fileno()

    def close(self) -> None:
        for heard in list(self._heard.values()):
            heard.set()
        self._in.close()

    def handle(self, number: int, _frame: FrameType | None) -> None:
        """Python's own handler, called between two steps of the main thread."""
        if self._deaf:
            self._deaf = False
            raise Interrupted(number)

    def _watch(self) -> None:
        with self._out, suppress(OSError):
            while said := self._out.recv(1):
                if said[0] not in self._heard:
                    self._mind(said[0])

    def _mind(self, number: int) -> None:
        heard = self._heard[number] = threading.Event()
        with suppress(RuntimeError):  # a loop that is closed has ended already
            self._loop.call_soon_threadsafe(self._hear, number)
        patience, last = self._timeouts
        if heard.wait(patience):
            return
        self._deaf = True
        _knock(number)
        if not heard.wait(last):
            with suppress(OSError):
                os.write(2, _BY_FORCE)
            os._exit(128 + number)

    def _hear(self, number: int) -> None:
        self._heard[number].set()
        is_ctrl_c = number == signal.SIGINT
        signal.signal(number, signal.default_int_handler if is_ctrl_c else signal.SIG_DFL)
        self._on_signal(number)


def _knock(number: int) -> None:
    """Sends the signal to the main thread once more, so that a call that waits is broken off."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, number)
    else:
        _thread.interrupt_main(signal.Signals(number))
