"""A program in a real pseudo-terminal: when its words appear, and how much it writes."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import NamedTuple

from tests.bench.rows import FOLDER, Spent, processor_of

_SIZE = struct.pack("HHHH", 30, 100, 0, 0)
_SETTLED = 0.45
"""Seconds without a byte after which a screen counts as drawn: longer than any pause between two
drawings of one change, and shorter than the blinking of a cursor."""


class Drawn(NamedTuple):
    """What came of a key: seconds until the last byte, processor's milliseconds, and the bytes."""

    seconds: float
    processor: float
    written: int


class Terminal:
    """`with Terminal(command, env) as terminal`; leaving the block kills what still runs."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self._command = list(command)
        self._env = {**env, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self._seen = b""

    def __enter__(self) -> Terminal:
        self._begun = time.perf_counter()
        self.pid, self._fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, _SIZE)
            os.chdir(FOLDER.name)
            os.execvpe(self._command[0], self._command, self._env)
        fcntl.ioctl(self._fd, termios.TIOCSWINSZ, _SIZE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._fd)

    def until(self, words: str, timeout: float = 30.0) -> Spent:
        """What it took from the start of the process until the words were written. Raises
        `TimeoutError` with the end of what was written instead."""
        wanted = re.compile(words.encode())
        deadline = time.perf_counter() + timeout
        while not wanted.search(self._seen):
            if not self._read(deadline - time.perf_counter()):
                raise TimeoutError(f"{words!r} never came; last: {self._seen[-300:]!r}")
        return Spent((time.perf_counter() - self._begun) * 1000, processor_of(self.pid))

    def settle(self) -> Drawn:
        """Waits until nothing is written any more."""
        begun = last = time.perf_counter()
        before, count = processor_of(self.pid), len(self._seen)
        while self._read(_SETTLED):
            last = time.perf_counter()
        return Drawn(last - begun, processor_of(self.pid) - before, len(self._seen) - count)

    def press(self, keys: bytes) -> Drawn:
        """Types the keys; see `settle`."""
        os.write(self._fd, keys)
        return self.settle()

    def _read(self, timeout: float) -> bool:
        if timeout <= 0 or not select.select([self._fd], [], [], timeout)[0]:
            return False
        try:
            self._seen += os.read(self._fd, 65536)
        except OSError:
            return False
        return True
