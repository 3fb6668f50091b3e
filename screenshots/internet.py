"""The way from a public https URL to this machine, for pictures that need no network.

A proxy of our own stands between: it speaks TLS as the public host, with a certificate that this
run alone trusts, and passes each request on. The program takes it for the Internet.
"""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.faults.certificates import authority, context

HOST, PORT = "calm-otter.ngrok-free.dev", 8787
_OFFLINE = (
    b"HTTP/1.1 404 Not Found\r\nngrok-error-code: ERR_NGROK_3200\r\ncontent-length: 0\r\n"
    b"connection: close\r\n\r\n"
)
_NAMES = ("HTTPS_PROXY", "https_proxy", "SSL_CERT_FILE")


@asynccontextmanager
async def public_host(folder: Path) -> AsyncIterator[None]:
    """While it runs, https://calm-otter.ngrok-free.dev leads to port 8787, and every other host
    answers as a tunnel whose agent is gone."""
    trusted, contexts = folder / "trusted.pem", dict[str, ssl.SSLContext]()
    answering = set[asyncio.Task[None]]()
    trusted.write_bytes(authority().pem)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            answering.add(task)
            task.add_done_callback(answering.discard)
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            host = head.split()[1].decode().partition(":")[0]
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await writer.drain()
            if host not in contexts:
                contexts[host] = context(folder, host=host)
            await writer.start_tls(contexts[host])
            if host == HOST:
                await _pass_on(reader, writer)
            else:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(_OFFLINE)
                await writer.drain()
        writer.close()

    before = {name: os.environ.get(name) for name in _NAMES}
    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        os.environ |= {"HTTPS_PROXY": proxy, "https_proxy": proxy, "SSL_CERT_FILE": str(trusted)}
        try:
            yield
        finally:
            for task in set(answering):
                task.cancel()
            await asyncio.gather(*answering, return_exceptions=True)
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    here, there = await asyncio.open_connection("127.0.0.1", PORT)

    async def copy(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while chunk := await source.read(65536):
                sink.write(chunk)
                await sink.drain()
            sink.write_eof() if sink.can_write_eof() else sink.close()

    await asyncio.gather(copy(reader, there), copy(here, writer))
    there.close()
