"""Values that were found, tested together and stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.checks.keyring import trouble
from wizard.cli.input.world import patiently, state_file, stored_world
from wizard.cli.output.reports import trouble_lines
from wizard.findings import Finding, Report, Status
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.settings import Settings
from wizard.values.credentials import CREDENTIALS, Values
from wizard.values.shapes import generate_verify_token
from wizard.vault import VaultError


@dataclass(frozen=True)
class Kept:
    """The names of what was stored, and the finding that kept the rest from it."""

    stored: tuple[str, ...] = ()
    where: str = ""
    trouble: Finding | None = None

    @property
    def code(self) -> int:
        return (Report.of("", [self.trouble]).exit_code or 1) if self.trouble else 0

    def lines(self) -> Iterator[str]:
        if self.stored:
            labels = ", ".join(CREDENTIALS[name].label for name in self.stored)
            yield f"Stored in {self.where}: {labels}."
        elif self.trouble is None:
            yield "All of this is stored already."
        if self.trouble is not None:
            yield from trouble_lines(self.trouble)


async def keep(settings: Settings, values: Values) -> Kept:
    """Tests the values beside the stored ones, and stores those that pass; a verify token is made
    up where there is none."""
    async with stored_world(settings) as world:
        walk = Onboarding(world, state_file(settings))
        await walk.begin()
        await patiently(walk.load())
        if world.trouble is not None or world.vault is None:
            return Kept(trouble=trouble(world.trouble) if world.trouble else None)
        if world.values.verify_token is None:
            values = values.with_("verify_token", generate_verify_token())
        for name, value in values.present():
            walk.draft(name, value)
        async with walk.trial() as events:
            async for event in events:
                walk.note(event)
        try:
            stored = await walk.settle()
            where = (await world.vault.describe()).name
        except VaultError as error:
            return Kept(trouble=trouble(error))
        return Kept(tuple(stored), where, _against(walk))


def _against(walk: Onboarding) -> Finding | None:
    """What kept a value from being stored, the lowest of it first."""
    findings = [finding for name in walk.unsaved for finding in walk.findings.get(name, ())]
    bad = [one for one in findings if one.status in {Status.FAIL, Status.UNKNOWN, Status.SKIP}]
    report = Report.of("", [*walk.findings.get("graph", ()), *bad])
    return report.primary or next(iter(bad), None)
