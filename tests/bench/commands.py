"""Rows about commands without a screen."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.bench.check_all import measure
from tests.bench.crowd import Crowd
from tests.bench.rows import Row, Sides, environment, furnished, in_turn, python, run, wizard
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.world.objects import Subscription
from wizard.values.credentials import CREDENTIALS, plain
from wizard.webhook.endpoint import Endpoint

_DELAY = 0.1
_REQUEST = """
import sys, httpx
httpx.get(sys.argv[1], timeout=10)
"""
_COMPLETE = {
    "_WHATSAPP_WIZARD_COMPLETE": "bash_complete",
    "COMP_WORDS": "whatsapp-wizard ch",
    "COMP_CWORD": "1",
}


def _against_click(*arguments: str, **env: str) -> Callable[[str | None], Sides]:
    def measured(_other: str | None) -> Sides:
        around = {**furnished(), **env}
        return in_turn(
            lambda: run(wizard(*arguments), around),
            lambda: run(python("import click"), around),
            times=15,
        )

    return measured


@asynccontextmanager
async def _graph() -> AsyncIterator[tuple[str, dict[str, str], list[tuple[float, float]]]]:
    """A healthy set-up behind a Graph that takes 100 ms an answer: its URL, the environment of who
    owns it, and when each request came and was answered."""
    meta = Meta(delay=_DELAY)
    values, spans = demo_values(meta), list[tuple[float, float]]()
    app = create_app(meta)

    async def timed(scope: Any, receive: Any, send: Any) -> None:
        begun = time.monotonic()
        await app(scope, receive, send)
        spans.append((begun, time.monotonic()))

    assert values.verify_token is not None
    async with Endpoint(values.verify_token, values.app_secret) as endpoint, serve(timed) as base:
        meta.app.subscriptions.append(
            Subscription(callback_url=endpoint.local_url, fields=("messages",))
        )
        env = {CREDENTIALS[name].env: plain(value) for name, value in values.present()}
        yield base, environment(WHATSAPP_WIZARD_GRAPH_URL=base, **env), spans
    await meta.close()


def _chain(spans: Sequence[tuple[float, float]]) -> int:
    """The most requests of which each may have waited for the one before."""
    depths: list[tuple[float, int]] = []
    for begun, ended in sorted(spans):
        depth = 1 + max((deep for end, deep in depths if end <= begun), default=0)
        depths.append((ended, depth))
    return max((deep for _, deep in depths), default=0)


def _of_graph(command: str) -> Callable[[str | None], Sides]:
    def measured(_other: str | None) -> Sides:
        return asyncio.run(_measure_graph(command))

    return measured


async def _measure_graph(command: str) -> Sides:
    async with _graph() as (base, env, spans):
        one, script = f"{base}/v25.0/me", python(_REQUEST)

        def both() -> Sides:
            return in_turn(
                lambda: run(wizard(command, "--env"), env), lambda: run([*script, one], env)
            )

        await asyncio.to_thread(run, wizard(command, "--env"), env)
        chain = _chain(spans) if command == "doctor" else 1
        sides = await asyncio.to_thread(both)
    other = sides.other + (chain - 1) * _DELAY * 1000
    return replace(sides, other=other, note=f"a chain of {chain}" if chain > 1 else "")


def _check_all(_other: str | None) -> Sides:
    with tempfile.TemporaryDirectory() as folder:
        measured = asyncio.run(measure(1000, Crowd(0.05), Path(folder)))
    bound = measured.crowd.requests / 24 * 0.05
    return Sides(measured.seconds, bound, "s", f"{measured.megabytes:.0f} MB")


ROWS = (
    Row("--version", "import click", 1.3, _against_click("--version")),
    Row("--help", "import click", 1.3, _against_click("--help")),
    Row("completion of a word", "import click", 1.3, _against_click(**_COMPLETE)),
    Row("status", "import click", 2.0, _against_click("status")),
    Row("check, 100 ms a reply", "one httpx request", 1.15, _of_graph("check")),
    Row("doctor, 100 ms a reply", "its chain and one request", 1.2, _of_graph("doctor")),
    Row("check --all, 1,000 profiles", "24 requests at once", 1.1, _check_all),
)

if sys.platform == "win32":
    ROWS = ROWS[:4]
