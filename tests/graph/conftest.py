"""Graph's words, and a Graph that asks a server of the test's own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack
from typing import Any, TypeAlias

import httpx  # noqa: F401 - loaded before any limit begins to count
import pytest
import pytest_asyncio

from wizard.graph import Graph
from wizard.values.credentials import Secret

APP_ID = "111111111111111"
WABA_ID = "222222222222222"
NUMBER_ID = "333333333333333"
TOKEN = Secret("EAA" + "demo0Token" * 6)
APP_SECRET = Secret("0123456789abcdef" * 2)
VERSION = "v25.0"

Connect: TypeAlias = Callable[..., Graph]


def reply(body: object, status: int = 200, **headers: str) -> bytes:
    """A whole answer on the wire; bytes go out as they are, all else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    lines = {
        "content-type": "application/json; charset=UTF-8",
        "content-length": str(len(content)),
        "connection": "close",
        "facebook-api-version": VERSION,
    } | given
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + content


def refusal(code: int | None, message: str, http: int = 400, **more: Any) -> bytes:
    """An answer that holds Graph's error envelope."""
    error = {"message": message, "type": "OAuthException", "fbtrace_id": "DEMO", **more}
    return reply({"error": error if code is None else {**error, "code": code}}, http)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of whoever runs the tests."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR"):
        monkeypatch.delenv(name, raising=False)


@pytest_asyncio.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes a Graph at an address; it is closed when the test ends."""
    async with AsyncExitStack() as stack:

        def at(
            url: str,
            *,
            secret: Secret | None = None,
            limit: float = 5.0,
            secrets: Iterable[Secret] = (),
        ) -> Graph:
            graph = Graph(url, VERSION, secret=secret, limit=limit, secrets=secrets)
            stack.push_async_callback(graph.close)
            return graph

        yield at
