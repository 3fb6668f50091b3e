"""A real terminal of our own: the program runs in a pty, and what it draws is read off a screen."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pexpect
import pyte

from tests.cli.shell import PLUGINS

ENTER, ESCAPE, LEFT = "\r", "\x1b", "\x1b[D"
CTRL = {letter: chr(ord(letter) - 96) for letter in "abcdefghijklmnopqrstuvwxyz"}


class Terminal:
    """A program in a pty with a screen of its size."""

    def __init__(self, child: pexpect.spawn[bytes], columns: int, rows: int) -> None:
        self.child = child
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self.written = b""

    def keys(self, *keys: str) -> None:
        for key in keys:
            self.child.send(key)

    def paste(self, text: str) -> None:
        """A paste as terminals send it, in brackets."""
        self.child.send(f"\x1b[200~{text}\x1b[201~")

    def text(self) -> str:
        return "\n".join(self.screen.display)

    def until(self, holds: Callable[[str], bool], *, seconds: float = 15.0) -> str:
        """The screen as soon as this holds of it."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._read(0.05)
            if holds(self.text()):
                return self.text()
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

    def _read(self, seconds: float) -> None:
        with contextlib.suppress(pexpect.TIMEOUT, pexpect.EOF):
            chunk = self.child.read_nonblocking(65536, timeout=seconds)
            self.written += chunk
            self._stream.feed(chunk)


@contextlib.contextmanager
def run(
    *arguments: str,
    folder: Path,
    columns: int = 100,
    rows: int = 30,
    env: Mapping[str, str] = {},
    code: str = "",
) -> Iterator[Terminal]:
    """`whatsapp-wizard ARGUMENTS` in a pty, with its state in this folder and no keyring; some
    code of a test's own may run before it."""
    start = f"{code}\nfrom wizard.cli import main\nmain()" if code else ""
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
    child = pexpect.spawn(
        sys.executable,
        [*(["-c", start] if code else ["-m", "wizard"]), *arguments],
        env=clean,
        dimensions=(rows, columns),
        encoding=None,
    )
    try:
        yield Terminal(child, columns, rows)
    finally:
        child.close(force=True)
