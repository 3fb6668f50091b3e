"""One request to the endpoint, what is answered to it and told of it, and who does."""

from __future__ import annotations

import re
from collections.abc import Coroutine, Mapping, Sequence
from typing import NamedTuple, Protocol, TypeAlias

from wizard.webhook.body import Body
from wizard.webhook.errors import RefusedError
from wizard.webhook.event_queue import Received

Headers: TypeAlias = tuple[tuple[bytes, bytes], ...]
Answering: TypeAlias = "Coroutine[None, None, Outcome]"

_ABSOLUTE = re.compile(rb"https?://([^/?]+)(.*)", re.IGNORECASE)


class Request(NamedTuple):
    """The head of a request as it came; header names are in lower case, and `first` has the first
    header of each name."""

    method: bytes
    path: bytes
    query: bytes
    headers: Sequence[tuple[bytes, bytes]]
    first: Mapping[bytes, bytes]

    @property
    def has_body(self) -> bool:
        """Whether a body follows, which may be empty."""
        return b"content-length" in self.first or b"transfer-encoding" in self.first

    @property
    def has_two_lengths(self) -> bool:
        """Whether its body has two, of which a proxy in front may have taken the other."""
        return b"transfer-encoding" in self.first and b"content-length" in self.first

    def header(self, name: bytes) -> str:
        """The first header of this name; empty where there is none."""
        return self.first.get(name, b"").decode("latin-1")


def new_request(method: bytes, target: bytes, headers: Sequence[tuple[bytes, bytes]]) -> Request:
    """From a head: the target is a path, or a whole URL, whose host is then the one that counts."""
    first = dict(reversed(headers))
    if target[:1] != b"/" and (parts := _ABSOLUTE.fullmatch(target)):
        first[b"host"], target = parts[1], b"/" + parts[2].removeprefix(b"/")
    path, _, query = target.partition(b"?")
    return Request(method, path, query, headers, first)


class Answer(NamedTuple):
    """A status with its body and headers, but for those that say how long it is."""

    status: int
    body: bytes = b""
    headers: Headers = ()


class Outcome(NamedTuple):
    """What is answered to a request, and what is told of it, if anything."""

    answer: Answer
    told: Received | None = None


class Service(Protocol):
    """What answers; whatever else it raises than `RefusedError` is answered 500."""

    def answer(self, request: Request) -> Outcome | Body:
        """To a head; or the body that is wanted first. Raises `RefusedError`."""

    def answer_body(self, request: Request, body: bytes) -> Outcome | Answering:
        """To a body that has come; at once, or after a while. Raises `RefusedError`, at once or
        then."""

    def refuse(self, request: Request, error: RefusedError) -> Outcome:
        """To a request that is refused."""

    def tell(self, told: Received) -> None:
        """What is told of a request, which has its answer."""

    def tell_garbage(self) -> None:
        """Something came that is no HTTP."""
