"""A Graph that tells every secret: in its errors, between its data, or on a page of a proxy's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send

from tests.cli.world import Pretended

_KEPT = {"id", "access_token", "callback_url", "next", "after", "before", "override_callback_uri"}
"""What the program uses as it is, to compare it or to go on with."""


class Telling:
    """In place of the pretended Meta's app; `way` is how it tells, and `said` what."""

    def __init__(self, meta: Pretended, way: str, said: str) -> None:
        self._app: ASGIApp = meta.app
        self._way = way
        self._said = said

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._way in {"error", "page", "redirect"}:
            await self._refuse(send)
        elif self._way == "data":
            await self._between_data(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _refuse(self, send: Send) -> None:
        said = self._said
        error = {
            "message": f"Bad <{said}>",
            "type": "OAuthException",
            "code": 100,
            "error_data": {"details": f"{said} is wrong"},
            "error_user_title": said,
            "error_user_msg": f"Why {said}?",
            "fbtrace_id": said,
        }
        plain = said.encode("ascii", "replace").replace(b"\n", b" ")
        status, body, more = {
            "error": (400, json.dumps({"error": error}).encode(), (b"www-authenticate", plain)),
            "page": (502, f"<html>{said}</html>".encode(), (b"server", plain)),
            "redirect": (302, b"", (b"location", b"https://hotel.example/" + plain)),
        }[self._way]
        kind = b"application/json" if self._way == "error" else b"text/html"
        headers = [(b"content-type", kind), (b"content-length", b"%d" % len(body)), more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _between_data(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun: dict[str, Any] = {}
        body = bytearray()

        async def held(message: Mapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                begun.update(message)
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            content = self._mixed(bytes(body))
            headers = [one for one in begun["headers"] if one[0] != b"content-length"]
            headers.append((b"content-length", b"%d" % len(content)))
            await send({**begun, "headers": headers})
            await send({"type": "http.response.body", "body": content})

        await self._app(scope, receive, held)

    def _mixed(self, content: bytes) -> bytes:
        try:
            return json.dumps(self._with(json.loads(content), "")).encode()
        except ValueError:
            return content

    def _with(self, part: Any, name: str) -> Any:
        if isinstance(part, dict):
            return {key: self._with(value, key) for key, value in part.items()}
        if isinstance(part, list):
            return [self._with(value, name) for value in part]
        if isinstance(part, str) and name not in _KEPT and not part.isdecimal():
            return f"{part} {self._said}"
        return part
