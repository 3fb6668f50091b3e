"""A process that runs one command after another: a fork copies what its parent knows, page by page,
which takes several times as long as most commands do. What one leaves in the interpreter is taken
away before the next, and where that can't be done the next one gets a new process."""

from __future__ import annotations

import contextlib
import functools
import gc
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, Sequence
from multiprocessing import reduction
from multiprocessing.connection import Connection, Pipe
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

Command: TypeAlias = Callable[[list[str], dict[str, str], Path, list[int]], None]
"""Takes its arguments, environment, folder and streams; raises what a command ends with."""
_WATCHED = ("wizard.", "keyring.", "tempfile")
"""The modules whose names and caches a command may set."""
_MOMENT = 0.1
"""Seconds that a thread gets which is about to end."""


class Ended(NamedTuple):
    """A command's exit code, and whether its process is fit for another."""

    code: int
    is_fit: bool


class Resident:
    """The near end of such a process, which is begun with the first command."""

    def __init__(self, context: ForkServerContext, run: Command) -> None:
        self._context, self._run = context, run
        self._turn = threading.Lock()
        self._begun: tuple[Any, Connection] | None = None

    def run(
        self,
        arguments: list[str],
        env: Mapping[str, str],
        folder: Path,
        streams: Sequence[int],
        limit: float,
    ) -> int | None:
        """The exit code, negative for a signal's; `None` where another command is under way, and
        `TimeoutError` after `limit` seconds."""
        if not self._turn.acquire(blocking=False):
            return None
        try:
            process, connection = self._begun = self._begun or self._begin()
            connection.send((arguments, dict(env), folder))
            for stream in streams:
                reduction.send_handle(connection, stream, process.pid)
            if not connection.poll(limit):
                process.kill()
                self.end()
                raise TimeoutError(f"{arguments} did not end within {limit:g} seconds")
            try:
                ended: Ended = connection.recv()
            except EOFError:  # it ended by a signal, or became another program
                return self.end()
            if not ended.is_fit:
                self.end()
            return ended.code
        finally:
            self._turn.release()

    def _begin(self) -> tuple[Any, Connection]:
        near, far = Pipe()
        process = self._context.Process(target=_serve, args=(far, self._run), daemon=True)
        process.start()
        far.close()
        return process, near

    def end(self) -> int | None:
        """Waits for the process, which nothing more is asked of; its exit code, if it was begun."""
        if not self._begun:
            return None
        process, connection = self._begun
        self._begun = None
        connection.close()
        process.join()
        code: int = process.exitcode
        process.close()
        return code


def _serve(connection: Connection, run: Command) -> None:
    put_back = _putting_back()
    while True:
        try:
            arguments, env, folder = connection.recv()
            streams = [reduction.recv_handle(connection) for _ in range(3)]
        except (EOFError, KeyboardInterrupt):
            return
        code = _code_of(run, arguments, env, folder, streams)
        ended = Ended(code, put_back())
        connection.send(ended)
        if not ended.is_fit:
            return


def _code_of(run: Command, *given: Any) -> int:
    try:
        run(*given)
    except SystemExit as error:
        return error.code & 0xFF if isinstance(error.code, int) else int(bool(error.code))
    except BaseException:  # noqa: BLE001 - as an interpreter ends of its own
        traceback.print_exc()
        return 1
    return 0


def _putting_back() -> Callable[[], bool]:
    """A function that has the interpreter as it is now, and says whether it is."""
    handlers = {number: signal.getsignal(number) for number in signal.valid_signals()}
    names = {
        name: (vars(module), dict(vars(module)))
        for name, module in sys.modules.items()
        if name.startswith(_WATCHED)
    }
    caches = [
        (value, value.cache_info().currsize)
        for _, known in names.values()
        for value in known.values()
        if isinstance(value, functools._lru_cache_wrapper)
    ]
    path, umask = [*sys.path], os.umask(0o22)
    os.umask(umask)

    def put_back() -> bool:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(ValueError):  # the command closed it
                stream.flush()
        sys.path[:] = path
        os.umask(umask)
        for number, handler in handlers.items():
            if handler is not None and signal.getsignal(number) is not handler:
                signal.signal(number, handler)
        for held, known in names.values():
            if held != known:
                held.clear()
                held.update(known)
        for cache, size in caches:
            if cache.cache_info().currsize != size:
                cache.cache_clear()
        gc.collect()
        return not any(thread.is_alive() for thread in _others())

    return put_back


def wait_for_threads() -> None:
    """As an interpreter that ends: those that are no daemons; the others get a moment."""
    for thread in _others():
        thread.join(_MOMENT if thread.daemon else None)


def _others() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if one is not threading.main_thread()]
