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
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.cli.plugins.auditing import hear
else:
    from auditing import hear

_GONE = {"os.remove", "os.rename"}
_CHILDREN = {"subprocess.Popen", "os.exec", "os.posix_spawn", "os.spawn", "os.system"}
_PATIENCE = 0.8


_NAMES = ("httpx", "httpcore", "asyncio", "keyring", "uvicorn", "pyngrok", "wizard")


def install() -> Callable[[], None]:
    """From now on, until the function is called that it returns. With `TEST_ENDS` set it gets a
    Ctrl+C after a moment, as it would not end."""
    place = os.open(os.environ["TEST_WATCHED"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    dumps = json.dumps

    def write(kind: str, text: str) -> None:
        os.write(place, (dumps([kind, text], ensure_ascii=False) + "\n").encode())

    undone = contextlib.ExitStack()
    undone.callback(os.close, place)
    undone.callback(hear(_hook(write, os.environ["HOME"])))
    undone.enter_context(_heard_logs(write))
    if "TEST_ENDS" in os.environ:
        signal.signal(signal.SIGALRM, lambda *_: signal.raise_signal(signal.SIGINT))
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE)
    return undone.close


def _hook(write: Callable[[str, str], None], home: str) -> Callable[[str, tuple[Any, ...]], None]:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHILDREN:
            write("child", repr(arguments))
        elif event in _GONE and str(arguments[0]).startswith(home):
            with contextlib.suppress(OSError):
                write("gone", Path(arguments[0]).read_text("utf-8", "replace"))

    return hook


@contextlib.contextmanager
def _heard_logs(write: Callable[[str, str], None]) -> Iterator[None]:
    class Log(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            write("log", f"{record.name}: {self.format(record)}")

    loggers = [logging.getLogger(name) for name in ("", *_NAMES)]
    levels, handlers = [logger.level for logger in loggers], loggers[0].handlers
    loggers[0].handlers = [Log(level=1)]
    for logger in loggers:
        logger.setLevel(1)
    yield
    loggers[0].handlers = handlers
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)
