"""Which deliveries are under way at once, and that nobody is accused for taking one at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, field

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from wizard.checks.callback import deliveries
from wizard.checks.callback.diagnose import Terms, diagnose_callback
from wizard.simulator import serve
from wizard.values.credentials import Secret
from wizard.webhook.signature import sign

TOKEN, SECRET = Secret("hi2TMRCOFZgVx8"), Secret("9f86d081884c7d659a2feaa0c55ad015")
Nothing = Callable[[], Awaitable[None]]


async def at_once() -> None:
    await asyncio.sleep(0.02)


@dataclass
class Callback:
    """A healthy one, which counts the deliveries under way; `on_wrong` happens before it turns one
    down, and `turn` is taken by each request."""

    on_wrong: Nothing = at_once
    turn: AbstractAsyncContextManager[None] = field(default_factory=nullcontext)
    under_way: int = 0
    most: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        async with self.turn:
            answer = self._get(request) if request.method == "GET" else await self._post(request)
        await answer(scope, receive, send)

    def _get(self, request: Request) -> Response:
        asked = request.query_params
        good = (asked["hub.mode"], asked["hub.verify_token"]) == ("subscribe", TOKEN.reveal())
        return PlainTextResponse(asked["hub.challenge"]) if good else Response(status_code=403)

    async def _post(self, request: Request) -> Response:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        try:
            signed = request.headers.get("X-Hub-Signature-256") == sign(
                SECRET, await request.body()
            )
            await (at_once if signed else self.on_wrong)()
            return Response(status_code=200 if signed else 401)
        finally:
            self.under_way -= 1


async def findings(callback: Callback, terms: Terms | None = None) -> list[str]:
    async with serve(callback) as base:
        told = diagnose_callback(f"{base}/webhook", TOKEN, SECRET, terms=terms)
        return [finding.id async for finding in told]


HEALTHY = ["webhook.verified", "webhook.local_only"]


async def test_a_quick_server_is_asked_at_once_what_needs_no_order() -> None:
    callback = Callback()
    assert await findings(callback) == HEALTHY
    assert callback.most == 3


async def test_a_server_that_takes_its_time_is_sent_one_after_another(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(deliveries, "_QUICK", 0.01)
    callback = Callback()
    assert await findings(callback) == HEALTHY
    assert callback.most == 1


async def test_who_does_one_thing_at_a_time_and_hangs_on_a_wrong_signature_is_healthy() -> None:
    async def hang() -> None:
        await asyncio.sleep(0.6)

    one_at_a_time = asyncio.Lock()
    callback = Callback(on_wrong=hang, turn=one_at_a_time)
    assert await findings(callback, Terms(limit=0.5)) == HEALTHY
