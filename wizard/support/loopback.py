"""Sockets that listen on this machine alone."""

from __future__ import annotations

import os
import socket

HOST = "127.0.0.1"
MOST_CONNECTIONS = 512


def bind(port: int) -> socket.socket:
    """A socket that listens on this port; 0 lets the system choose.

    Raises `OSError` where the port can't be had, and `OverflowError` where it is none.
    """
    # asyncio turns Nagle's delay off only where the protocol is named; with it, each answer on
    # a connection that is used again takes 40 ms.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows this option would let two programs share the port.
        if os.name == "posix":
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, port))
        sock.listen(MOST_CONNECTIONS)
    except (OSError, OverflowError):
        sock.close()
        raise
    return sock
