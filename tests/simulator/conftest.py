"""One server for all tests here; each test puts a world of its own behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest_asyncio
from starlette.types import Receive, Scope, Send

from tests.loopback import http_client
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.values.credentials import Secret, Values

NOON = 1_762_174_800.0
"""Monday, 03-Nov-25 05:00:00 PST."""


@dataclass
class Stage:
    client: httpx.AsyncClient
    meta: Meta = field(default_factory=Meta)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await create_app(self.meta)(scope, receive, send)


@dataclass
class Graph:
    """Asks the world as its first app's user, unless a test says otherwise."""

    stage: Stage
    values: Values

    @property
    def meta(self) -> Meta:
        return self.stage.meta

    def begin_anew(self) -> None:
        meta = Meta(now=lambda: NOON)
        self.enter(meta, demo_values(meta))

    def enter(self, meta: Meta, values: Values) -> None:
        self.stage.meta, self.values = meta, values

    async def ask(
        self, path: str, *, token: Secret | None = None, method: str = "GET", **params: str
    ) -> httpx.Response:
        return await self.send(method, path, params, token)

    async def send(
        self, method: str, path: str, params: dict[str, str], token: Secret | None = None
    ) -> httpx.Response:
        bearer = token or self.values.access_token
        headers = {"authorization": f"Bearer {bearer.reveal()}"} if bearer else {}
        return await self.stage.client.request(method, path, params=params or None, headers=headers)

    async def read(self, path: str, **params: str) -> dict[str, Any]:
        answer = await self.send("GET", path, params)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def inspect(self, text: str, by: Secret | None = None) -> httpx.Response:
        return await self.ask(
            "/v25.0/debug_token", token=by or self.meta.app.token, input_token=text
        )


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    async with http_client(timeout=5) as client:
        found = Stage(client)
        async with serve(found) as base:
            client.base_url = httpx.URL(base)
            yield found


@pytest_asyncio.fixture(loop_scope="session")
async def graph(stage: Stage) -> Graph:
    found = Graph(stage, Values())
    found.begin_anew()
    return found


def error(answer: httpx.Response) -> dict[str, Any]:
    """The error of an answer, without its trace."""
    body: dict[str, Any] = answer.json()
    found = dict(body["error"])
    assert len(found.pop("fbtrace_id")) == 23
    return found
