"""Printing that waits for whoever reads, and lets everything else go on meanwhile."""

from __future__ import annotations

import asyncio
import select
import sys

from wizard.cli.output.lines import say

_MOST_AT_ONCE = 4_096
"""Bytes that are held back for what comes with them: so many a pipe takes that has room."""
_PAUSE = 0.05
_LAST_PAUSES = 20


class PatientPrinter:
    """Prints lines in as few writes as there may be.

    Printed to who does not read (a pager, a terminal that is stopped), a line would hold up the
    loop, and with it the endpoint's answers to Meta: so it waits here. `has_lost` tells whether
    lines were left out at the end, since nobody had read for a second.
    """

    def __init__(self) -> None:
        self.has_lost = False
        self._lines: list[str] = []
        self._size = 0
        self._is_ending = False
        self._pauses_left = _LAST_PAUSES

    async def add(self, line: str) -> None:
        """Prints it with those that come next."""
        size = len(line.encode(errors="replace")) + 1
        if self._size + size > _MOST_AT_ONCE:
            await self.flush()
        self._lines.append(line)
        self._size += size

    async def flush(self) -> None:
        """Prints all that is held back; returns when it is out, or left out."""
        while self._lines and not _is_writable():
            if self._is_ending and not self._pauses_left:
                self.has_lost = True
                self._lines.clear()
                break
            self._pauses_left -= self._is_ending
            await asyncio.sleep(_PAUSE)
        if self._lines:
            said = "\n".join(self._lines)
            self._lines.clear()
            say(said)
        self._size = 0

    def end(self) -> None:
        """From now on nobody is waited for any longer than a second in all."""
        self._is_ending = True


def _is_writable() -> bool:
    """Whether stdout takes something now; also true where that can't be asked, as on Windows."""
    try:
        return bool(select.select([], [sys.stdout], [], 0)[1])
    except (OSError, ValueError):
        return True
