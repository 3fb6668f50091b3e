"""The endpoint that Meta calls: it answers at once, and reports what happened."""

from __future__ import annotations

import asyncio
import secrets
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from wizard.support.threads import run_in_thread
from wizard.values.credentials import Secret
from wizard.webhook.body import BodyReader
from wizard.webhook.envelope import EnvelopeError
from wizard.webhook.errors import RefusedError
from wizard.webhook.event_queue import (
    Deduplicator,
    Delivery,
    EventQueue,
    Handshake,
    Received,
    Rejected,
    Signature,
)
from wizard.webhook.events import Omitted, Reading
from wizard.webhook.handshake import verify_query
from wizard.webhook.headers import MARKER_HEADER, PATH_HEADER
from wizard.webhook.hosts import Hosts
from wizard.webhook.paths import wire_path
from wizard.webhook.reading import read_body
from wizard.webhook.signature import verify_signature

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

TIMEOUT = 10.0
"""Seconds that a client has for its head, and again for its body."""

_READ_HERE = 64 * 1024
"""Bytes of a body that are read in a few milliseconds, so that no thread is needed."""
_READING = 5.0
"""Seconds for reading a larger one, its turn included."""
_LONGEST_PATH = 500

_KEPT = frozenset({b"content-type", b"user-agent", b"x-hub-signature", b"x-hub-signature-256"})
_MARKER = MARKER_HEADER.lower().encode()


@dataclass(frozen=True)
class _Answer:
    status: int
    body: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Endpoint:
    """Listens on loopback for as long as its block lasts.

    `received` tells what came; `repeated` counts events that had come before. Token and secret
    may be replaced at any time; without a secret, signatures stay unchecked. `marker` is not
    secret: it stands in every answer as `X-Whatsapp-Wizard`, and a probe that sends it too is
    known as our own. Entering raises `EndpointError` where the port can't be had.
    """

    def __init__(
        self,
        verify_token: Secret,
        app_secret: Secret | None = None,
        *,
        port: int = 0,
        path: str = "/webhook",
        timeout: float = TIMEOUT,
    ) -> None:
        self.verify_token = verify_token
        self.app_secret = app_secret
        self.port = port
        self.path = wire_path(path)
        self.marker = secrets.token_hex(8)
        self.hosts = Hosts()
        self.received = EventQueue()
        self.repeated = 0
        self._patience = timeout
        self._bodies = BodyReader(timeout)
        self._seen = Deduplicator()
        self._one_at_a_time = asyncio.Lock()
        self._stack = AsyncExitStack()

    @property
    def local_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    async def __aenter__(self) -> Endpoint:
        from wizard.webhook.server import listening

        self.port = await self._stack.enter_async_context(
            listening(self._app, self.port, self._patience, self._on_garbage)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self._stack.aclose()
        finally:
            self.received.close()

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer, told = await self._answer(scope, receive)
        # Answered first, told after: Meta waits for nothing that is done with the event.
        await self._send(answer, send)
        if told is not None:
            self.received.put(told)

    async def _answer(self, scope: Scope, receive: Receive) -> tuple[_Answer, Received | None]:
        if (path := self._wire_path(scope["raw_path"])) != self.path:
            return self._elsewhere(scope, path), None
        if not (self.hosts.is_proxied or self.hosts.accepts(_header(scope, b"host"))):
            return _Answer(421), Rejected("host", 421, _now())
        if scope["method"] == "GET":
            return self._shake(scope)
        if scope["method"] == "POST":
            return await self._take(scope, receive)
        return _Answer(405, headers=((b"allow", b"GET, POST"),)), None

    def _wire_path(self, raw: bytes) -> str:
        # Nearly every request is for this one, as it stands.
        return self.path if raw == self.path.encode() else wire_path(raw)

    def _elsewhere(self, scope: Scope, path: str) -> _Answer:
        # Cut off it would be the name of another one.
        named = self._is_own(scope) and len(path) <= _LONGEST_PATH
        header = (PATH_HEADER.lower().encode(), path.encode())
        return _Answer(404, headers=(header,) if named else ())

    def _shake(self, scope: Scope) -> tuple[_Answer, Received]:
        reason, challenge = verify_query(scope["query_string"], self.verify_token)
        told = Handshake(
            ok=reason is None,
            reason=reason,
            at=_now(),
            user_agent=_header(scope, b"user-agent")[:200],
            own=self._is_own(scope),
        )
        if told.ok:
            self.hosts.prove(_header(scope, b"host"))
        return (_Answer(200, challenge) if told.ok else _Answer(403)), told

    async def _take(self, scope: Scope, receive: Receive) -> tuple[_Answer, Received | None]:
        try:
            checked = bool(self.app_secret)
            body = await self._bodies.read(receive, _length(scope), checked=checked)
            try:
                delivery = await self._open(scope, body)
            finally:
                self._bodies.release(body)
        except RefusedError as error:
            told = Rejected(error.reason, error.status, _now())
            return _Answer(error.status or 400), None if self._is_own(scope) else told
        # A trial of our own is answered like Meta's, and is no news.
        return _Answer(200), None if self._is_own(scope) else delivery

    def _is_own(self, scope: Scope) -> bool:
        return _header(scope, _MARKER) == self.marker

    async def _open(self, scope: Scope, body: bytes) -> Delivery:
        """The delivery, with those of its events that did not come before. Raises
        `RefusedError`."""
        signature = self._check(scope, body)
        if _header(scope, b"content-type").partition(";")[0].strip().lower() != "application/json":
            raise RefusedError("content_type", 415)
        reading = await self._read(body, signature)
        new = self._seen.new_events(reading.events)
        self.repeated += len(reading.events) - len(new)
        is_repeat = bool(reading.events) and not new
        malformed = () if is_repeat else reading.malformed
        head = (new, body, _kept(scope), _now(), signature, reading.nodes)
        return Delivery(*head, malformed, is_repeat, reading.origins)

    async def _read(self, body: bytes, signature: Signature) -> Reading:
        """What is in the body. A large one is read beside the loop, one at a time."""
        if len(body) <= _READ_HERE:
            return _reading(body, signature)
        try:
            async with asyncio.timeout(_READING), self._one_at_a_time:
                return await run_in_thread(lambda: _reading(body, signature), timeout=_READING)
        except TimeoutError:
            raise RefusedError("busy", 503) from None

    def _check(self, scope: Scope, body: bytes) -> Signature:
        # Anybody can sign with an empty secret.
        host = _header(scope, b"host")
        if not self.app_secret:
            if not self.hosts.accepts(host):
                raise RefusedError("host", 421)
            return "unchecked"
        header = _header(scope, b"x-hub-signature-256")
        if not header:
            raise RefusedError("unsigned", 401)
        if not verify_signature(self.app_secret, body, header):
            raise RefusedError("signature_mismatch", 403)
        self.hosts.prove(host)
        return "valid"

    def _on_garbage(self) -> None:
        self.received.put(Rejected("malformed", 400, _now()))

    async def _send(self, answer: _Answer, send: Send) -> None:
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(answer.body)).encode()),
            (b"x-content-type-options", b"nosniff"),
            (_MARKER, self.marker.encode()),
            *answer.headers,
        ]
        await send({"type": "http.response.start", "status": answer.status, "headers": headers})
        await send({"type": "http.response.body", "body": answer.body})


def _reading(body: bytes, signature: Signature) -> Reading:
    is_signed = signature == "valid"
    try:
        return read_body(body, is_signed=is_signed)
    except EnvelopeError as error:
        # What bears Meta's signature is Meta's: refused, it would come again for days.
        if not error.is_object or not is_signed:
            status = 413 if error.reason == "too_complex" else 400
            raise RefusedError(error.reason, status) from None
        return Reading((Omitted(None, "too_complex"),), 0)


def _header(scope: Scope, name: bytes) -> str:
    for key, value in scope["headers"]:
        if key == name:
            return cast(bytes, value).decode("latin-1")
    return ""


def _length(scope: Scope) -> int | None:
    declared = _header(scope, b"content-length")
    return int(declared) if declared else None


def _kept(scope: Scope) -> tuple[tuple[str, str], ...]:
    kept = [pair for pair in scope["headers"] if pair[0] in _KEPT]
    return tuple((key.decode("latin-1"), value.decode("latin-1")) for key, value in kept)


def _now() -> datetime:
    return datetime.now(UTC)
