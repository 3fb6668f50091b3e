"""The pretend tunnel: a second port on loopback that passes each request on.

What it adds and answers itself is what ngrok does: https://ngrok.com/docs/errors/
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, TypeAlias

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse
from starlette.types import Receive, Scope, Send

from wizard.simulator.serve import serve

if TYPE_CHECKING:
    import httpx

Headers: TypeAlias = list[tuple[bytes, bytes]]

_PATIENCE = 30.0
_ONE_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer"
    b" transfer-encoding upgrade".split()
)
_FORWARDED = frozenset((b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host"))
_OWN = frozenset((b"content-length", b"expect"))
"""Of a request's headers: it goes on whole, and its length is counted anew."""
_PAGE = """<!DOCTYPE html>
<html><head><title>{code}</title></head>
<body><h1>{code}</h1><p>{sentence}</p></body></html>
"""


@asynccontextmanager
async def serve_tunnel(port: int) -> AsyncIterator[str]:
    """Yields the base URL in front of 127.0.0.1:`port`, whoever listens there or not."""
    import httpx

    client = httpx.AsyncClient(
        trust_env=False,
        verify=False,  # noqa: S501 - no TLS is spoken on loopback # nosec B501
        timeout=_PATIENCE,
        limits=httpx.Limits(max_keepalive_connections=0),
    )
    async with client, serve(_Passing(client, port)) as base:
        yield base


class _Passing:
    def __init__(self, client: httpx.AsyncClient, port: int) -> None:
        self._client = client
        self._port = port

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        import httpx

        try:
            body = await Request(scope, receive).body()
        except ClientDisconnect:
            return
        try:
            status, headers, content = await self._pass(scope, body)
        except httpx.ConnectError:
            sentence = f"Nobody listens at 127.0.0.1:{self._port}."
            await _refusal("ERR_NGROK_8012", sentence)(scope, receive, send)
        except httpx.TransportError:
            sentence = "The server's answer is invalid or incomplete."
            await _refusal("ERR_NGROK_3004", sentence)(scope, receive, send)
        else:
            start = {"type": "http.response.start", "status": status, "headers": headers}
            await send(start)
            await send({"type": "http.response.body", "body": content})

    async def _pass(self, scope: Scope, body: bytes) -> tuple[int, Headers, bytes]:
        import httpx

        request = httpx.Request(
            scope["method"],
            f"http://127.0.0.1:{self._port}/",
            headers=[*_kept(scope["headers"], _OWN | _FORWARDED), *_forwarded(scope)],
            content=body or None,
            extensions={"target": _target(scope), "timeout": self._client.timeout.as_dict()},
        )
        answer = await self._client.send(request, stream=True)
        try:
            content = b"".join([chunk async for chunk in answer.aiter_raw()])
        finally:
            await answer.aclose()
        # The server in front dates every answer itself.
        return answer.status_code, _kept(answer.headers.raw, frozenset((b"date",))), content


def _target(scope: Scope) -> bytes:
    path: bytes = scope["raw_path"]
    query: bytes = scope["query_string"]
    return path + b"?" + query if query else path


def _kept(headers: Iterable[tuple[bytes, bytes]], without: frozenset[bytes]) -> Headers:
    """The headers that are meant for the other end."""
    pairs = [(name.lower(), value) for name, value in headers]
    named = {
        option.strip().lower()
        for name, value in pairs
        if name == b"connection"
        for option in value.split(b",")
    }
    return [pair for pair in pairs if pair[0] not in _ONE_HOP | without | named]


def _forwarded(scope: Scope) -> Headers:
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    client = scope["client"][0] if scope["client"] else ""
    return [
        (b"x-forwarded-for", client.encode()),
        (b"x-forwarded-proto", scope["scheme"].encode()),
        (b"x-forwarded-host", host),
    ]


def _refusal(code: str, sentence: str) -> HTMLResponse:
    page = _PAGE.format(code=code, sentence=sentence)
    return HTMLResponse(page, 502, {"ngrok-error-code": code})
