"""An ASGI app on loopback, inside the running loop, for as long as a block lasts."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

_HOST = "127.0.0.1"


class PortInUseError(OSError):
    """Something else listens on this port."""


@contextlib.asynccontextmanager
async def serve(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Yields the base URL once requests are taken; port 0 lets the system choose.

    Raises `PortInUseError`, or another `OSError`, where the port can't be had. On leaving the
    block, requests that still wait for an answer get a 503.
    """
    with contextlib.closing(_bind(port)) as sock:
        gate = _Gate(app)
        server = _Server(_config(gate))
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        serving.add_done_callback(lambda _: server.up.set())
        try:
            await server.up.wait()
            if serving.done():
                serving.result()
            yield f"http://{_HOST}:{sock.getsockname()[1]}"
        finally:
            server.should_exit = True
            gate.close()
            await serving


def _bind(port: int) -> socket.socket:
    # asyncio turns Nagle's delay off only where the protocol is named; with it, each answer on
    # a connection that is used again takes 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows this option would let two programs share the port.
        if os.name == "posix":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((_HOST, port))
        sock.listen()
    except OSError as error:
        sock.close()
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(error.errno, os.strerror(error.errno)) from error
        raise
    return sock


def _config(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )


class _Server(uvicorn.Server):
    """A server that says when it is up, and leaves the signals to the program around it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Gate:
    """Ends what is still open when the server closes.

    Left to itself uvicorn waits out its limit, then cancels and prints a traceback for each.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open: set[asyncio.Task[object]] = set()
        self._closed = asyncio.Event()

    def close(self) -> None:
        self._closed.set()
        for task in self._open:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if self._closed.is_set() or task is None:
            await _CLOSED(scope, receive, send)
            return
        self._open.add(task)
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError:
            if not self._closed.is_set():
                raise
            await _CLOSED(scope, receive, send)
        finally:
            self._open.discard(task)


_CLOSED = Response(status_code=503, headers={"connection": "close"})
