"""A callback's server, sound or broken in one way, on a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import parse_qs, unquote, urlsplit

TOKEN = "Correct0horse1battery2staple"
SECRET = "0123456789abcdef0123456789abcdef"
PATH = "/webhook"
CRLF = b"\r\n"


@dataclass(frozen=True)
class Asked:
    """A request as it came in. Header names are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def path(self) -> str:
        return unquote(urlsplit(self.target).path)

    def hub(self, name: str) -> str:
        query = parse_qs(urlsplit(self.target).query, keep_blank_values=True)
        return query.get(f"hub.{name}", [""])[0]

    @property
    def challenge(self) -> str:
        return self.hub("challenge")


Said: TypeAlias = bytes | AsyncIterator[bytes]
Answerer: TypeAlias = Callable[[Asked], Said]


def page(body: str | bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer on the wire."""
    content = body.encode() if isinstance(body, str) else body
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close"]
    return CRLF.join(line.encode() for line in (*lines, *headers, "", "")) + content


def forbidden(_asked: Asked) -> bytes:
    return page("Forbidden", "403 Forbidden")


@dataclass(frozen=True)
class Callback:
    """What a callback answers: to the right handshake, to any other, to a delivery, elsewhere.

    `get` and `post`, where given, answer every GET and POST whatever they bear.
    """

    right: Answerer = lambda asked: page(asked.challenge)
    wrong: Answerer = forbidden
    taken: Answerer = lambda _: page()
    unsigned: Answerer = lambda _: page("", "401 Unauthorized")
    elsewhere: Answerer = lambda _: page("Not Found", "404 Not Found")
    get: Answerer | None = None
    post: Answerer | None = None
    path: str = PATH
    token: str = TOKEN
    secret: str = SECRET

    def __call__(self, asked: Asked) -> Said:
        for method, always in (("GET", self.get), ("POST", self.post)):
            if asked.method == method and always is not None:
                return always(asked)
        if asked.path != self.path:
            return self.elsewhere(asked)
        return self._shaken(asked) if asked.method == "GET" else self._delivered(asked)

    def _shaken(self, asked: Asked) -> Said:
        sound = asked.hub("mode") == "subscribe" and asked.hub("verify_token") == self.token
        return self.right(asked) if sound else self.wrong(asked)

    def _delivered(self, asked: Asked) -> Said:
        made = hmac.new(self.secret.encode(), asked.body, hashlib.sha256).hexdigest()
        signed = asked.headers.get("x-hub-signature-256") == f"sha256={made}"
        return self.taken(asked) if signed else self.unsigned(asked)


@asynccontextmanager
async def listening(callback: Answerer, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serves on loopback for as long as the block lasts; gives the port."""
    talking: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        talking.add(task)
        try:
            await _send(callback(await _read(reader)), writer)
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            talking.discard(task)
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in list(talking):
            task.cancel()
        await asyncio.gather(*talking, return_exceptions=True)


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    line, *pairs = head.rstrip("\r\n").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (p.partition(":") for p in pairs)}
    method, target, _ = line.split(" ")
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Asked(method, target, headers, body)


async def _send(said: Said, writer: asyncio.StreamWriter) -> None:
    if isinstance(said, bytes):
        writer.write(said)
    else:
        async for piece in said:
            writer.write(piece)
            await writer.drain()
    await writer.drain()
    with contextlib.suppress(OSError):
        if writer.can_write_eof():
            writer.write_eof()
