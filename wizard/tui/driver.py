"""Textual's driver, for a terminal that may go away, or send more than anybody types."""

from __future__ import annotations

import os
import selectors
import sys
from codecs import getincrementaldecoder
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from typing import IO, TYPE_CHECKING, Any, TextIO

from wizard.tui.terminal_input import KeyBacklog, PasteLimit

if TYPE_CHECKING:
    from textual._xterm_parser import XTermParser
    from textual.driver import Driver

_AT_ONCE = 64 * 1024
_LOOK_AGAIN, _LOOK_SOON = 0.1, 0.01


class GuardedOutput:
    """A stream to a terminal that may go away: what is written afterwards goes nowhere.

    Textual's writer thread would end at the first error, and the app then wait for it for ever.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._lost = False

    def write(self, text: str) -> int:
        self._try(lambda: self._stream.write(text))
        return len(text)

    def flush(self) -> None:
        self._try(self._stream.flush)

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def _try(self, write: Callable[[], object]) -> None:
        if self._lost:
            return
        try:
            write()
        except (OSError, ValueError):
            self._lost = True


def _of_our_own(stream: TextIO) -> TextIO:
    """The same terminal by a number of our own: standard error leads nowhere at times, so that no
    keyring's words land on the screen."""
    with suppress(OSError, ValueError):
        return os.fdopen(
            os.dup(stream.fileno()), "w", encoding=stream.encoding, errors=stream.errors
        )
    return stream


def guarded_driver() -> type[Driver] | None:
    """The driver; `None` where Textual's own is to be used."""
    if sys.platform == "win32" or "TEXTUAL_DRIVER" in os.environ:
        return None
    from textual._xterm_parser import XTermParser
    from textual.drivers.linux_driver import LinuxDriver

    class GuardedDriver(LinuxDriver):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self._file: Any = GuardedOutput(_of_our_own(self._file))

        def _get_terminal_size(self) -> tuple[int, int]:
            return _size_of(self._file.fileno()) or super()._get_terminal_size()

        def run_input_thread(self) -> None:
            """As Textual's, with bounds to a paste and to keys, and for bytes that are no text."""
            app: Any = self._app
            backlog = KeyBacklog(app, self._loop, self.process_message)
            with _parser(XTermParser(self._debug)) as parser:
                reading = _Reading(self.fileno, parser)
                while not self.exit_event.is_set():
                    for message in reading.messages(_LOOK_SOON if backlog else _LOOK_AGAIN):
                        backlog.add(message)
                    backlog.hand_on()
                    if reading.is_over:
                        self.exit_event.wait(_LOOK_AGAIN)  # the watch on the terminal ends the app

    return GuardedDriver


def _size_of(fileno: int) -> tuple[int, int] | None:
    """The terminal's size; a serial line says that it has none."""
    with suppress(OSError):
        columns, rows = os.get_terminal_size(fileno)
        return (columns, rows) if columns and rows else None
    return None


@contextmanager
def _parser(parser: XTermParser) -> Iterator[XTermParser]:
    try:
        yield parser
    finally:
        with suppress(Exception):  # it raises at its end, as it likes
            for _ in parser.feed(""):
                pass


class _Reading:
    """What a terminal sends, as messages. `is_over` once nothing more can come."""

    def __init__(self, fileno: int, parser: XTermParser) -> None:
        self.is_over = False
        self._fileno = fileno
        self._parser = parser
        self._limit = PasteLimit()
        self._decode = getincrementaldecoder("utf-8")("replace").decode

    def messages(self, patience: float) -> Iterator[Any]:
        if text := self._limit.cut(self._decode(self._read(patience))):
            yield from self._parser.feed(text)
        yield from self._parser.tick()

    def _read(self, patience: float) -> bytes:
        if self.is_over:
            return b""
        with closing(selectors.SelectSelector()) as selector:
            selector.register(self._fileno, selectors.EVENT_READ)
            if not selector.select(patience):
                return b""
            try:
                said = os.read(self._fileno, _AT_ONCE)
            except OSError:
                said = b""
            self.is_over = not said
            return said
