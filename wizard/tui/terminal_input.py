"""What a terminal sends, kept within bounds before the app is told of it."""

from __future__ import annotations

import asyncio
import re
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress

from textual import events
from textual.message import Message

from wizard.tui.bounded_app import LONGEST_PASTE, BoundedApp

MOST_KEYS = 4096
"""So many may wait: as many characters as the longest message has."""
_BATCH = 32
_LOOK_AGAIN = 0.005
_BEGIN, _END = "\x1b[200~", "\x1b[201~"
"""How a terminal brackets a paste."""
_BEGUN = r"\[[0-?]{0,32}[ -/]{0,8}"
_ESCAPES = re.compile(rf"\x1b(?:{_BEGUN}[@-~])?")
"""Colours and the like in what is pasted: Textual reads an escape as a key, and all that follows
it in the paste as keys too."""
_HALF = re.compile(rf"\x1b(?:{_BEGUN})?")
"""The first part of one, or of what ends the paste: its rest may be in the next piece."""
_LEAVES = frozenset(("\x11", "\x1b[113;5u"))
"""ctrl+q, as terminals send it."""


class PasteLimit:
    """Takes out of a stream what goes beyond the longest paste, and one character more, by which
    the app knows that something is missing. Reading all of it would take seconds. Nor does it
    leave an escape in a paste."""

    def __init__(self, longest: int = LONGEST_PASTE) -> None:
        self._longest = longest
        self._room: int | None = None
        self._tail = ""

    def cut(self, text: str) -> str:
        """What is left of the next piece."""
        passed = list[str]()
        if self._room is not None and text in _LEAVES:
            # By itself it was typed: the end of the paste got lost, and will not come.
            text = _END + text
        while text:
            text = self._outside(text, passed) if self._room is None else self._inside(text, passed)
        return "".join(passed)

    def _outside(self, text: str, passed: list[str]) -> str:
        seen = self._tail + text
        at = seen.find(_BEGIN)
        if at < 0:
            passed.append(text)
            self._tail = seen[1 - len(_BEGIN) :]
            return ""
        end = at + len(_BEGIN) - len(self._tail)
        passed.append(text[:end])
        self._tail, self._room = "", self._longest + 1
        return text[end:]

    def _inside(self, text: str, passed: list[str]) -> str:
        seen, room = self._tail + text, self._room or 0
        at = seen.find(_END)
        last = seen.rfind("\x1b")
        waits = at < 0 and last >= 0 and _HALF.fullmatch(seen, last)
        body = seen[:last] if waits else seen[:at] if at >= 0 else seen
        plain = _ESCAPES.sub("", body)
        passed.append(plain[:room])
        if at < 0:
            self._tail, self._room = seen[len(body) :], max(0, room - len(plain))
            return ""
        passed.append(_END)
        self._tail, self._room = "", None
        return seen[at + len(_END) :]


class KeyBacklog:
    """Messages on their way to the app: a few at a time, so that the key to leave overtakes all
    that wait. Of keys no more wait than somebody may have meant."""

    def __init__(
        self,
        app: BoundedApp,
        loop: asyncio.AbstractEventLoop,
        pass_on: Callable[[Message], object],
        most: int = MOST_KEYS,
    ) -> None:
        self._most = most
        self._app = app
        self._loop = loop
        self._pass_on = pass_on
        self._waiting = deque[Message]()
        self._is_cut = False
        self._caught_up = threading.Event()
        self._caught_up.set()

    def __bool__(self) -> bool:
        return bool(self._waiting)

    def add(self, message: Message) -> None:
        if isinstance(message, events.Key) and message.key == "ctrl+q":
            self._waiting.clear()
            self._pass_on(message)
        elif len(self._waiting) < self._most:
            self._waiting.append(message)
        else:
            self._is_cut = True

    def hand_on(self) -> None:
        """Passes on the next few, if the app has done with those before."""
        if not self._caught_up.is_set():
            return
        batch = min(_BATCH, len(self._waiting))
        for _ in range(batch):
            self._pass_on(self._waiting.popleft())
        if self._is_cut and not self._waiting:
            self._is_cut = False
            self._app.call_later(self._app.say_keys_cut, self._most)
        if self._waiting:
            self._caught_up.clear()
            with suppress(RuntimeError):  # the loop may be closed, and the app over
                self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        """On the app's own thread: whether all that it was told of is done with."""
        screen = self._app.screen if self._app.screen_stack else None
        focused = screen.focused if screen else None
        busy = any(one is not None and one.message_queue_size for one in (self._app, focused))
        if busy:
            self._loop.call_later(_LOOK_AGAIN, self._look)
        else:
            self._caught_up.set()
