"""The endpoint that Meta calls: it answers at once, and reports what happened."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import UTC, datetime

from wizard.support.threads import run_in_thread
from wizard.values.credentials import Secret
from wizard.webhook.body import Bodies, Body
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
from wizard.webhook.request import Answer, Headers, Outcome, Request
from wizard.webhook.signature import verify_signature

TIMEOUT = 10.0
"""Seconds that a client has for its head, and again for its body."""

_READ_HERE = 64 * 1024
"""Bytes of a body that are read in a few milliseconds, so that no thread is needed."""
_READING = 5.0
"""Seconds for reading a larger one, its turn included."""
_LONGEST_PATH = 500

_KEPT = {
    name.encode(): name
    for name in ("content-type", "user-agent", "x-hub-signature", "x-hub-signature-256")
}
_MARKER = MARKER_HEADER.lower().encode()


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
        self._headers: Headers = (
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"x-content-type-options", b"nosniff"),
            (_MARKER, self.marker.encode()),
        )
        self._patience = timeout
        self._bodies = Bodies()
        self._seen = Deduplicator()
        self._one_at_a_time = asyncio.Lock()
        self._stack = AsyncExitStack()

    @property
    def local_url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.path}"

    async def __aenter__(self) -> Endpoint:
        from wizard.webhook.server import listening

        self.port = await self._stack.enter_async_context(
            listening(self, self.port, self._patience)
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self._stack.aclose()
        finally:
            self.received.close()

    def answer(self, request: Request) -> Outcome | Body:
        """To the head of a request; or the body that is wanted first."""
        if (path := self._wire_path(request.path)) != self.path:
            return self._elsewhere(request, path)
        if not (self.hosts.is_proxied or self.hosts.accepts(request.header(b"host"))):
            return self._outcome(421, told=Rejected("host", 421, _now()))
        if request.method == b"GET":
            return self._shake(request)
        if request.method == b"POST":
            declared = request.header(b"content-length")
            checked = bool(self.app_secret)
            return self._bodies.begin(int(declared) if declared else None, checked=checked)
        return self._outcome(405, (b"allow", b"GET, POST"))

    def answer_body(
        self, request: Request, body: bytes
    ) -> Outcome | Coroutine[None, None, Outcome]:
        """To a POST; a large one is read beside the loop, one at a time."""
        signature = self._check(request, body)
        media_type = request.header(b"content-type").partition(";")[0].strip().lower()
        if media_type != "application/json":
            raise RefusedError("content_type", 415)
        if len(body) > _READ_HERE:
            return self._read_beside(request, body, signature)
        return self._taken(request, body, signature, _reading(body, signature))

    def refuse(self, request: Request, error: RefusedError) -> Outcome:
        """To a POST that is turned away. A trial of our own is no news."""
        told = None if self._is_own(request) else Rejected(error.reason, error.status, _now())
        return self._outcome(error.status or 400, told=told)

    def tell(self, told: Received) -> None:
        """Puts what came before whoever reads `received`."""
        self.received.put(told)

    def tell_garbage(self) -> None:
        """Something came that is no HTTP."""
        self.received.put(Rejected("malformed", 400, _now()))

    def _outcome(
        self,
        status: int,
        *headers: tuple[bytes, bytes],
        body: bytes = b"",
        told: Received | None = None,
    ) -> Outcome:
        return Outcome(Answer(status, body, (*self._headers, *headers)), told)

    def _wire_path(self, raw: bytes) -> str:
        # Nearly every request is for this one, as it stands.
        return self.path if raw == self.path.encode() else wire_path(raw)

    def _elsewhere(self, request: Request, path: str) -> Outcome:
        # Cut off it would be the name of another one.
        named = self._is_own(request) and len(path) <= _LONGEST_PATH
        header = (PATH_HEADER.lower().encode(), path.encode())
        return self._outcome(404, header) if named else self._outcome(404)

    def _shake(self, request: Request) -> Outcome:
        reason, challenge = verify_query(request.query, self.verify_token)
        told = Handshake(
            ok=reason is None,
            reason=reason,
            at=_now(),
            user_agent=request.header(b"user-agent")[:200],
            own=self._is_own(request),
        )
        if reason is not None:
            return self._outcome(403, told=told)
        self.hosts.prove(request.header(b"host"))
        return self._outcome(200, body=challenge, told=told)

    def _is_own(self, request: Request) -> bool:
        return request.header(_MARKER) == self.marker

    async def _read_beside(self, request: Request, body: bytes, signature: Signature) -> Outcome:
        try:
            async with asyncio.timeout(_READING), self._one_at_a_time:
                reading = await run_in_thread(lambda: _reading(body, signature), timeout=_READING)
        except TimeoutError:
            raise RefusedError("busy", 503) from None
        return self._taken(request, body, signature, reading)

    def _taken(
        self, request: Request, body: bytes, signature: Signature, reading: Reading
    ) -> Outcome:
        """With those of the events that did not come before."""
        new = self._seen.new_events(reading.events)
        self.repeated += len(reading.events) - len(new)
        is_repeat = bool(reading.events) and not new
        malformed = () if is_repeat else reading.malformed
        head = (new, body, _kept(request), _now(), signature, reading.nodes)
        delivery = Delivery(*head, malformed, is_repeat, reading.origins)
        # A trial of our own is answered like Meta's, and is no news.
        return self._outcome(200, told=None if self._is_own(request) else delivery)

    def _check(self, request: Request, body: bytes) -> Signature:
        # Anybody can sign with an empty secret.
        host = request.header(b"host")
        if not self.app_secret:
            if not self.hosts.accepts(host):
                raise RefusedError("host", 421)
            return "unchecked"
        header = request.header(b"x-hub-signature-256")
        if not header:
            raise RefusedError("unsigned", 401)
        if not verify_signature(self.app_secret, body, header):
            raise RefusedError("signature_mismatch", 403)
        self.hosts.prove(host)
        return "valid"


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


def _kept(request: Request) -> tuple[tuple[str, str], ...]:
    kept = [pair for pair in request.headers if pair[0] in _KEPT]
    return tuple((_KEPT[name], value.decode("latin-1")) for name, value in kept)


def _now() -> datetime:
    return datetime.now(UTC)
