"""A real terminal of our own: the program runs in a pty, and what it draws is read off a screen."""

from __future__ import annotations

import contextlib
import os
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pexpect
import pyte
from pexpect.fdpexpect import fdspawn

from tests.cli import warm
from tests.cli.shell import PLUGINS

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

ENTER, ESCAPE, LEFT = "\r", "\x1b", "\x1b[D"
_BETWEEN_KEYS, _AT_MOST = 0.05, 16
CTRL = {letter: chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}


class Forked(fdspawn):  # type: ignore[misc]
    """What pexpect knows of a program that it has started, of one that was forked."""

    def __init__(self, process: ForkServerProcess, master: int) -> None:
        super().__init__(master)
        self.pid = process.pid or 0
        self._process = process

    def isalive(self) -> bool:
        code = self._process.exitcode
        if code is not None:
            self.exitstatus: int | None = code if code >= 0 else None
            self.signalstatus: int | None = -code if code < 0 else None
        return code is None

    def kill(self, number: int) -> None:
        os.kill(self.pid, number)

    def setwinsize(self, rows: int, columns: int) -> None:
        termios.tcsetwinsize(self.child_fd, (rows, columns))

    def close(self, *, force: bool = True) -> None:
        super().close()
        self._process.kill()
        self._process.join()


class Terminal:
    """A program in a pty with a screen of its size."""

    def __init__(self, child: Any, columns: int, rows: int) -> None:
        self.child = child
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._lines: list[str] = []
        self._size = (0, 0)
        self.written = b""

    def keys(self, *keys: str) -> None:
        """One after the other, as somebody presses them: what comes at once is a paste."""
        for key in keys:
            time.sleep(_BETWEEN_KEYS)
            self.child.send(key)

    def paste(self, text: str) -> None:
        """A paste as terminals send it, in brackets."""
        self.child.send(f"\x1b[200~{text}\x1b[201~")

    def text(self) -> str:
        """What stands on the screen; only lines that have changed are read anew."""
        screen = self.screen
        if self._size != (screen.lines, screen.columns):
            self._size = screen.lines, screen.columns
            self._lines = [""] * screen.lines
            screen.dirty = set(range(screen.lines))
        for number in screen.dirty:
            line = screen.buffer[number]
            self._lines[number] = "".join(line[at].data for at in range(screen.columns))
        screen.dirty.clear()
        return "\n".join(self._lines)

    def until(self, holds: Callable[[str], bool], *, seconds: float = 15.0) -> str:
        """The screen as soon as this holds of it."""
        deadline = time.monotonic() + seconds
        text, is_new = "", True
        while time.monotonic() < deadline:
            if self._read(0.05) or is_new:
                text, is_new = self.text(), False
                if holds(text):
                    return text
        raise AssertionError(f"did not come to be within {seconds} s:\n{self.text()}")

    def shows(self, *texts: str, seconds: float = 15.0) -> str:
        return self.until(lambda screen: all(text in screen for text in texts), seconds=seconds)

    def end(self, *, seconds: float = 10.0) -> int:
        """Waits for the program to end by itself; its exit code."""
        deadline = time.monotonic() + seconds
        while self.child.isalive() and time.monotonic() < deadline:
            self._read(0.05)
        if self.child.isalive():
            raise AssertionError(f"still running after {seconds} s:\n{self.text()}")
        self._read(0.05)
        status: int | None = self.child.exitstatus
        return status if status is not None else 128 + (self.child.signalstatus or 0)

    @property
    def is_as_found(self) -> bool:
        """Whether alternate screen, mouse and bracketed paste were switched off in the end."""
        modes = (b"?1049", b"?1000", b"?2004")
        return all(self.written.rfind(m + b"l") > self.written.rfind(m + b"h") for m in modes)

    def _read(self, seconds: float) -> bool:
        """Takes all that comes within this time and what is there then; whether there was any."""
        before = len(self.written)
        with contextlib.suppress(pexpect.TIMEOUT, pexpect.EOF):
            for _ in range(_AT_MOST):
                chunk = self.child.read_nonblocking(65536, timeout=seconds)
                self.written += chunk
                self._stream.feed(chunk)
                seconds = 0.002
        return len(self.written) > before


@contextlib.contextmanager
def run(
    *arguments: str,
    folder: Path,
    columns: int = 100,
    rows: int = 30,
    env: Mapping[str, str] = {},
    code: str = "",
    cold: bool = False,
) -> Iterator[Terminal]:
    """`whatsapp-wizard ARGUMENTS` in a pty, with its state in this folder and no keyring; some
    code of a test's own may run before it. A `cold` one has an interpreter of its own."""
    clean = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("WHATSAPP_", "SSH_", "NGROK", "PYTHON_KEYRING", "COLUMNS", "LINES"))
    }
    clean |= {
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "PYTHONPATH": str(PLUGINS),
        "WHATSAPP_WIZARD_STATE_DIR": str(folder),
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        **env,
    }
    begin = _forked if warm.IS_POSSIBLE and not cold else _spawned
    child = begin(arguments, clean, (rows, columns), code)
    try:
        yield Terminal(child, columns, rows)
    finally:
        child.close(force=True)


def _forked(
    arguments: tuple[str, ...], env: dict[str, str], size: tuple[int, int], code: str
) -> Forked:
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, size)
    streams = warm.Streams(slave, slave, slave)
    process = warm.start([*arguments], env, Path.cwd(), streams, code)
    os.close(slave)
    return Forked(process, master)


def _spawned(
    arguments: tuple[str, ...], env: dict[str, str], size: tuple[int, int], code: str
) -> Any:
    start = f"{code}\nfrom wizard.cli import main\nmain()" if code else ""
    line = [*(["-c", start] if code else ["-m", "wizard"]), *arguments]
    child = pexpect.spawn(sys.executable, line, env=env, dimensions=size, encoding=None)
    child.delaybeforesend = None
    return child
