"""Puts the questions of a run, and has what comes back evaluated as it comes.

What evaluates the answers takes as long to load as half of the wait for them: it is loaded once the
questions are on their way.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from wizard.checks.check import CHECKS, CREDENTIAL_RUNGS, Check, with_dependencies
from wizard.checks.context import CheckContext, UnusableInput
from wizard.graph.errors import GraphError
from wizard.support.garbage import leave_out_loaded
from wizard.support.streams import stream
from wizard.support.threads import run_in_thread
from wizard.values.credentials import CREDENTIALS
from wizard.world import World

if TYPE_CHECKING:
    from wizard.checks.evaluation import Evaluation, Event
    from wizard.findings import Report

_CALLBACK = "callback"
_EVALUATION = "wizard.checks.evaluation"
_MOMENT = 0.5
"""Seconds in which a connection to Graph stands, where all is well."""
_LOADING = 60.0
"""Seconds that loading a few files may take."""


class CheckRun:
    """`async with examine(world) as events: async for event in events`.

    Leaving the block ends what still runs. An error that no check foresaw comes out of the loop.
    Where it `waits_for_proof`, everything but the callback is left out unless that shows that it
    is this app's.
    """

    def __init__(self, world: World, checks: list[Check], *, waits_for_proof: bool = False) -> None:
        self._world = world
        self._context = CheckContext(world)
        self._checks = checks
        self._waits_for_proof = waits_for_proof
        self._tell: Callable[[Event], None] = lambda _: None
        self._evaluation: Evaluation | None = None
        self._stack = contextlib.AsyncExitStack()

    @property
    def names(self) -> list[str]:
        """The checks that run, from the bottom rung to the top."""
        return [check.name for check in self._checks]

    async def __aenter__(self) -> AsyncIterator[Event]:
        self._stack.push_async_callback(self._context.close)
        return await self._stack.enter_async_context(stream(self._run))

    async def __aexit__(self, *error: Any) -> None:
        await self._stack.__aexit__(*error)

    async def _run(self, tell: Callable[[Event], None]) -> None:
        self._tell = tell
        if not self._waits_for_proof:
            evaluation = await self._run_all(self._checks)
        else:
            callback = [check for check in self._checks if check.name == _CALLBACK]
            rest = [check for check in self._checks if check.name != _CALLBACK]
            evaluation = await self._run_all(callback)
            if left_out := await evaluation.unproven():
                evaluation.leave_out(rest, left_out)
            else:
                await self._run_all(rest)
        evaluation.tell_late()

    async def _run_all(self, checks: list[Check]) -> Evaluation:
        # Those of the top rungs first: they tell which callback is called, and that takes a while.
        asked_for = dict.fromkeys(ask for check in reversed(checks) for ask in check.prefetch)
        asking = [ask(self._context) for ask in asked_for]
        async with asyncio.TaskGroup() as group:
            questions = {group.create_task(_put(question)) for question in asking}
            evaluation = await self._loaded(checks, questions)
            for check in checks:
                group.create_task(evaluation.settle(check))
        return evaluation

    async def _loaded(self, checks: list[Check], questions: set[asyncio.Task[None]]) -> Evaluation:
        """What evaluates the run; before it is loaded, these questions are on their way."""
        modules = [_EVALUATION, *(check.module for check in checks)]
        if missing := [name for name in modules if name not in sys.modules]:
            await self._first_sent(questions)
            await run_in_thread(lambda: _load(missing), timeout=_LOADING)
            leave_out_loaded()  # to search all of it takes half as long as Graph to answer
        else:
            await asyncio.sleep(0)
        from wizard.checks.evaluation import Evaluation

        if self._evaluation is None:
            self._evaluation = Evaluation(self._context, self._checks, self._tell)
        return self._evaluation

    async def _first_sent(self, questions: set[asyncio.Task[None]]) -> None:
        """Returns once one of these has gone out to Graph, or all have come to their end, or after
        a moment: where nothing connects, the other checks do not wait for it."""
        if not questions:
            return
        sent = asyncio.ensure_future(self._world.graph.sent())
        ended = asyncio.ensure_future(asyncio.wait(questions))
        try:
            await asyncio.wait({sent, ended}, timeout=_MOMENT, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sent.cancel()
            ended.cancel()


def _load(modules: Iterable[str]) -> None:
    for name in modules:
        import_module(name)
    from wizard.findings import catalogue

    catalogue()


async def _put(question: Awaitable[object]) -> None:
    """Puts a question whose answer a check will come for; what it raised waits there too."""
    with contextlib.suppress(GraphError, UnusableInput):
        await question


def run_checks(
    world: World, subjects: Iterable[str] | None = None, *, waits_for_proof: bool = False
) -> CheckRun:
    """The checks of these names, those of the six by default, and of what they rest on.

    The keyring is asked where the values come from it. A run that `waits_for_proof` goes beyond
    the callback only where that takes our verify token, or our signature and no other.
    """
    absent = [name for name in CREDENTIALS if world.values.get(name) is None]
    checks = with_dependencies(CREDENTIAL_RUNGS if subjects is None else subjects, absent)
    from_keyring = world.vault is not None and world.vault.persistent
    others = [check for check in checks if check.name != "keyring"]
    checks = [CHECKS["keyring"], *others] if from_keyring else others
    return CheckRun(world, checks, waits_for_proof=waits_for_proof)


async def collect_report(world: World, subjects: Iterable[str] | None = None) -> Report:
    """Everything found, when all is done."""
    begun = time.monotonic()
    async with run_checks(world, subjects) as events:
        told = [event async for event in events]
    from wizard.checks.evaluation import findings_of
    from wizard.findings import Report

    spent = round((time.monotonic() - begun) * 1000)
    return Report.of(world.profile, findings_of(told), spent)
