"""A Graph that answers all calls but one as Meta does, and that one as badly as can be."""

from __future__ import annotations

import asyncio
import contextlib
import copy
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

_LARGEST = 4 * 1024 * 1024
_OTHERS: list[Any] = [None, True, -1, 1e308, "", "\x1b[2J\u202e", "x" * 9000, [], {}, [[{}]]]
_HEADERS = (
    (b"content-type", b"text/html"),
    (b"content-encoding", b"gzip"),
    (b"x-business-use-case-usage", b'{"1": [{"call_count": 1e999}]}'),
    (b"x-app-usage", b"[" * 3000),
    (b"date", b"Thu, 99 Foo 99999 99:99:99 GMT"),
    (b"facebook-api-version", b"v" + b"9" * 3000),
    (b"location", b"//\xff"),
    (b"retry-after", b"9" * 400),
)


@dataclass(frozen=True)
class Answer:
    """What Meta would have said."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


Spoil: TypeAlias = Callable[[Answer, Random], "Answer | AsyncIterator[bytes]"]


def _json(answer: Answer, parsed: Any) -> Answer:
    return Answer(answer.status, answer.headers, json.dumps(parsed).encode())


def _mutated(answer: Answer, random: Random) -> Answer:
    """One part of it is another thing, is missing, or is there many times."""
    with contextlib.suppress(ValueError):
        parsed = json.loads(answer.body)
        holders = [part for part in _parts(parsed) if part]
        if holders:
            holder = random.choice(holders)
            key = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
            if random.random() < 0.2:
                del holder[key]
            else:
                holder[key] = copy.deepcopy(random.choice(_OTHERS))
            return _json(answer, parsed)
    return answer


def _parts(parsed: Any) -> list[Any]:
    if not isinstance(parsed, dict | list):
        return []
    inner = parsed.values() if isinstance(parsed, dict) else parsed
    return [parsed, *(part for one in inner for part in _parts(one))]


def _garbled(answer: Answer, random: Random) -> Answer:
    body = bytearray(answer.body)
    for _ in range(random.randrange(1, 9)):
        body[random.randrange(len(body) or 1) : random.randrange(len(body) + 1)] = b"\xff\0{["
    return Answer(answer.status, answer.headers, bytes(body))


def _odd_status(answer: Answer, random: Random) -> Answer:
    status = random.choice((201, 204, 301, 401, 418, 429, 500, 503, 599, 999))
    return Answer(status, answer.headers, b"" if status == 204 else answer.body)


def _odd_headers(answer: Answer, random: Random) -> Answer:
    one = random.choice(_HEADERS)
    rest = tuple(pair for pair in answer.headers if pair[0] != one[0])
    return Answer(answer.status, (*rest, one), answer.body)


def _deep(answer: Answer, random: Random) -> Answer:
    opening = random.choice((b"[", b'{"data":', b'{"error":'))
    return Answer(200, answer.headers, opening * (_LARGEST // len(opening) - 100))


def _huge(answer: Answer, random: Random) -> Answer:
    """A list of as many entries as fit."""
    parsed: Any = None
    with contextlib.suppress(ValueError):
        parsed = json.loads(answer.body)
    if not isinstance(parsed, dict):
        return Answer(200, answer.headers, b'{"data": [' + b"0," * 2_000_000 + b"0]}")
    listed = parsed.get("data")
    entry = random.choice(listed) if isinstance(listed, list) and listed else {"id": "1"}
    size = len(json.dumps(entry)) + 2
    return _json(answer, parsed | {"data": [entry] * ((_LARGEST - 4000) // size)})


async def _endless(_answer: Answer, _random: Random) -> AsyncIterator[bytes]:
    yield b'{"data": ['
    while True:
        yield b'{"id": "1"},' * 8000


async def _slow(answer: Answer, _random: Random) -> AsyncIterator[bytes]:
    for byte in answer.body * 1000:
        yield bytes([byte])
        await asyncio.sleep(0.02)


SPOILS: Mapping[str, Spoil] = {
    "mutated": _mutated,
    "garbled": _garbled,
    "odd status": _odd_status,
    "odd headers": _odd_headers,
    "mutated again": _mutated,
    "deep": _deep,
    "huge": _huge,
    "endless": _endless,
    "slow": _slow,
}


class Worst:
    """The app of a pretended Meta; its `bad`-th call from now on is answered by a way to spoil an
    answer, from this seed. It counts the calls."""

    def __init__(self, app: ASGIApp, bad: int = 0, way: str = "mutated", seed: int = 0) -> None:
        self.calls = 0
        self._app = app
        self._bad = bad
        self._way = way
        self._seed = seed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls += 1
        if self.calls != self._bad:
            await self._app(scope, receive, send)
            return
        answer = await self._answer(scope, receive)
        spoilt = SPOILS[self._way](answer, Random(self._seed))
        if isinstance(spoilt, Answer):
            await _say(spoilt, send)
        else:
            await _pour(spoilt, answer, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        begun: dict[str, Any] = {}
        body = bytearray()

        async def held(message: Mapping[str, Any]) -> None:
            begun.update(message if message["type"] == "http.response.start" else {})
            body.extend(message.get("body", b""))

        await self._app(scope, receive, held)
        headers = tuple((k, v) for k, v in begun["headers"] if k != b"content-length")
        return Answer(begun["status"], headers, bytes(body))


async def _say(answer: Answer, send: Send) -> None:
    length = (b"content-length", b"%d" % len(answer.body))
    headers = [*answer.headers, *([] if answer.status == 204 else [length])]
    start = {"type": "http.response.start", "status": answer.status, "headers": headers}
    await send(start)
    await send({"type": "http.response.body", "body": answer.body})


async def _pour(pieces: AsyncIterator[bytes], answer: Answer, receive: Receive, send: Send) -> None:
    gone = asyncio.create_task(_gone(receive))
    start = {"type": "http.response.start", "status": 200, "headers": list(answer.headers)}
    await send(start)
    async with contextlib.aclosing(pieces) as poured:  # type: ignore[type-var]
        async for piece in poured:
            if gone.done():
                return
            await send({"type": "http.response.body", "body": piece, "more_body": True})
            await asyncio.sleep(0)
    gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
