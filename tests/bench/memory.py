"""The memory of `listen` over many messages: `python -m tests.bench.memory --messages 20000`.

Each is signed and new. Prints the memory along the way; fails where it grows by more than 5 % once
as many messages have come as are remembered.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.endpoint import listening
from tests.bench.load import free_port, megabytes
from tests.bench.shots import SECRET
from tests.webhook.meta import change, message, value
from wizard.values.credentials import Secret
from wizard.webhook.signature import sign

_REMEMBERED = 10_000
_STEPS = 10
_MOST = 1.05


def measure(messages: int) -> Iterator[tuple[int, float]]:
    """After how many messages how many megabytes."""
    port = free_port()
    with (
        tempfile.TemporaryDirectory() as folder,
        asyncio.Runner() as runner,
        listening(port, Path(folder)) as child,
    ):
        reader, writer = runner.run(_connected(port))
        for number in range(1, messages + 1):
            runner.run(_sent(number, reader, writer))
            if number in {1, 500} or number % (messages // _STEPS) == 0:
                yield number, megabytes(child.pid)
        writer.transport.abort()


async def _connected(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    async with asyncio.timeout(30):
        while True:
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)


async def _sent(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    text = {"body": "x" * (number % 300)}
    contact = {"wa_id": str(number), "profile": {"name": f"Customer {number}"}}
    one = message(f"wamid.{number:060}", type="text", text=text)
    body = change(value(contacts=[contact], messages=[one]))
    head = (
        "POST /webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\nX-Hub-Signature-256: {sign(Secret(SECRET), body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 "), answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=20_000)
    full = 0.0
    for number, memory in measure(parser.parse_args().messages):
        print(f"{number:>7,} messages  {memory:.1f} MB")  # noqa: T201
        assert not full or memory <= full * _MOST, "the memory grows"
        if number >= _REMEMBERED and not full:
            full = memory


if __name__ == "__main__":
    main()
