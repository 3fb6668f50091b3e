"""Values that were found, tested together and stored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.settings import state_file
from wizard.cli.input.world import await_keyring, world_from_keyring
from wizard.cli.output.reports import problem_lines
from wizard.findings import Finding, Report, Status
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.settings import Settings
from wizard.values.credentials import CREDENTIALS, Values
from wizard.values.shapes import generate_verify_token
from wizard.vault import VaultError


@dataclass(frozen=True)
class StoreResult:
    """The names of what was stored, and the finding that kept the rest from it."""

    stored: tuple[str, ...] = ()
    where: str = ""
    problem: Finding | None = None

    @property
    def code(self) -> int:
        return (Report.of("", [self.problem]).exit_code or 1) if self.problem else 0

    def lines(self, layout: str | None) -> Iterator[str]:
        """What was stored and what was not, in the words of one layout of the portal."""
        if self.stored:
            labels = ", ".join(CREDENTIALS[name].label for name in self.stored)
            yield f"Stored in {self.where}: {labels}."
        elif self.problem is None:
            yield "All of this is already stored."
        if self.problem is not None:
            yield from problem_lines(self.problem.in_layout(layout))


async def store_tested(settings: Settings, values: Values) -> StoreResult:
    """Tests the values beside the stored ones, and stores those that pass; a verify token is made
    up where there is none."""
    async with world_from_keyring(settings) as world:
        walk = Onboarding(world, state_file(settings))
        await walk.begin()
        await await_keyring(walk.load())
        if world.vault_error is not None or world.vault is None:
            return StoreResult(
                problem=finding_for_vault_error(world.vault_error) if world.vault_error else None
            )
        if world.values.verify_token is None:
            values = values.with_("verify_token", generate_verify_token())
        for name, value in values.present():
            walk.set_draft(name, value)
        async with walk.test_drafts() as events:
            async for event in events:
                walk.handle_event(event)
        try:
            stored = await walk.store_passed()
            where = (await world.vault.describe()).name
        except VaultError as error:
            return StoreResult(problem=finding_for_vault_error(error))
        return StoreResult(tuple(stored), where, _against(walk))


def _against(walk: Onboarding) -> Finding | None:
    """What kept a value from being stored, the lowest of it first."""
    findings = [finding for name in walk.unsaved for finding in walk.findings.get(name, ())]
    bad = [one for one in findings if one.status in {Status.FAIL, Status.UNKNOWN, Status.SKIP}]
    report = Report.of("", [*walk.findings.get("graph", ()), *bad])
    return report.primary or next(iter(bad), None)
