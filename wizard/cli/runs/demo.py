"""The whole walk against the simulator: opened for the screen, or gone through by itself."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import click

from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import finding_lines
from wizard.cli.runs.demo_webhook import DemoWebhook
from wizard.cli.runs.simulator import SimulatedTunnel, simulated
from wizard.findings import Finding, Status
from wizard.guide import Step, StepText
from wizard.journeys.onboarding.check_results import check_outcome
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.journeys.onboarding.portal_layout import layout_of
from wizard.portal import layouts
from wizard.settings import GRAPH_VERSION, Settings
from wizard.values.credentials import CREDENTIALS, Value, shown
from wizard.values.paste import find_credentials
from wizard.vault import MemoryVault
from wizard.world import World


@asynccontextmanager
async def demonstration(
    scenario: str | None = None, *, delay: float = 0.0, layout: str | None = None
) -> AsyncIterator[Onboarding]:
    """An onboarding against the simulator, with a vault in memory and the values on offer."""
    async with simulated(scenario, delay=delay) as simulation:
        # Nothing is written there; but whoever has no home folder has no other to name.
        nowhere = Path(tempfile.gettempdir())
        settings = Settings("demo", simulation.base_url, GRAPH_VERSION, nowhere)
        async with World.from_settings(settings, vault=MemoryVault()) as world:
            world.tunnels = SimulatedTunnel
            onboarding = Onboarding(world, offers=simulation.values, portal=simulation.portal)
            onboarding.progress = replace(onboarding.progress, portal=layout)
            yield onboarding


async def run_by_itself(scenario: str | None, layout: str | None) -> int:
    """Goes through every step as one layout of the portal has it, the first one by default, prints
    what each test says, and returns the exit code."""
    layout = layout or next(iter(layouts()))
    async with demonstration(scenario, layout=layout) as onboarding:
        await onboarding.begin()
        await onboarding.load()
        chapter = None
        async with DemoWebhook(onboarding) as webhook:
            for step in onboarding.walk.guide.steps:
                if onboarding.walk.guide.chapter_of(step.id) is not chapter:
                    chapter = onboarding.walk.guide.chapter_of(step.id)
                    say(f"\n{chapter.number}  {click.style(chapter.title, bold=True)}")
                await _take(onboarding, step)
                if step.id == webhook.STEP and _code(onboarding) == 0:
                    await webhook.verify()
                    await _retest(onboarding)
            await webhook.receive()
        say_all(_table(onboarding))
        say_all(_next())
        return _code(onboarding)


def _code(onboarding: Onboarding) -> int:
    said = [check_outcome(onboarding.findings.get(name, ())) for name in CREDENTIALS]
    if CheckOutcome.FAILED in said:
        return 1
    if CheckOutcome.UNANSWERED not in said:
        return 0
    # Graph itself may be what failed, such as a URL that is refused.
    of_graph = onboarding.findings.get("graph", ())
    return 1 if any(finding.status is Status.FAIL for finding in of_graph) else 3


async def _take(onboarding: Onboarding, step: Step) -> None:
    """One step: its line, the values it yields, and what every test then says anew."""
    onboarding.walk = onboarding.walk.jump(step.id)
    say(f"   {step.id:<5} {step.title}" if step.counted else f"         {step.title}")
    text = step.in_layout(layout_of(onboarding))
    if text.where:
        say(click.style(f"         {text.where}", dim=True))
    before = dict(onboarding.findings)
    pasted = _pasted(onboarding, text)
    for name in step.yields:
        offer = pasted.get(name, onboarding.suggestions.get(name))
        if offer is not None:
            onboarding.set_draft(name, offer)
            say(f"         {CREDENTIALS[name].label}: {shown(offer)}")
    if step.yields:
        await _retest(onboarding, before)
    onboarding.walk = onboarding.walk.next()


def _pasted(onboarding: Onboarding, text: StepText) -> dict[str, Value]:
    """What a copy of this part of the simulated page fills in."""
    if not text.copied or onboarding.portal is None:
        return {}
    return find_credentials(onboarding.portal.copied(text.copied))


async def _retest(
    onboarding: Onboarding, before: dict[str, tuple[Finding, ...]] | None = None
) -> None:
    before = dict(onboarding.findings) if before is None else before
    await _test(onboarding)
    say_all(_news(before, onboarding.findings))


async def _test(onboarding: Onboarding) -> None:
    async with onboarding.test_drafts() as events:
        async for event in events:
            onboarding.handle_event(event)
    await onboarding.store_passed()


def _news(
    before: dict[str, tuple[Finding, ...]], after: dict[str, tuple[Finding, ...]]
) -> Iterator[str]:
    for subject in CREDENTIALS:
        if _said(after.get(subject, ())) != _said(before.get(subject, ())):
            for finding in after.get(subject, ()):
                yield from finding_lines(finding, subject, indent=" " * 9)


def _said(findings: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(finding.id, finding.evidence) for finding in findings]


def _next() -> Iterator[str]:
    """What the credentials are for, with variables and no value."""
    from wizard.content.uses import uses

    yield ""
    yield click.style("Now use it:", bold=True)
    yield "  whatsapp-wizard send TO"
    for use in uses():
        if use.is_command:
            yield f"  {use.code}"
        else:
            yield from ("", f"{use.title}:", *(f"  {line}" for line in use.code.splitlines()))


def _table(onboarding: Onboarding) -> Iterator[str]:
    behind, of = onboarding.walk.progress
    yield ""
    yield click.style(f"{behind} of {of} steps done. Stored values, in memory only:", bold=True)
    for name, credential in CREDENTIALS.items():
        value = shown(onboarding.values.get(name))
        yield f"  {credential.label:<16} {value:<18} {onboarding.chip(name)}"
