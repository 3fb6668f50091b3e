"""Posting events to callbacks on this machine, of which there may be thousands in a row."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping

import h11

_CHUNK = 65_536


async def post(
    address: tuple[str, int], target: bytes, body: bytes, headers: Mapping[str, str], timeout: float
) -> int | None:
    """The status of a whole answer, `None` where none came in time; each on a connection of its
    own, so that no event is lost to one that the other side has closed."""
    request = h11.Request(
        method=b"POST",
        target=target,
        headers=[
            ("Host", f"{address[0]}:{address[1]}"),
            *headers.items(),
            ("Content-Length", str(len(body))),
        ],
    )
    with contextlib.suppress(TimeoutError, OSError, h11.ProtocolError, UnicodeError):
        async with asyncio.timeout(timeout):
            reader, writer = await asyncio.open_connection(*address)
            try:
                http = h11.Connection(h11.CLIENT)
                sent = (http.send(request), http.send(h11.Data(data=body)))
                end = http.send(h11.EndOfMessage())
                writer.write(b"".join(part for part in (*sent, end) if part))
                return await _status(http, reader)
            finally:
                writer.close()
    return None


async def _status(http: h11.Connection, reader: asyncio.StreamReader) -> int | None:
    """Read to the end: an answer that breaks off is none."""
    status = None
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(_CHUNK))
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.EndOfMessage | h11.ConnectionClosed):
            return status
