"""Every profile checked, several side by side, with a bound on what is under way at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from wizard.checks import collect_report
from wizard.findings import Report
from wizard.journeys.onboarding.check_results import record
from wizard.state import Progress
from wizard.support.streams import stream
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


@asynccontextmanager
async def check_profiles(
    names: Iterable[str],
    open_: Callable[[str], World],
    subjects: Iterable[str] | None = None,
    *,
    at_once: int = PROFILES_AT_ONCE,
) -> AsyncIterator[AsyncIterator[ProfileChecked]]:
    """`async with check_profiles(names, open_) as checked: async for one in checked`.

    `open_` gives the world of a profile. One is told as it ends, and the next begun when it was
    taken, so that of however many profiles only a few are held. Leaving the block ends what still
    runs.
    """
    remaining, held = iter(names), asyncio.Semaphore(at_once)
    asked = None if subjects is None else tuple(subjects)

    async def check_some(tell: Callable[[ProfileChecked], None]) -> None:
        for name in remaining:
            checked = await _check(name, open_, asked)
            await held.acquire()
            tell(checked)

    async def check_each(tell: Callable[[ProfileChecked], None]) -> None:
        async with asyncio.TaskGroup() as group:
            for _ in range(at_once):
                group.create_task(check_some(tell))

    async def let_go(checked: AsyncIterator[ProfileChecked]) -> AsyncIterator[ProfileChecked]:
        async for one in checked:
            yield one
            held.release()

    async with stream(check_each) as checked:
        yield let_go(checked)


async def _check(
    name: str, open_: Callable[[str], World], subjects: tuple[str, ...] | None
) -> ProfileChecked:
    async with open_(name) as world:
        await world.load()
        if world.vault_error is None and not any(True for _ in world.values.present()):
            return ProfileChecked(name)
        report = await collect_report(world, subjects)
        if world.vault_error is not None:
            return ProfileChecked(name, report)
        about = {name: report.about(name) for name in CREDENTIALS}
        return ProfileChecked(name, report, record(Progress(), about, world))
