"""Questions at the terminal, from within a running loop."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from typing import TypeVar

import click

Answer = TypeVar("Answer")


def can_prompt() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str) -> bool:
    """Whether somebody says yes; the loop is held up until then."""
    return run_prompt(lambda: click.confirm(question, default=False, err=True))


def run_prompt(ask: Callable[[], Answer]) -> Answer:
    """What `ask` returns. Ctrl+C ends the question with `click.Abort`.

    Not on a thread: one that waits for the terminal can't be ended, and aborts the interpreter on
    its way out. The loop's own handler of Ctrl+C would wait for the answer.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        return ask()
    finally:
        signal.signal(signal.SIGINT, before)
