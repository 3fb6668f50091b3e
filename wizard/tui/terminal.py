"""The terminal that the app runs in: what is lost with it, and that the app then ends."""

from __future__ import annotations

import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from wizard.support.quiet import aloud
from wizard.tunnel.child_process import end_children

ENDING = ("SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGXCPU")
CLOSED = 128 + 1
"""The exit code of who lost the terminal, as after SIGHUP."""
_LAST_PATIENCE = 3.5
_LAST_WORD = 0.3
_LOOK_AGAIN = 500
_AS_FOUND = b"\x1b[?2004l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[?7h"


class TerminalWatch:
    """Calls `on_end` with an exit code at the first signal that ends a program, and when the
    terminal goes away without one. Where the app has not ended `patience` seconds later, whatever
    holds it up, the process ends by force, and what it started with it.

    Signals are minded on the main thread; the handler only sets things going.
    """

    def __init__(self, on_end: Callable[[int], None], *, patience: float = _LAST_PATIENCE) -> None:
        self._on_end = on_end
        self._patience = patience
        self._ended = threading.Event()
        self._begun = False

    def start(self) -> None:
        if sys.platform == "win32":
            return
        if threading.current_thread() is threading.main_thread():
            for name in ENDING:
                signal.signal(getattr(signal, name), self._handle)
        with suppress(OSError, ValueError, AttributeError):  # no terminal, or closed
            if os.isatty(fd := sys.__stdin__.fileno()):  # type: ignore[union-attr]
                threading.Thread(
                    target=self._watch, args=(fd,), name="terminal", daemon=True
                ).start()

    def stop(self) -> None:
        """The app has ended: signals are as before, and nobody watches the terminal. One that was
        told to end is still seen to its very end."""
        if self._begun or sys.platform == "win32":
            return
        self._ended.set()
        if threading.current_thread() is threading.main_thread():
            for name in ENDING:
                signal.signal(getattr(signal, name), signal.SIG_DFL)

    def _handle(self, number: int, _frame: object) -> None:
        self.end(128 + number)

    def end(self, code: int) -> None:
        """Ends the app, and sees to it that it does end; only the first time."""
        if self._begun:
            return
        self._begun = True
        threading.Thread(target=self._force, args=(code,), name="last", daemon=True).start()
        self._on_end(code)

    def _watch(self, fd: int) -> None:
        """A terminal that hangs up says so, also to who is not in its foreground."""
        poll = select.poll()
        poll.register(fd, 0)
        while not self._ended.is_set():
            with suppress(OSError):
                if any(
                    seen & (select.POLLHUP | select.POLLERR) for _, seen in poll.poll(_LOOK_AGAIN)
                ):
                    self.end(CLOSED)
                    return

    def _force(self, code: int) -> None:
        time.sleep(self._patience)
        end_children()
        writing = threading.Thread(target=_leave_screen, daemon=True)
        writing.start()
        writing.join(_LAST_WORD)  # one that nobody reads may hold it up
        os._exit(code)


def _leave_screen() -> None:
    with suppress(OSError), aloud():
        os.write(2, _AS_FOUND)
