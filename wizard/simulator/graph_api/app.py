"""The pretend Graph API as an ASGI app: paths, versions, headers and envelopes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TypeAlias

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import (
    debug_token,
    get,
    oauth,
    parameters,
    post,
    rate_limits,
    recorder,
    versions,
)
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.outages import outage
from wizard.simulator.graph_api.recorder import Exchange
from wizard.simulator.meta import Meta
from wizard.simulator.world import fake_ids

Handler: TypeAlias = Callable[[Call], dict[str, object]]

_FIXED: Mapping[tuple[str, ...], Handler] = {
    ("oauth", "access_token"): oauth.access_token,
    ("debug_token",): debug_token.debug_token,
}


def create_app(meta: Meta) -> Starlette:
    """A Graph API over this world; changes to `meta` show at once."""
    # One route: what a path means depends on the object that its id stands for.
    return Starlette(routes=[Route("/{path:path}", _Graph(meta))])


class _Graph:
    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._meta.delay:
            await asyncio.sleep(self._meta.delay)
        request = Request(scope, receive)
        try:
            answer = await self._answer(request)
            if recorder.is_watched():
                await self._tell(request, answer)
        except ClientDisconnect:
            return
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> ASGIApp:
        self._meta.calls += 1
        asked, parts = _path(request)
        version = versions.answering(self._meta, asked)
        headers = self._headers(version)
        try:
            if version is None:
                raise errors.unknown_path(parts)
            call = await _call(self._meta, request, parts, version)
            headers |= rate_limits.headers(call)
            return outage(call) or _Json(await _dispatch(call), headers=headers)
        except GraphError as error:
            if challenge := error.challenge():
                headers["www-authenticate"] = challenge
            return _Json(error.body(headers["x-fb-trace-id"]), error.status, headers)

    async def _tell(self, request: Request, answer: ASGIApp) -> None:
        asked = Exchange(
            request.method,
            request.url.path,
            request.url.query,
            dict(request.headers),
            await request.body(),
            get.kind_of(self._meta, _path(request)[1]),
        )
        if isinstance(answer, _Json):
            given, body = answer.headers, bytes(answer.body)
            asked = replace(asked, status=answer.status_code, reply_headers=dict(given), reply=body)
        recorder.tell(asked)

    def _headers(self, version: str | None) -> dict[str, str]:
        meta = self._meta
        return {
            "facebook-api-version": version or meta.newest_version,
            "x-fb-request-id": "A" + fake_ids.letters(meta.seed, f"request/{meta.calls}", 22),
            "x-fb-rev": "1030000001",
            "x-fb-trace-id": "A" + fake_ids.letters(meta.seed, f"trace/{meta.calls}", 22),
            "cache-control": "private, no-cache, no-store, must-revalidate",
        }


class _Json(JSONResponse):
    media_type = "application/json; charset=UTF-8"

    def render(self, content: object) -> bytes:
        """As Meta writes it: ASCII only."""
        return json.dumps(content, separators=(",", ":")).encode()


def _path(request: Request) -> tuple[str | None, tuple[str, ...]]:
    parts = tuple(part for part in request.scope["path"].split("/") if part)
    if parts and versions.is_version(parts[0]):
        return parts[0], parts[1:]
    return None, parts


async def _call(meta: Meta, request: Request, parts: tuple[str, ...], version: str) -> Call:
    body, form = parameters.read(request.headers.get("content-type", ""), await request.body())
    params = {**request.query_params, **parameters.as_text(body), **form}
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    sent = bearer.strip() if scheme.lower() in {"bearer", "oauth"} else ""
    # The parameter goes before the header: pywa sends a user's token in every header and registers
    # with the app's beside it, https://github.com/david-lev/pywa/blob/master/pywa/api.py
    text = params.get("access_token") or sent
    return Call(meta, request.method, parts, params, text, f"{request.base_url}{version}", body)


async def _dispatch(call: Call) -> dict[str, object]:
    if call.method not in {"GET", "HEAD"}:
        return await post.write(call)
    if handler := _FIXED.get(call.parts):
        return handler(call)
    if not call.parts:
        raise errors.unsupported(call.method)
    if len(call.parts) == 1:
        return get.node(call)
    if len(call.parts) == 2:
        return get.edge(call)
    raise errors.unknown_path(call.parts[1:])
