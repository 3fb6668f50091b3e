"""An agent's process: started with both streams read, ended by its pid, never left behind."""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import IO

_RUNNING: set[ChildProcess] = set()


def end_children() -> None:
    """Kills every child at once, for who is about to end without a word to anybody."""
    for child in tuple(_RUNNING):
        if child.process is not None:
            with suppress(OSError):
                _signal_all(child.process, "SIGKILL")


class ChildProcess:
    """One child process. Every line that it writes goes to `heard`, and `None` when it ended."""

    def __init__(
        self, command: Sequence[str], env: Mapping[str, str], heard: Callable[[str | None], None]
    ) -> None:
        self._command = list(command)
        self._env = dict(env)
        self._heard = heard
        self._lock = threading.Lock()
        self._unwanted = False
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Raises `OSError` where the file can't be run. Nothing is started after `end`."""
        with self._lock:
            if self._unwanted:
                return
            # In a session of its own: Ctrl+C is for us, and the agent ends when we say so.
            self.process = subprocess.Popen(  # noqa: S603 - the agent's own path, no shell
                self._command,
                env=self._env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=os.name == "posix",
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
            atexit.register(self.end, grace=0)
            _RUNNING.add(self)
        threading.Thread(
            target=self._read, args=(self.process.stdout,), name="agent", daemon=True
        ).start()

    @property
    def pid(self) -> int | None:
        return self.process.pid if self.process else None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def end(self, grace: float = 2.0) -> None:
        """Asks, waits for `grace` seconds, then ends it."""
        with self._lock:
            self._unwanted = True
            process = self.process
        if process is None:
            return
        if process.poll() is None:
            if grace:
                _signal_all(process, "SIGTERM")
                with suppress(subprocess.TimeoutExpired):
                    process.wait(grace)
            _signal_all(process, "SIGKILL")  # also what does not mind that the first one is gone
        with suppress(subprocess.TimeoutExpired):  # one that the system itself holds
            process.wait(5)
        atexit.unregister(self.end)
        _RUNNING.discard(self)

    def _read(self, output: IO[str]) -> None:
        """To the very end: an agent freezes once 64 KiB of its log stand unread."""
        with output as stream, suppress(ValueError):
            for line in stream:
                self._heard(line.rstrip("\n"))
        self._heard(None)


def _signal_all(process: subprocess.Popen[str], name: str) -> None:
    """To the child and what it started in its turn, as a script of that name does: they are a
    group of their own. On Windows to the child alone."""
    if os.name == "nt":
        process.kill() if name == "SIGKILL" else process.terminate()
        return
    with suppress(OSError):
        os.killpg(process.pid, getattr(signal, name))
