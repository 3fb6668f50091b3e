"""An endpoint, and a client that calls it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest_asyncio

from tests.loopback import http_client
from tests.webhook.meta import SECRET, TOKEN
from wizard.webhook.endpoint import Endpoint


@pytest_asyncio.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        yield endpoint


@pytest_asyncio.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=None)
    async with http_client(timeout=5, limits=limits) as client:
        yield client
