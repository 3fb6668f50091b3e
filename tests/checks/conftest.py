"""One server for all scenarios; each test puts a world of its own behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from starlette.types import Receive, Scope, Send

from wizard.simulator import Meta, create_app, serve


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the tests may sit behind one."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@dataclass
class Stage:
    base: str = ""
    meta: Meta = field(default_factory=Meta)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await create_app(self.meta)(scope, receive, send)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stage() -> AsyncIterator[Stage]:
    found = Stage()
    async with serve(found) as base:
        found.base = base
        yield found
