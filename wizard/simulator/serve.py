"""The pretend Meta's apps on loopback: a base URL for as long as a block lasts."""

from __future__ import annotations

import contextlib
import errno
import os
import socket
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from wizard.simulator.http_server import running
from wizard.support.loopback import HOST, bind

if TYPE_CHECKING:
    from starlette.types import ASGIApp


class PortInUseError(OSError):
    """Something else listens on this port."""


@contextlib.asynccontextmanager
async def serve(app: ASGIApp, port: int = 0) -> AsyncIterator[str]:
    """Yields the base URL once requests are taken; port 0 lets the system choose.

    Raises `PortInUseError`, or another `OSError`, where the port can't be had. On leaving the
    block, requests that still wait for an answer get a 503.
    """
    async with running(app, _bind(port)) as taken:
        yield f"http://{HOST}:{taken}"


def _bind(port: int) -> socket.socket:
    try:
        return bind(port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(error.errno, os.strerror(error.errno)) from error
        raise
