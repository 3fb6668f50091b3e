"""The pretend Graph API as an ASGI app."""

from __future__ import annotations

import asyncio
import importlib
import sys
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING

from wizard.simulator.meta import Meta
from wizard.support.threads import run_in_thread

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

_ANSWERING = "wizard.simulator.graph_api.answering"
_CONNECTING = "wizard.simulator.http_connection"
_WRITING = ("wizard.simulator.graph_api.control", "wizard.simulator.graph_api.post")
"""What no request needs that only reads."""
_READS = {"GET", "HEAD"}
_PAUSE = 0.5
"""Seconds in which a client that waited for the server asks it something."""
_LOADING = 60.0
"""Seconds that loading a file may take."""


def create_app(meta: Meta) -> ASGIApp:
    """A Graph API over this world; changes to `meta` show at once."""
    return _App(meta)


async def load() -> None:
    """Imports all operations, on a thread: a server is up long before they are needed. Those that
    change something come after a pause, in which a first question is answered."""
    await _load([_CONNECTING, _ANSWERING])
    await asyncio.sleep(_PAUSE)
    await _load(_WRITING)


async def _load(modules: Iterable[str]) -> None:
    for name in modules:
        if name in sys.modules:
            continue
        # Not on asyncio's own pool of threads, which nothing else here needs.
        await run_in_thread(partial(importlib.import_module, name), timeout=_LOADING)


class _App:
    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._api: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        if self._meta.delay:
            await asyncio.sleep(self._meta.delay)
        if scope["method"] not in _READS:
            await _load(_WRITING)
        if self._api is None:
            await _load([_ANSWERING])
            from wizard.simulator.graph_api.answering import GraphApi

            self._api = GraphApi(self._meta)
        await self._api(scope, receive, send)
