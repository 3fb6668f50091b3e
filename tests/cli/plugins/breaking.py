"""Breaks a process of a test off before one of its steps outside, or the disk under it.

`TEST_KILL_AT=5` ends it before the fifth file of the test that it opens or renames or connection
that it makes; `5@keyring` counts from the first with that word in it. `TEST_BREAK=killed@5` ends
it before its fifth change to the folder of the test, `full@5` has the disk full from there on,
`unflushed@5` too, but only for what is in the files, and `read-only@1` refuses all of them.
`TEST_PICTURES=FOLDER` breaks nothing off: before each change the folder of the test is copied into
that one, under the number of the change.
`TEST_DISK_FULL=1` leaves no room for a file that is made aside, and with `TEST_NO_HOME=1` nobody
knows of a home. `TEST_BUG=words` has it fail with these words wherever it writes JSON.
`TEST_PATIENCE=0.5` is how long Graph may take, and `TEST_MEMORY=FILE` is told by how many bytes the
process has grown.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import json
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from tests.cli.plugins.auditing import hear
else:
    from auditing import hear

_READS = {"open", "os.rename", "socket.connect"}
_CHANGES = {"os.rename", "os.link", "os.remove", "os.mkdir"}
_REFUSED = {"full": errno.ENOSPC, "read-only": errno.EROFS, "unflushed": errno.ENOSPC}


def install() -> Callable[[], None]:
    """From now on, what the environment asks for; returns a function that ends it."""
    home, undone = os.environ["HOME"], contextlib.ExitStack()
    if sentence := os.environ.get("TEST_BUG"):
        _replace(undone, json, "dumps", _buggy(sentence))
    if os.environ.get("TEST_DISK_FULL"):
        _replace(undone, tempfile, "mkstemp", _refusal(errno.ENOSPC))
    if os.environ.get("TEST_NO_HOME"):
        import platformdirs

        _replace(undone, platformdirs, "user_state_path", _homeless)
    if seconds := os.environ.get("TEST_PATIENCE"):
        _limit(undone, float(seconds))
    if place := os.environ.get("TEST_MEMORY"):
        _measure(undone, place)
    _hear_steps(undone, home)
    return undone.close


def _hear_steps(undone: contextlib.ExitStack, home: str) -> None:
    if place := os.environ.get("TEST_PICTURES"):
        undone.callback(hear(_picturing(home, Path(place))))
    if place := os.environ.get("TEST_KILL_AT"):
        count, _, word = place.partition("@")
        undone.callback(hear(_hook(int(count), lambda *told: _is_step(home, *told), _kill, word)))
    if place := os.environ.get("TEST_BREAK"):
        way, _, count = place.partition("@")
        if way == "unflushed":
            _replace(undone, os, "fsync", _unflushed(int(count)))
        else:
            end = _kill if way == "killed" else _refusal(_REFUSED[way])
            undone.callback(hear(_hook(int(count), lambda *told: _is_change(home, *told), end)))


def _replace(undone: contextlib.ExitStack, holder: Any, name: str, value: Any) -> None:
    undone.callback(setattr, holder, name, getattr(holder, name))
    setattr(holder, name, value)


def _hook(
    count: int,
    matters: Callable[[str, tuple[Any, ...]], bool],
    end: Callable[[], None],
    word: str = "",
) -> Callable[[str, tuple[Any, ...]], None]:
    left, begun = [count], [not word]

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if not matters(event, arguments):
            return
        begun[0] = begun[0] or word in str(arguments[0])
        left[0] -= begun[0]
        if left[0] <= 0 and begun[0]:
            end()

    return hook


def _is_step(home: str, event: str, arguments: tuple[Any, ...]) -> bool:
    if event not in _READS:
        return False
    return event == "socket.connect" or str(arguments[0]).startswith(home)


def _is_change(home: str, event: str, arguments: tuple[Any, ...]) -> bool:
    """A file made, put in another's place or removed, or a new one that is about to be filled.
    Locks are none: they go with the process."""
    path = arguments[0] if arguments else ""
    if event == "open":
        if not arguments[2] & (os.O_WRONLY | os.O_RDWR):
            return False
        if isinstance(path, int):
            return path > 2
    elif event not in _CHANGES:
        return False
    if not isinstance(path, str | os.PathLike):
        return False
    return Path(os.fspath(path)).absolute().is_relative_to(home) and not str(path).endswith(".lock")


def _picturing(home: str, place: Path) -> Callable[[str, tuple[Any, ...]], None]:
    numbers = itertools.count(1)

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if _is_change(home, event, arguments):
            shutil.copytree(home, place / f"{next(numbers)}")

    return hook


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _refusal(number: int) -> Callable[..., NoReturn]:
    def refuse(*_args: Any, **_options: Any) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return refuse


def _unflushed(count: int) -> Callable[[Any], None]:
    left, flush = [count], os.fsync

    def fsync(fd: Any) -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        flush(fd)

    return fsync


def _buggy(sentence: str) -> Callable[..., NoReturn]:
    def broken(*_args: Any, **_options: Any) -> NoReturn:
        try:
            raise LookupError(f"inner: {sentence}")
        except LookupError as error:
            raise RuntimeError(f"outer: {sentence}") from error

    return broken


def _homeless(*_args: Any, **_options: Any) -> NoReturn:
    """As for a user whom the system knows nothing of, with no HOME."""
    raise RuntimeError("could not determine the home directory")


def _limit(undone: contextlib.ExitStack, seconds: float) -> None:
    from wizard.graph import transport

    begin = transport.Transport.__init__

    def begun(self: Any, *args: Any, **options: Any) -> None:
        begin(self, *args, **options)
        self._limit = seconds

    _replace(undone, transport.Transport, "__init__", begun)
    _replace(undone, transport, "_MEANWHILE", 0.0)


def _measure(undone: contextlib.ExitStack, place: str) -> None:
    before, end = _peak(), vars(threading)["_shutdown"]

    def ended() -> None:
        Path(place).write_text(str(_peak() - before), "utf-8")
        end()

    _replace(undone, threading, "_shutdown", ended)


def _peak() -> int:
    """The most memory that the process has had so far, in bytes."""
    lines = Path("/proc/self/status").read_text("utf-8").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))
