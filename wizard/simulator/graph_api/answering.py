"""Answers requests as Graph does: paths, versions, headers and envelopes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from wizard.simulator import errors
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api import (
    debug_token,
    described,
    flows,
    get,
    media,
    oauth,
    parameters,
    rate_limits,
    recorder,
    uploads,
    versions,
)
from wizard.simulator.graph_api.call import Call
from wizard.simulator.graph_api.http import (
    CONTROL,
    Answer,
    GoneError,
    Request,
    json_answer,
    receive_request,
)
from wizard.simulator.graph_api.raw import RawAnswer
from wizard.simulator.graph_api.recorder import Exchange
from wizard.simulator.meta import Meta
from wizard.simulator.world import fake_ids
from wizard.simulator.world.media import PATH

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

Handler: TypeAlias = Callable[[Call], dict[str, object]]

_FIXED: Mapping[tuple[str, ...], Handler] = {
    ("GET", "oauth", "access_token"): oauth.access_token,
    ("POST", "oauth", "access_token"): oauth.access_token,
    ("GET", "debug_token"): debug_token.debug_token,
}
_FILES: Mapping[tuple[str, ...], Callable[[Call], RawAnswer]] = {
    PATH: media.download,
    flows.PATH: flows.download,
}
_READS = {"GET", "HEAD"}
_LARGE = 1024 * 1024
"""Bytes of a body that is read on a thread, while the loop serves others."""


class GraphApi:
    """An ASGI app over this world; changes to `meta` show at once."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            request = await receive_request(scope, receive)
        except GoneError:
            return
        except GraphError as error:
            await self._refusal(error, self._headers(None))(scope, receive, send)
            return
        if request.parts[:1] == (CONTROL,):
            from wizard.simulator.graph_api import control

            await control.answer(self._meta, request)(scope, receive, send)
            return
        answer = await self._answer(request)
        if recorder.is_watched():
            self._tell(request, answer)
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
            if self._meta.outage:
                from wizard.simulator.graph_api.outages import outage

                if instead := outage(call):
                    return instead
            return _written(await _dispatch(call), headers)
        except GraphError as error:
            return self._refusal(error, headers)

    def _refusal(self, error: GraphError, headers: dict[str, str]) -> Answer:
        if challenge := error.challenge():
            headers["www-authenticate"] = challenge
        return json_answer(error.body(headers["x-fb-trace-id"]), error.status, headers)

    def _tell(self, request: Request, answer: ASGIApp) -> None:
        given = answer if isinstance(answer, Answer) else None
        recorder.tell(
            Exchange(
                request.method,
                request.path,
                request.query,
                request.headers,
                request.body,
                get.kind_of(self._meta, _path(request)[1]),
                given.status if given else None,
                {**given.headers, "content-length": str(len(given.body))} if given else {},
                given.body if given else b"",
            )
        )

    def _headers(self, version: str | None) -> dict[str, str]:
        meta = self._meta
        return {
            "facebook-api-version": version or meta.newest_version,
            "x-fb-request-id": "A" + fake_ids.letters(meta.seed, f"request/{meta.calls}", 22),
            "x-fb-rev": "1030000001",
            "x-fb-trace-id": "A" + fake_ids.letters(meta.seed, f"trace/{meta.calls}", 22),
            "cache-control": "private, no-cache, no-store, must-revalidate",
        }


def _written(found: dict[str, object] | RawAnswer, headers: dict[str, str]) -> Answer:
    if isinstance(found, RawAnswer):
        return Answer(
            200, {**headers, **found.headers, "content-type": found.media_type}, found.content
        )
    if isinstance(found, described.Described):
        headers |= found.headers
    return json_answer(found, 200, headers)


def _path(request: Request) -> tuple[str | None, tuple[str, ...]]:
    parts = request.parts
    if parts and versions.is_version(parts[0]):
        return parts[0], parts[1:]
    return None, parts


async def _call(meta: Meta, request: Request, parts: tuple[str, ...], version: str) -> Call:
    kind = request.headers.get("content-type", "")
    if len(request.body) > _LARGE:
        body = await asyncio.to_thread(parameters.read, kind, request.body)
    else:
        body = parameters.read(kind, request.body)
    params = {**request.params, **parameters.as_text(body.json), **body.form}
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    sent = bearer.strip() if scheme.lower() in {"bearer", "oauth"} else ""
    # The parameter goes before the header: pywa sends a user's token in every header and registers
    # with the app's beside it, https://github.com/david-lev/pywa/blob/master/pywa/api.py
    return Call(
        meta,
        request.method,
        parts,
        params,
        params.get("access_token") or sent,
        f"{request.origin}/{version}",
        body.json,
        body.files,
        request.body,
        request.headers,
    )


async def _dispatch(call: Call) -> dict[str, object] | RawAnswer:
    reads = call.method in _READS
    if call.parts and call.parts[0].startswith("upload:"):
        return uploads.status(call, call.parts[0]) if reads else uploads.resume(call, call.parts[0])
    if handler := _FIXED.get(("GET" if reads else call.method, *call.parts)):
        return handler(call)
    if reads and (download := _FILES.get(call.parts[:2])):
        return download(call)
    if not call.parts:
        call.token()
        raise errors.unsupported(call.method)
    if not reads:
        from wizard.simulator.graph_api import post

        return await post.write(call)
    return get.node(call) if len(call.parts) == 1 else get.edge(call)
