"""A server on a real socket that answers as a test says."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from urllib.parse import parse_qsl, urlsplit

if TYPE_CHECKING:
    import httpx


@dataclass(frozen=True)
class Request:
    """What came in. Header names are in lower case."""

    line: str
    headers: dict[str, str]
    body: bytes = b""

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))

    @property
    def method(self) -> str:
        return self.line.split(" ")[0]

    @property
    def target(self) -> str:
        return self.line.split(" ")[1]

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(urlsplit(self.target).query))


Answer: TypeAlias = bytes | Callable[[Request], bytes | AsyncIterator[bytes]]
"""Bytes for the wire, or what makes them, at once or piece by piece."""


@dataclass
class Server:
    """Gives its answers one a connection, the last of them again and again."""

    answers: tuple[Answer, ...]
    scheme: str = "http"
    port: int = 0
    requests: list[Request] = field(default_factory=list)
    talking: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.talking.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            request = _request(head.decode("latin-1"))
            length = int(request.headers.get("content-length") or 0)
            request = replace(request, body=await reader.readexactly(length))
            await self._answer(request, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self.talking.discard(task)
            writer.close()

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        said = answer if isinstance(answer, bytes) else answer(request)
        if isinstance(said, bytes):
            writer.write(said)
        else:
            async for piece in said:
                writer.write(piece)
                await writer.drain()
        await writer.drain()

    async def end(self) -> None:
        for task in self.talking:
            task.cancel()
        await asyncio.gather(*self.talking, return_exceptions=True)


class Serve(Protocol):
    """Starts a server with these answers."""

    async def __call__(self, *answers: Answer, tls: ssl.SSLContext | None = None) -> Server: ...


def _request(head: str) -> Request:
    line, *headers = head.rstrip("\r\n").split("\r\n")
    pairs = (header.partition(":") for header in headers)
    return Request(line, {name.strip().lower(): value.strip() for name, _, value in pairs})


def http_client(**options: Any) -> httpx.AsyncClient:
    """For requests to servers of this machine, over plain HTTP: it reads no root certificates,
    which takes longer than what most tests ask for."""
    import httpx

    return httpx.AsyncClient(verify=_no_certificates(), **{"trust_env": False, **options})


@cache
def _no_certificates() -> ssl.SSLContext:
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
