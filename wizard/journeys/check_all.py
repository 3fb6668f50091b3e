"""Every profile checked, several side by side, with a bound on what is under way at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType

from wizard.checks import collect_report
from wizard.findings import Report
from wizard.journeys.onboarding.check_results import record
from wizard.state import Progress
from wizard.values.credentials import CREDENTIALS
from wizard.world import World

PROFILES_AT_ONCE = 8
REQUESTS_AT_ONCE = 24
"""To Graph, whatever the number of profiles; a check of one has up to four under way."""


@dataclass(frozen=True)
class ProfileChecked:
    """A profile whose check has ended; without a report there was nothing stored to be tested.
    `learned` is what the state is to remember of it."""

    profile: str
    report: Report | None = None
    learned: Progress = field(default_factory=Progress)

    @property
    def hopeless(self) -> bool:
        """Whether the keyring is shut to every profile, not to this one alone."""
        primary = self.report.primary if self.report else None
        return (
            primary is not None
            and primary.subject == "keyring"
            and primary.id != "keyring.unreadable"
        )


class CheckAllRun:
    """`async with Checkup(names, open_) as checked: async for one in checked`.

    `open_` gives the world of a profile. One is told as it ends, and the next begun when it was
    taken, so that of however many profiles only a few are held. Leaving the block ends what still
    runs.
    """

    def __init__(
        self,
        names: Iterable[str],
        open_: Callable[[str], World],
        subjects: Iterable[str] | None = None,
        *,
        at_once: int = PROFILES_AT_ONCE,
    ) -> None:
        self._names = iter(names)
        self._open = open_
        self._subjects = None if subjects is None else tuple(subjects)
        self._at_once = at_once
        self._room = asyncio.Semaphore(at_once)
        self._ended: asyncio.Queue[ProfileChecked | None] = asyncio.Queue()
        self._running: asyncio.Task[None] | None = None

    async def __aenter__(self) -> AsyncIterator[ProfileChecked]:
        self._running = asyncio.create_task(self._run())
        self._running.add_done_callback(lambda _: self._ended.put_nowait(None))
        return self._listen(self._running)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def _listen(self, running: asyncio.Task[None]) -> AsyncIterator[ProfileChecked]:
        while (one := await self._ended.get()) is not None:
            yield one
            self._room.release()
        await running

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(self._at_once):
                group.create_task(self._check_some())

    async def _check_some(self) -> None:
        for name in self._names:
            checked = await self._check(name)
            await self._room.acquire()
            self._ended.put_nowait(checked)

    async def _check(self, name: str) -> ProfileChecked:
        async with self._open(name) as world:
            await world.load()
            if world.vault_error is None and not any(True for _ in world.values.present()):
                return ProfileChecked(name)
            report = await collect_report(world, self._subjects)
            if world.vault_error is not None:
                return ProfileChecked(name, report)
            about = {name: report.about(name) for name in CREDENTIALS}
            return ProfileChecked(name, report, record(Progress(), about, world))
