"""A pretended Meta to go through the claims with, and what is looked for in what came of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from wizard.journeys.selftest.claims import claims
from wizard.journeys.selftest.selftest import ClaimOutcome, ClaimResult, Selftest
from wizard.settings import Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.world.objects import Subscription
from wizard.simulator.world.people import Customer
from wizard.values.credentials import Values
from wizard.world import World

TO = Customer().wa_id
WRITING = [claim.id for claim in claims() if claim.writes]
READING = [claim.id for claim in claims() if not claim.writes]
Otherwise = Callable[[Request], Awaitable[ASGIApp | None]]


@dataclass
class Field:
    """A pretended Meta with a webhook on record; `otherwise` may answer in its place."""

    meta: Meta = field(default_factory=Meta)
    otherwise: Otherwise | None = None
    asked: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.meta.dispatcher.pace = 0
        hook = Subscription("https://hidden-market.example/webhook", ("messages",))
        self.meta.app.subscriptions.append(hook)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        self.asked.append(f"{request.method} {request.url.path}")
        instead = await self.otherwise(request) if self.otherwise else None
        await (instead or create_app(self.meta))(scope, receive, send)

    @asynccontextmanager
    async def world(self, values: Values | None = None, version: str = "") -> AsyncIterator[World]:
        async with serve(self) as base:
            settings = Settings(graph_url=base)
            settings = replace(settings, graph_version=version) if version else settings
            async with World.from_settings(settings, values or demo_values(self.meta)) as found:
                yield found
        await self.meta.close()

    async def verdicts(
        self, values: Values | None = None, version: str = "", **wishes: Any
    ) -> list[ClaimResult]:
        async with self.world(values, version) as world:
            return [verdict async for verdict in Selftest(world, **wishes).run()]


def ids(verdicts: list[ClaimResult], outcome: ClaimOutcome) -> list[str]:
    return [verdict.claim.id for verdict in verdicts if verdict.outcome is outcome]


def of(verdicts: list[ClaimResult], id_: str) -> ClaimResult:
    return next(verdict for verdict in verdicts if verdict.claim.id == id_)


def when(
    wanted: Callable[[Request], bool], body: Any, status: int = 200, **headers: str
) -> Otherwise:
    """Answers a request of this kind with a body of its own."""

    async def answer(request: Request) -> ASGIApp | None:
        return JSONResponse(body, status, headers) if wanted(request) else None

    return answer
