"""A callback URL whose server answers what no reader of numbers takes: a finding, and no crash."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from tests.cli.shell import Shell

CODE = b"ERR_NGROK_" + b"9" * 6000
ANSWERS = {
    "a superscript as Retry-After": b"HTTP/1.1 429 X\r\nRetry-After: \xb2\r\n\r\n",
    "a long Retry-After": b"HTTP/1.1 429 X\r\nRetry-After: " + b"9" * 6000 + b"\r\n\r\n",
    "a long code of ngrok's": b"HTTP/1.1 404 X\r\nngrok-error-code: " + CODE + b"\r\n\r\n",
    "a long code on a page": b"HTTP/1.1 404 X\r\nContent-Type: text/html\r\n\r\n<html>" + CODE,
    "a number of 6,000 digits": b"HTTP/1.1 200 X\r\n\r\n" + b"9" * 6000,
    "digits of another script": b"HTTP/1.1 200 X\r\n\r\n" + "\u0663\xb2".encode(),
    "a charset that is none": b"HTTP/1.1 200 X\r\nContent-Type: text/html; charset=idna\r\n\r\n<",
    "a deep answer": b"HTTP/1.1 403 X\r\n\r\n" + b'{"error":' * 700 + b"1" + b"}" * 700,
}


@contextlib.contextmanager
def answering(answer: bytes) -> Iterator[str]:
    """A server that says this to everything; its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=talk, args=(connection,), daemon=True).start()

        def talk(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                connection.settimeout(5)
                connection.recv(65536)
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):
                    pass

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/webhook"
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("kind", ANSWERS)
def test_it_ends_in_a_finding(shell: Shell, kind: str) -> None:
    shell.fill()
    with answering(ANSWERS[kind]) as url:
        ended = shell("doctor", "--json", "--no-deliveries", "--url", url)
    assert ended.code == 1, ended
    assert ended.json["primary"].startswith(("webhook.", "tunnel."))
