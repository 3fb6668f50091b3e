"""A terminal that shows what is typed."""

from __future__ import annotations

import atexit
import functools
import os
from contextlib import suppress


@functools.cache
def echo_at_exit() -> None:
    """Has the terminal as it is now when the program ends. A password's prompt on another thread
    is ended by Ctrl+C without a chance to show again what is typed."""
    try:
        import termios

        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except (ImportError, OSError):
        return
    before = termios.tcgetattr(terminal)

    def restore() -> None:
        with suppress(OSError, termios.error):
            termios.tcsetattr(terminal, termios.TCSADRAIN, before)

    atexit.register(restore)


def hides_typing() -> bool:
    """Whether the terminal shows nothing of what is typed, as where a password is asked for."""
    try:
        import termios

        terminal = os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY)
    except (ImportError, OSError):
        return False
    try:
        return not termios.tcgetattr(terminal)[3] & termios.ECHO
    except termios.error:
        return False
    finally:
        os.close(terminal)
