"""Who is connected to a server, and who has to go when there are too many."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.webhook.connection import Connection

_IN_ONE_READ = 64 * 1024
"""Bytes."""


class Connections:
    """All of one server, `most` at a time; `patience` is the seconds that each waits for what."""

    def __init__(self, most: int, patience: float) -> None:
        self.most = most
        self.patience = patience
        self.arrived = memoryview(bytearray(_IN_ONE_READ))
        """What has come on one connection, until it has taken it. One for all: asyncio's other way
        asks for a quarter of a megabyte with each read, which takes longer than the read."""
        self.idle: dict[Connection, None] = {}
        """Those that wait for a head, the longest-waiting first."""
        self.served: dict[Connection, None] = {}
        """Those whose body is on its way or being read, or whose answer is not read, the longest
        first."""

    def __iter__(self) -> Iterator[Connection]:
        return chain(self.idle, self.served)

    def make_room_for(self, newest: Connection) -> None:
        """The newest may be Meta's: whoever has said nothing for longest goes, and where all are
        busy, whoever has been for longest. Meta's own requests take no second."""
        if len(self.idle) + len(self.served) > self.most:
            next((one for one in self if one is not newest), newest).abort()
