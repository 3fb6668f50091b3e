"""An app on loopback, inside the running loop, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from typing import TYPE_CHECKING, Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from wizard.webhook.errors import EndpointError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

HOST = "127.0.0.1"

_MOST_CONNECTIONS = 512
_GRACE = 1.0

# Without a handler of any kind Python writes uvicorn's warnings to stderr, across the screen.
logging.getLogger("uvicorn").addHandler(logging.NullHandler())


@contextlib.asynccontextmanager
async def listening(
    app: ASGIApp, port: int, patience: float, on_garbage: Callable[[], None]
) -> AsyncIterator[int]:
    """Yields the port once requests are taken; 0 lets the system choose. Raises `EndpointError`.

    `patience` is the seconds that a client has for its head; `on_garbage` hears of what is no
    HTTP. On leaving the block, requests that still wait for an answer get a 503.
    """
    with contextlib.closing(_bind(port)) as sock:
        server = _Server(_config(_answered(app), patience, on_garbage))
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        serving.add_done_callback(lambda _: server.up.set())
        try:
            await server.up.wait()
            if serving.done():
                serving.result()
            yield sock.getsockname()[1]
        finally:
            server.end.set()
            await serving


def _bind(port: int) -> socket.socket:
    # asyncio turns Nagle's delay off only where the protocol is named; with it, each answer on
    # a connection that is used again takes 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows this option would let two programs share the port.
        if os.name == "posix":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, port))
        sock.listen(_MOST_CONNECTIONS)
    except (OSError, OverflowError) as error:
        sock.close()
        raise EndpointError(_reason(error), port) from error
    return sock


def _reason(error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "port_in_use"
    return "port_refused" if isinstance(error, PermissionError) else "port_unusable"


def _config(app: ASGIApp, patience: float, on_garbage: Callable[[], None]) -> uvicorn.Config:
    class Protocol(_Protocol):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.patience = patience
            self.on_garbage = on_garbage

    return uvicorn.Config(
        app,
        http=Protocol,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        backlog=_MOST_CONNECTIONS,
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
        await self.end.wait()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
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
        # One turn of the loop, in which the connections learn of their end.
        await asyncio.sleep(0)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(H11Protocol):
    """uvicorn's, with a limit on what it waits for without one: a head, the rest of a body that
    is already answered, and connections without number."""

    patience: float
    on_garbage: Callable[[], None]
    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > _MOST_CONNECTIONS:
            transport.abort()
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self.on_garbage()
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            # An answer has gone out already. Left alone, asyncio prints a traceback.
            self.transport.abort()

    def _watch(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._calm()
        elif self._hurry is None and not self.transport.is_closing():
            self._hurry = self.loop.call_later(self.patience, self.transport.abort)

    def _calm(self) -> None:
        if self._hurry is not None:
            self._hurry.cancel()
            self._hurry = None


def _answered(app: ASGIApp) -> ASGIApp:
    """The app, which answers 503 when it is cancelled; uvicorn would log a traceback."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await app(scope, receive, note)
        except asyncio.CancelledError:
            if not begun:
                await _unavailable(send)

    return answered


async def _unavailable(send: Send) -> None:
    headers = [(b"connection", b"close"), (b"content-length", b"0")]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": b""})
