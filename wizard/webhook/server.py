"""The endpoint's server: on loopback, and patient with nobody for ever."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import sys
from collections.abc import AsyncIterator

from wizard.support.loopback import MOST_CONNECTIONS, bind
from wizard.webhook.connection import Connection
from wizard.webhook.connections import Connections
from wizard.webhook.errors import EndpointError
from wizard.webhook.request import Service

_AT_ONCE = 32
"""Connections that are accepted in one turn of the loop. Some turns later only does the server hear
of them and make room: till then each holds a file beyond `MOST_CONNECTIONS`."""
_FILES = 1024
"""That many files are enough; macOS lets a program have 256 as long as it asks for no more."""
_OTHER_FILES = 64
"""Of the program itself and what it starts."""
_GRACE = 1.0
"""Seconds that reading a body may go on after the end."""


@contextlib.asynccontextmanager
async def listening(service: Service, port: int, patience: float) -> AsyncIterator[int]:
    """Yields the port once requests are taken; 0 lets the system choose. Raises `EndpointError`.

    `patience` is the seconds that a client has for its head, and again for its body. On leaving
    the block, requests that still wait for an answer get a 503.
    """
    most = min(MOST_CONNECTIONS, _allowed_files() - 4 * _AT_ONCE - _OTHER_FILES)
    loop, connections = asyncio.get_running_loop(), Connections(max(most, _AT_ONCE), patience)
    with contextlib.closing(_bind(port)) as sock:
        server = await loop.create_server(
            lambda: Connection(service, connections), sock=sock, backlog=_AT_ONCE
        )
        # asyncio takes one number for what is accepted at once and for what may wait for it.
        sock.listen(MOST_CONNECTIONS)
        try:
            yield sock.getsockname()[1]
        finally:
            await _end(server, sock, connections)


def _allowed_files() -> int:
    if sys.platform == "win32":
        return _FILES
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if not 0 <= soft < _FILES:
        return _FILES
    wanted = min(_FILES, hard) if hard >= 0 else _FILES
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        return wanted
    return soft


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
