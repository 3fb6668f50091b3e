"""The endpoint's server: on loopback, and patient with nobody for ever."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator

from wizard.support.loopback import MOST_CONNECTIONS, bind
from wizard.webhook.connection import Connection, Connections
from wizard.webhook.errors import EndpointError
from wizard.webhook.request import Service

_GRACE = 1.0
"""Seconds that reading a body may go on after the end."""


@contextlib.asynccontextmanager
async def listening(service: Service, port: int, patience: float) -> AsyncIterator[int]:
    """Yields the port once requests are taken; 0 lets the system choose. Raises `EndpointError`.

    `patience` is the seconds that a client has for its head, and again for its body. On leaving
    the block, requests that still wait for an answer get a 503.
    """
    loop, connections = asyncio.get_running_loop(), Connections(MOST_CONNECTIONS, patience)
    with contextlib.closing(_bind(port)) as sock:
        server = await loop.create_server(
            lambda: Connection(service, connections), sock=sock, backlog=MOST_CONNECTIONS
        )
        try:
            yield sock.getsockname()[1]
        finally:
            await _end(server, sock, connections)


def _bind(port: int) -> socket.socket:
    try:
        return bind(port)
    except (OSError, OverflowError) as error:
        raise EndpointError(_reason(error), port) from error


def _reason(error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "port_in_use"
    return "port_refused" if isinstance(error, PermissionError) else "port_unusable"


async def _end(server: asyncio.Server, sock: socket.socket, connections: Connections) -> None:
    # What asyncio's server has accepted and not begun when it is closed stays open for ever.
    with contextlib.suppress(NotImplementedError):  # the loop of Windows begins at once
        asyncio.get_running_loop().remove_reader(sock)
    await _turns(3)
    server.close()
    tasks = {task for one in list(connections) if (task := one.end()) is not None}
    if tasks:
        await asyncio.wait(tasks, timeout=_GRACE)
    for connection in list(connections):
        connection.abort()
    await _turns(1)  # in which the connections learn of their end


async def _turns(count: int) -> None:
    """Lets the loop run everything that is ready, so many times."""
    for _ in range(count):
        await asyncio.sleep(0)
