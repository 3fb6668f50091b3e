"""Customers of the running simulator: what `--say` and the lines of standard input have them do."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from wizard.cli.output.lines import say
from wizard.cli.runs.simulator import Simulation
from wizard.values.redaction import redact

_PAUSES = (0.2, 0.5, 1.0, 2.0)
"""Seconds between the attempts to register a callback, the last one again and again."""
_CHUNK = 65_536


class Conversation:
    """Runs beside the server until it is cancelled; `callback` is registered as soon as it
    answers."""

    def __init__(self, texts: Sequence[str], callback: str | None) -> None:
        self._texts = texts
        self._callback = callback
        self._unsimulated: set[str] = set()

    def tell_unsimulated(self, request: str) -> None:
        """Says once of each request that nothing here simulates it; a token in its path is
        hidden."""
        request = redact(request)
        if request not in self._unsimulated and len(self._unsimulated) < 1000:
            self._unsimulated.add(request)
            say(f"Not simulated: {request}", err=True)

    async def run(self, simulation: Simulation) -> None:
        """Never returns by itself."""
        customers = simulation.customers
        if self._texts or _is_terminal():
            customers.on_sent(_tell_sent)
        for text in self._texts:
            customers.say(text)
        lines: asyncio.Queue[str] = asyncio.Queue()
        _read_lines(asyncio.get_running_loop(), lines.put_nowait)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(simulation.warm_up())
            if self._callback:
                tasks.create_task(self._register(simulation, self._callback))
            while True:
                line = (await lines.get()).strip()
                if line:
                    _take(simulation, line)

    async def _register(self, simulation: Simulation, url: str) -> None:
        token, told = simulation.values.verify_token, ""
        if token is None:
            return
        for attempt in range(sys.maxsize):
            if (reason := await simulation.portal.register(url, token)) is None:
                say(f"Registered {url}.", err=True)
                return
            if reason != told:
                told = reason
                say(f"{url} is not registered yet: {reason}", err=True)
            await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])


def _take(simulation: Simulation, line: str) -> None:
    try:
        say(simulation.customers.take_line(line), err=True)
    except ValueError as error:
        say(str(error), err=True)


def _tell_sent(to: str, kind: str, text: str) -> None:
    words = f' "{text}"' if text else ""
    say(f"To {to}: {kind}{words}", err=True)


def _is_terminal() -> bool:
    with contextlib.suppress(AttributeError, ValueError):
        return sys.stdin.isatty()
    return False


def _read_lines(loop: asyncio.AbstractEventLoop, on_line: Callable[[str], None]) -> None:
    """Has each line of standard input told, from a thread that dies with the program.

    It reads from the file itself: a thread that holds `sys.stdin` would end the program in a
    crash. A program in the background may not read from its terminal, and is stopped for it unless
    it ignores that.
    """
    try:
        number = sys.stdin.fileno()
    except (AttributeError, OSError, ValueError):
        return
    if hasattr(signal, "SIGTTIN") and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTTIN, signal.SIG_IGN)

    def read() -> None:
        rest = b""
        with contextlib.suppress(OSError, RuntimeError):
            while chunk := os.read(number, _CHUNK):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    loop.call_soon_threadsafe(on_line, line.decode("utf-8", "replace"))
            if rest:
                loop.call_soon_threadsafe(on_line, rest.decode("utf-8", "replace"))

    threading.Thread(target=read, name="standard input", daemon=True).start()
