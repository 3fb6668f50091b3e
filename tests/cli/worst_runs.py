"""Journeys with one bad answer of Graph's: how each run ends, and the bounds that it keeps to."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

from starlette.types import ASGIApp

from tests.cli.shell import Shell
from tests.cli.world import GRAPH_URL, Pretended
from tests.cli.worst import SPOILS, Worst
from tests.cli.writes import WRITES
from wizard.simulator import serve
from wizard.simulator.world.objects import Subscription
from wizard.simulator.world.state import DAY

PATIENCE = 0.5
"""Seconds that Graph may take here; ten elsewhere."""
LONGEST = 15.0
LARGEST = 120 * 1024 * 1024
JOURNEYS = (
    "check --json",
    "check --all --json",
    "discover --json",
    "rotate --stdin --json",
    "subscribe --json",
    "restore --json",
    "doctor --json",
    "send +16505550148 --text halo --yes --json",
    "selftest --json",
)
REPEATED = {"mutated", "garbled"}
"""Of these every seed is another answer."""
LARGE = {"deep", "huge", "endless"}
"""Of these a run has a process of its own, whose memory is measured."""


@dataclass(frozen=True)
class Ended:
    """One run with one bad answer."""

    line: str
    call: int
    way: str
    seed: int
    code: int
    seconds: float
    grown: int | None
    said: str

    def assert_bearable(self) -> None:
        """Told in words and with a code of the contract, within bounds."""
        assert self.code in range(5), self
        assert "Traceback" not in self.said, self
        assert self.seconds < LONGEST, self
        assert (self.grown is not None) == (self.way in LARGE), self
        assert self.grown is None or 0 < self.grown < LARGEST, self


async def calls_of(shell: Shell, meta: Pretended, line: str) -> int:
    """How many calls it makes where all is well."""
    app, token = _prepared(shell, meta, line)
    async with serve(graph := Worst(app)) as base:
        await asyncio.to_thread(_run, shell, line, token, base, False)
    return graph.calls


async def runs(
    shell: Shell, meta: Pretended, line: str, calls: range, *, every_way: bool = False
) -> AsyncIterator[Ended]:
    """Each of these calls answered in one way or in all of them."""
    ways, stride = list(SPOILS), calls.step
    for call in calls:
        turn = call // stride + JOURNEYS.index(line)
        for way in ways if every_way else [ways[turn % len(ways)]]:
            for seed in range(3 if way in REPEATED else 1):
                yield await _meet(shell, meta, line, call, (way, call * 1000 + seed))


async def _meet(shell: Shell, meta: Pretended, line: str, call: int, bad: tuple[str, int]) -> Ended:
    app, token = _prepared(shell, meta, line)
    async with serve(Worst(app, call, *bad)) as base:
        begun = time.monotonic()
        code, said, grown = await asyncio.to_thread(_run, shell, line, token, base, bad[0] in LARGE)
        return Ended(line, call, *bad, code, time.monotonic() - begun, grown, said)


def _prepared(shell: Shell, meta: Pretended, line: str) -> tuple[ASGIApp, str]:
    """A healthy Graph, and the token that a rotation is given."""
    meta.healthy()
    shell.fill()
    meta.world.app.subscriptions[:] = [Subscription("http://127.0.0.1:9/hook", ("messages",))]
    if line.startswith("restore"):
        WRITES["restore"].prepare(shell, meta)
    return meta.app, meta.world.issue(meta.world.app, lifetime=30 * DAY).text.reveal()


def _run(
    shell: Shell, line: str, token: str, base: str, is_measured: bool
) -> tuple[int, str, int | None]:
    place = shell.folder / "memory"
    env = {GRAPH_URL: base, "TEST_PATIENCE": str(PATIENCE)}
    ended = shell(
        *line.split(), stdin=token, env=env | ({"TEST_MEMORY": str(place)} if is_measured else {})
    )
    for text in ended.out.splitlines() if "--all" in line else [ended.out]:
        if text.strip():
            json.loads(text)
    return ended.code, ended.said, int(place.read_text("utf-8")) if is_measured else None
