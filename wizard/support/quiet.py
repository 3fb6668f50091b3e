"""Keeps what a library writes on its own, and what programs write that it runs, off our streams."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from wizard.support.texts import visible

_STREAMS = (1, 2)
_guard = threading.RLock()
_hushes: set[Hush] = set()
_kept: dict[int, int] = {}
"""Where each standard stream really leads, while it leads nowhere."""
_aside: list[int] = []
"""A file with no name for what is written meanwhile, as long as anything is hushed."""
_LONGEST_QUESTION = 400


class Hush:
    """From `begin` to `end`, whatever is written to standard output and standard error goes
    nowhere, also by other programs; our own lines come through `aloud`. Several may be under way
    at once, and one that was ended before it began stays without effect."""

    def __init__(self) -> None:
        self._is_over = False

    def begin(self) -> None:
        with _guard:
            if self._is_over:
                return
            if not _hushes:
                _lead_nowhere()
            _hushes.add(self)

    def end(self) -> None:
        with _guard:
            self._is_over = True
            if self in _hushes:
                _hushes.remove(self)
                if not _hushes:
                    _lead_back()
                    while _aside:
                        os.close(_aside.pop())


def unhush_question() -> bool:
    """Whether something on this machine asks, while hushed, for an answer on the terminal: the last
    line that it wrote has not ended. That is shown then, and whatever is written after it."""
    with _guard:
        if sys.platform != "linux" or not _aside or not os.isatty(0):
            return False
        _flush()
        at = max(0, os.fstat(_aside[0]).st_size - _LONGEST_QUESTION)
        written = os.pread(_aside[0], _LONGEST_QUESTION, at).decode(errors="replace")
        question = visible(written.replace("\r", "\n").rpartition("\n")[2])
        if not question.strip():
            return False
        for hush in list(_hushes):
            hush.end()
        with suppress(OSError):
            os.write(2, question.encode())
        return True


@contextmanager
def hushed() -> Iterator[None]:
    """A block that is hushed."""
    hush = Hush()
    hush.begin()
    try:
        yield
    finally:
        hush.end()


@contextmanager
def aloud() -> Iterator[None]:
    """What is written in the block is seen, whatever is hushed meanwhile."""
    with _guard:
        if not _hushes:
            yield
            return
        _lead_back()
        try:
            yield
        finally:
            _lead_nowhere()


def _lead_nowhere() -> None:
    _flush()
    if not _aside:
        _aside.append(_new_aside())
    for number in _STREAMS:
        with suppress(OSError):  # closed by whoever started us
            _kept[number] = os.dup(number)
            os.dup2(_aside[0], number)


def _new_aside() -> int:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            return os.memfd_create("hushed")
    return os.open(os.devnull, os.O_RDWR)


def _lead_back() -> None:
    _flush()
    for number, kept in _kept.items():
        os.dup2(kept, number)
        os.close(kept)
    _kept.clear()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, AttributeError):
            stream.flush()
