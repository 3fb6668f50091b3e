"""Writes down all that a process of a test does besides printing, into the file `TEST_WATCHED`.

Logs of every level and library, the arguments and environment of each child, and what stood in a
file that is removed or put in another's place.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

_GONE = {"os.remove", "os.rename"}
_CHILDREN = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system"}
_PATIENCE = 0.8


def install() -> None:
    """From now on. With `TEST_ENDS` set it gets a Ctrl+C after a moment, as it would not end."""
    place = os.open(os.environ["TEST_WATCHED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    dumps = json.dumps

    def write(kind: str, text: str) -> None:
        os.write(place, (dumps([kind, text], ensure_ascii=False) + "\n").encode())

    sys.addaudithook(_hook(write, os.environ["HOME"]))
    _hear_logs(write)
    if "TEST_ENDS" in os.environ:
        signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE)


def _hook(write: Callable[[str, str], None], home: str) -> Callable[[str, tuple[Any, ...]], None]:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHILDREN:
            write("child", repr(arguments))
        elif event in _GONE and str(arguments[0]).startswith(home):
            with contextlib.suppress(OSError):
                write("gone", Path(arguments[0]).read_text("utf-8", "replace"))

    return hook


def _hear_logs(write: Callable[[str, str], None]) -> None:
    class Log(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            write("log", f"{record.name}: {self.format(record)}")

    logging.basicConfig(level=1, handlers=[Log(level=1)], force=True)
    for name in ("httpx", "httpcore", "asyncio", "keyring", "uvicorn", "pyngrok", "wizard"):
        logging.getLogger(name).setLevel(1)
