"""What the pretended Graph was asked and what it answered, told to whoever watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(eq=False)
class Exchange:
    """One request and Graph's answer to it, as they were on the wire; `query` as it stands in the
    address, header names in lower case.

    `node` is what Graph calls the kind of object that the path begins with, if it knows one.
    `status` is `None` where something else answered in Graph's place.
    """

    method: str
    path: str
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    node: str | None = None
    status: int | None = None
    reply_headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    reply: bytes = field(default=b"", repr=False)


Recorder: TypeAlias = Callable[[Exchange], object]

_watching: list[Recorder] = []


@contextmanager
def record_exchanges(witness: Recorder) -> Iterator[None]:
    """Meanwhile, `witness` is told of each exchange with any pretended Graph of this process, on
    the thread of whoever serves it, before the answer goes out."""
    _watching.append(witness)
    try:
        yield
    finally:
        _watching.remove(witness)


def is_watched() -> bool:
    return bool(_watching)


def tell(exchange: Exchange) -> None:
    for witness in tuple(_watching):
        witness(exchange)
