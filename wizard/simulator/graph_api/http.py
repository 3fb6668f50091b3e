"""Requests and answers of the simulator, straight on ASGI: a server framework takes longer to
import than all the rest to start."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from wizard.simulator.errors import GraphError

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

CONTROL = "_simulator"
"""What the path begins with of what drives the simulator itself."""
MAX_BODY = 110 * 1024 * 1024
"""Bytes; the largest file that Meta takes has 100 MB."""


class GoneError(Exception):
    """Who asked has hung up."""


@dataclass(eq=False)
class Request:
    """`headers` have names in lower case; `path` is decoded, `query` as it stands there."""

    method: str
    path: str
    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    client: str = ""
    scheme: str = "http"

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in self.path.split("/") if part)

    @property
    def params(self) -> dict[str, str]:
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.headers.get('host', '')}"


async def receive_request(scope: Scope, receive: Receive) -> Request:
    """The whole request. Raises `GoneError`, and `GraphError` 413 for a body that is too large,
    which is read to its end, so that the answer is heard."""
    chunks, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= MAX_BODY:
            chunks.append(chunk)
        more = message.get("more_body", False)
    if size > MAX_BODY:
        sentence = f"The request is larger than {MAX_BODY // 1024 // 1024} MB."
        raise GraphError(413, sentence, 1)
    return _request(scope, b"".join(chunks))


def _request(scope: Scope, body: bytes) -> Request:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    query: bytes = scope.get("query_string", b"")
    client = scope.get("client")
    return Request(
        scope["method"],
        scope["path"],
        query.decode("latin-1"),
        headers,
        body,
        client[0] if client else "",
        scope.get("scheme", "http"),
    )


class Answer:
    """An ASGI app that answers whatever it is asked."""

    def __init__(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        headers = [
            (name.encode("latin-1"), value.encode("latin-1", "replace"))
            for name, value in (*self.headers.items(), ("content-length", str(len(self.body))))
        ]
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})


def json_answer(content: object, status: int, headers: Mapping[str, str]) -> Answer:
    """As Meta writes it: ASCII only."""
    body = json.dumps(content, separators=(",", ":")).encode()
    return Answer(status, {**headers, "content-type": "application/json; charset=UTF-8"}, body)


def parsed(raw: bytes) -> Any:
    """What a JSON text says, `None` where it says nothing."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
