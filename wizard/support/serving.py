"""An ASGI app on loopback, inside the running loop, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import logging
import socket
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING

import h11
import uvicorn

from wizard.support.loopback import HOST, MOST_CONNECTIONS, bind

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


__all__ = ["HOST", "MOST_CONNECTIONS", "bind", "running"]

_GRACE = 1.0

_is_ours = contextvars.ContextVar("is_ours", default=False)


def _mark_ours() -> None:
    _is_ours.set(True)


def _is_anothers(_record: logging.LogRecord) -> bool:
    return not _is_ours.get()


# What it logs of strangers' requests would stand on our screen, or in whatever log there is.
for _name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
    logging.getLogger(_name).addFilter(_is_anothers)


@contextlib.asynccontextmanager
async def running(
    app: ASGIApp,
    sock: socket.socket,
    *,
    protocol: type[asyncio.Protocol] | None = None,
    date: bool = True,
) -> AsyncIterator[int]:
    """Yields the port of a bound socket once requests are taken; the socket is closed at the end.

    `protocol` stands in for uvicorn's own on h11; `date` says whether answers bear one. On leaving
    the block, requests that still wait for an answer get a 503.
    """
    with contextlib.closing(sock):
        server = _Server(_config(_answered(app), protocol, date=date))
        quiet = contextvars.copy_context()
        quiet.run(_mark_ours)
        serving = asyncio.create_task(server.serve(sockets=[sock]), context=quiet)
        serving.add_done_callback(lambda _: server.up.set())
        try:
            await server.up.wait()
            if serving.done():
                serving.result()
            yield sock.getsockname()[1]
        finally:
            server.end.set()
            await serving


def _config(app: ASGIApp, protocol: type[asyncio.Protocol] | None, *, date: bool) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http=protocol or "h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=date,
        backlog=MOST_CONNECTIONS,
    )


class _Server(uvicorn.Server):
    """A server that says when it is up, leaves the signals to the program around it, and ends at
    once: uvicorn's own end takes 0.2 s, or its whole limit where somebody hangs on it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()
        self.end = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def main_loop(self) -> None:
        # A tick dates the answers that follow it.
        tick = 1.0 if self.config.date_header else None
        while not self.end.is_set():
            await self.on_tick(0)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.end.wait(), tick)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # What asyncio's server has accepted and not begun when it is closed stays open for ever.
        for sock in sockets or []:
            with contextlib.suppress(NotImplementedError):  # the loop of Windows begins at once
                asyncio.get_running_loop().remove_reader(sock)
        await _turns(3)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            # After garbage h11 takes no more, not even the end.
            with contextlib.suppress(h11.LocalProtocolError):
                connection.shutdown()
        tasks = set(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_GRACE)
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await _turns(1)  # in which the connections learn of their end

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _turns(count: int) -> None:
    """Lets the loop run everything that is ready, so many times."""
    for _ in range(count):
        await asyncio.sleep(0)


def _answered(app: ASGIApp) -> ASGIApp:
    """The app, which answers 503 when it is cancelled; and says no word of it."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await app(scope, receive, send)
        except asyncio.CancelledError:
            # What uvicorn raises where an answer has begun already, which it then breaks off.
            with contextlib.suppress(RuntimeError):
                await _unavailable(send)

    return answered


async def _unavailable(send: Send) -> None:
    headers = [(b"connection", b"close"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
