"""Requests to Graph over HTTP: limits, one retry, and what came back in an answer's place."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from wizard.graph.clock import MetaClock
from wizard.graph.errors import GraphError, Reason, error_from
from wizard.graph.limits import LIMIT
from wizard.graph.network import network_error, not_graph, refuse_insecure
from wizard.graph.pool import Pool
from wizard.graph.request import Request
from wizard.support.threads import run_in_thread
from wizard.support.unpacking import unpack
from wizard.values.credentials import Secret
from wizard.values.redaction import redactor

if TYPE_CHECKING:
    import httpx


_MOST_BYTES = 4 * 1024 * 1024
_READ_HERE = 64 * 1024
"""Bytes of a reply that are read in a few milliseconds, so that no thread is needed."""
_READING = 10.0
_DISTINCT = 16
_SHOWN = 8192
"""Characters of a text in a reply that anybody may come to see."""
_DEEPEST = 100
"""Containers in one another; whatever works on a reply has room for them on its stack."""
_EXACT = {"access_token", "callback_url", "override_callback_uri", "webhook_configuration"}
"""What is used as it is: the token that was asked for, and URLs that are compared and put back."""
_PAUSE = 0.4
_MEANWHILE = 10.0
_RETRIED = {Reason.CONNECT, Reason.SERVER_ERROR}
_SENT = "http11.send_request_body.complete"
"""One of the steps that httpcore tells whoever traces it: https://www.encode.io/httpcore/extensions"""


@dataclass(frozen=True)
class ResponseInfo:
    """An answer of Graph's: the version that was asked, the one that spoke, how long."""

    asked: str
    served: str
    milliseconds: int


@dataclass(frozen=True)
class GraphResponse:
    """An answer of Graph's as it came, be it a refusal; header names are in lower case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: dict[str, Any] = field(repr=False)


class Transport:
    """Requests to one base URL. Addresses may hold secrets, so none is ever logged.

    `secret`, the App Secret, is used as proof only where an app demands one
    (https://developers.facebook.com/docs/facebook-login/security). Where a `pool` is shared, `app`
    is the App ID that calls are counted for. `clock` learns the time from each answer of Graph's.
    """

    def __init__(
        self,
        base_url: str,
        version: str,
        *,
        secret: Secret | None = None,
        limit: float = LIMIT,
        pool: Pool | None = None,
        app: str = "",
        clock: MetaClock | None = None,
        secrets: Iterable[Secret] = (),
    ) -> None:
        self._known = tuple(secrets)
        self._clock = clock or MetaClock()
        self._base_url = base_url
        self._version = version
        self._secret = secret
        self._limit = limit
        self._pool = pool or Pool(base_url)
        self._shared = pool is not None
        self._app = app
        self.received = 0
        """Bytes of all bodies so far."""
        self.sent = asyncio.Event()
        """Set when the first request has gone out."""
        self.first_response: ResponseInfo | None = None
        """The first answer."""
        self.version_mismatch: ResponseInfo | None = None
        """The first one that another version gave than was asked."""

    async def get(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        token: Secret | None = None,
        secrets: Mapping[str, Secret] | None = None,
    ) -> dict[str, Any]:
        """The JSON object at this path of the Graph version in use.

        `secrets` go into the query, where Graph wants them there. Raises `GraphError`. What may
        pass on a second try is tried a second time.
        """
        request = Request("GET", path, query or {}, token, secrets or {})
        try:
            return await self._proven(request, self._limit)
        except GraphError as error:
            if error.reason not in _RETRIED:
                raise
        await asyncio.sleep(_PAUSE)
        return await self._proven(request, self._limit)

    async def post(
        self,
        path: str,
        form: Mapping[str, str] | None = None,
        *,
        token: Secret | None = None,
        secrets: Mapping[str, Secret] | None = None,
        json: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """What Graph answers to a form, or to a JSON object, in which a `Secret` may stand.

        Sent once: an answer that was lost may have taken effect. The limit leaves Meta the time
        to call a callback meanwhile. Raises `GraphError`.
        """
        request = Request("POST", path, form or {}, token, secrets or {}, json)
        return await self._proven(request, self._limit + _MEANWHILE)

    async def delete(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        token: Secret | None = None,
        secrets: Mapping[str, Secret] | None = None,
    ) -> dict[str, Any]:
        """What Graph answers; sent once. Raises `GraphError`."""
        request = Request("DELETE", path, query or {}, token, secrets or {})
        return await self._proven(request, self._limit)

    async def request_raw(self, request: Request, version: str | None = None) -> GraphResponse:
        """What came, refusals too, from this version or from the one in use; sent once. Raises
        `GraphError` where nothing of Graph's came."""
        waiting = _MEANWHILE if request.method == "POST" else 0
        limit, asked = self._limit + waiting, version or self._version
        answer = await self._limited(request, limit, asked)
        refused = _refusal(answer, self._secrets(request))
        if refused is None or not self._may_prove(refused, request):
            return answer
        return await self._limited(self._prove(request), limit, asked)

    async def close(self) -> None:
        if not self._shared:
            await self._pool.close()

    async def _proven(self, request: Request, limit: float) -> dict[str, Any]:
        try:
            return await self._reply(request, limit)
        except GraphError as error:
            if not self._may_prove(error, request):
                raise
        return await self._reply(self._prove(request), limit)

    def _may_prove(self, error: GraphError, request: Request) -> bool:
        demanded = error.reason is Reason.PROOF_REQUIRED
        return demanded and self._secret is not None and request.token is not None

    def _prove(self, request: Request) -> Request:
        return request.proven(self._secret) if self._secret is not None else request

    async def _reply(self, request: Request, limit: float) -> dict[str, Any]:
        answer = await self._limited(request, limit, self._version)
        if refused := _refusal(answer, self._secrets(request)):
            raise refused
        return answer.body

    async def _limited(self, request: Request, limit: float, version: str) -> GraphResponse:
        slot = self._pool.slot(self._app, request.path)
        try:
            async with slot as client, asyncio.timeout(limit):
                return await self._once(client, request, version)
        except TimeoutError:
            said = f"No response within {limit:g} seconds."
            raise GraphError(Reason.TIMEOUT, said) from None

    async def _once(
        self, client: httpx.AsyncClient, request: Request, version: str
    ) -> GraphResponse:
        import httpx

        refuse_insecure(self._base_url)
        begun = time.monotonic()
        try:
            # With its parameters at once: added to a URL, they have it parsed twice.
            url = httpx.URL(f"{self._base_url}/{version}/{request.path}", params=request.query())
            async with client.stream(
                request.method,
                url,
                headers=request.headers(),
                extensions={} if self.sent.is_set() else {"trace": self._trace},
                **request.content(),
            ) as response:
                body = await _read(response)
                self.received += len(body)
        except httpx.TimeoutException:
            raise TimeoutError from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
            raise network_error(error, self._base_url, self._secrets(request)) from None
        except ExceptionGroup as group:
            # What anyio makes of a port beyond 65535.
            if group.subgroup(OverflowError) is None:
                raise
            raise network_error(OverflowError(), self._base_url, self._secrets(request)) from None
        answer = await self._heeded(request, response, body)
        self._clock.update(answer.headers)
        if version == self._version:
            self._note(answer, round((time.monotonic() - begun) * 1000))
        return answer

    async def _trace(self, step: str, _told: Mapping[str, Any]) -> None:
        if step == _SENT:
            self.sent.set()

    def _secrets(self, request: Request) -> list[Secret]:
        return [*request.sent, *self._known]

    async def _heeded(
        self, request: Request, response: httpx.Response, body: bytes
    ) -> GraphResponse:
        """What came, after what it tells of the calls that are left."""
        refused = response.status_code == HTTPStatus.TOO_MANY_REQUESTS
        try:
            said = await _parsed(response, body, self._secrets(request))
            answer = GraphResponse(response.status_code, response.headers, said)
            refusal = _refusal(answer, self._secrets(request))
            refused = refusal is not None and refusal.reason is Reason.RATE_LIMITED
            return answer
        finally:
            self._pool.update_limits(self._app, request.path, response.headers, refused=refused)

    def _note(self, answer: GraphResponse, milliseconds: int) -> None:
        served = answer.headers.get("facebook-api-version", self._version)
        heard = ResponseInfo(self._version, served, milliseconds)
        self.first_response = self.first_response or heard
        if served != self._version:
            self.version_mismatch = self.version_mismatch or heard


def _refusal(answer: GraphResponse, secrets: list[Secret]) -> GraphError | None:
    """The error that an answer tells of, if it tells of one."""
    if "error" not in answer.body:
        return None
    envelope = answer.body["error"]
    said = envelope if isinstance(envelope, Mapping) else {"message": envelope}
    return error_from(answer.status, said, secrets)


async def _read(response: httpx.Response) -> bytes:
    """The body, never more of it than a reply of Graph's may have. Nothing packed is asked for;
    what comes packed all the same is unpacked within the same bound."""
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > _MOST_BYTES:
            break
    packed = response.headers.get("content-encoding", "")
    plain, left = unpack(bytes(body), packed, _MOST_BYTES + 1)
    if left:
        raise GraphError(Reason.NOT_JSON, "The reply broke off before its end.")
    if len(plain) > _MOST_BYTES:
        raise GraphError(Reason.NOT_JSON, "The reply is larger than Graph's replies.")
    return plain


async def _parsed(response: httpx.Response, body: bytes, secrets: list[Secret]) -> dict[str, Any]:
    """The reply, in which no secret stands that is not asked for."""
    work = partial(_json, response, body, secrets)
    if len(body) <= _READ_HERE:
        return work()
    return await run_in_thread(work, timeout=_READING)


def _json(response: httpx.Response, body: bytes, secrets: list[Secret]) -> dict[str, Any]:
    with suppress(ValueError, RecursionError):
        reply = json.loads(body)
        if isinstance(reply, dict) and (response.status_code < 400 or "error" in reply):
            return reply if "error" in reply else _masked(reply, secrets)
    raise not_graph(response, body, secrets)


def _masked(reply: dict[str, Any], secrets: list[Secret]) -> dict[str, Any]:
    """Names and the like without the secrets that nobody would take for a word. Raises
    `RecursionError` for a reply that is deeper than any of Graph's."""
    known, texts = redactor(secret for secret in secrets if len(secret) >= _DISTINCT), list[str]()

    def noted(text: str) -> str:
        texts.append(text[:_SHOWN])
        return texts[-1]

    cut = {name: _changed(name, part, noted, _DEEPEST) for name, part in reply.items()}
    if sum(map(len, texts)) <= _SHOWN and known.are_clean(texts):
        return cut
    return {name: _changed(name, part, known.redact, _DEEPEST) for name, part in cut.items()}


def _changed(name: str, part: Any, change: Callable[[str], str], left: int) -> Any:
    """The part of this name with every text in it changed that is not used as it is."""
    if isinstance(part, str):
        return part if name in _EXACT else change(part)
    if not left:
        raise RecursionError
    if isinstance(part, dict) and name not in _EXACT:
        return {inner: _changed(inner, one, change, left - 1) for inner, one in part.items()}
    if isinstance(part, list):
        return [_changed(name, item, change, left - 1) for item in part]
    return part
