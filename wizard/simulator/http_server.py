"""A small HTTP/1.1 server for ASGI apps on loopback.

A server made for the Internet takes longer to import than the simulator takes to start; so does
h11, which is imported with the first connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from wizard.simulator.http_connection import Connection

_GRACE = 1.0
"""Seconds in which requests that are cut off get their 503."""


@contextlib.asynccontextmanager
async def running(app: ASGIApp, sock: socket.socket) -> AsyncIterator[int]:
    """Yields the port of a bound socket once requests are taken; the socket is closed at the end,
    when requests that still wait for an answer get a 503."""
    connections: set[Connection] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _connect(app, connections), sock=sock)
    try:
        yield sock.getsockname()[1]
    finally:
        server.close()
        await asyncio.sleep(0)
        tasks = [task for one in connections if (task := one.end())]
        if tasks:
            await asyncio.wait(tasks, timeout=_GRACE)
        for one in list(connections):
            one.abort()
        await asyncio.sleep(0)


def _connect(app: ASGIApp, connections: set[Connection]) -> Connection:
    from wizard.simulator.http_connection import Connection

    return Connection(app, connections)
