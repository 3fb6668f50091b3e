"""An answer goes out in one piece."""

from __future__ import annotations

import asyncio
import socket
import sys

import pytest

from wizard.support.loopback import HOST
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint

TOKEN = Secret("a-verify-token")
QUERY = "hub.mode=subscribe&hub.verify_token=a-verify-token&hub.challenge=1158201444"


@pytest.mark.skipif(sys.platform == "win32", reason="its loop does not send through the socket")
async def test_head_and_body_of_an_answer_are_one_packet(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[bytes] = []
    real = socket.socket.send

    def send(sock: socket.socket, data: bytes) -> int:
        if bytes(data[:5]) != b"GET /":
            sent.append(bytes(data))
        return real(sock, data)

    monkeypatch.setattr(socket.socket, "send", send)
    async with Endpoint(TOKEN) as endpoint:
        reader, writer = await asyncio.open_connection(HOST, endpoint.port)
        for _ in range(2):
            writer.write(f"GET {endpoint.path}?{QUERY} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode())
            await reader.readuntil(b"\r\n\r\n")
            assert await reader.readexactly(10) == b"1158201444"
        writer.write(b"no HTTP\r\n\r\n")
        assert (await reader.read()).startswith(b"HTTP/1.1 400 ")
        writer.close()
    answers = [data for data in sent if data.startswith(b"HTTP/1.1 ")]
    assert [data.endswith(b"\r\n\r\n1158201444") for data in answers] == [True, True, False]
    assert b"Invalid HTTP request received." in answers[-1]
