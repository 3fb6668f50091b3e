"""`check --all`: every profile, each told as its check ends, and a summary."""

from __future__ import annotations

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import click

from wizard.cli.input.settings import state_file
from wizard.cli.input.world import world_from_keyring
from wizard.cli.output.json_text import json_text
from wizard.cli.output.lines import echo, say, say_all, say_once
from wizard.cli.output.replaced import say_not_restored
from wizard.cli.output.reports import problem_lines
from wizard.findings import SCHEMA, SIGNS, Report, Status
from wizard.graph import Pool
from wizard.journeys.check_all import REQUESTS_AT_ONCE, ProfileChecked, check_profiles
from wizard.journeys.onboarding.check_results import merge
from wizard.settings import Settings
from wizard.state import Progress, StateError, StateFile, StoredWebhook
from wizard.support.texts import counted
from wizard.support.threads import run_in_thread
from wizard.world import World

_WRITTEN_AT_ONCE = 500
"""Results after which they are written down: the state is one file, written as a whole."""
_STATE_LIMIT = 30.0

_OUTCOMES = {0: "passed", 1: "failed", 3: "undecided", 4: "keyring"}
_COLOURS = {Status.PASS: "green", Status.WARN: "yellow", Status.FAIL: "red"}


@dataclass
class _Tally:
    """What came of all of them; of each report only what the summary counts."""

    of: int
    begun: float = field(default_factory=time.monotonic)
    counts: Counter[str] = field(default_factory=Counter)
    hopeless: bool = False
    damaged: bool = False
    """Whether profiles may be missing, as the state file was damaged."""

    def count(self, one: ProfileChecked) -> None:
        self.hopeless = one.hopeless
        self.counts[_OUTCOMES[one.report.exit_code] if one.report else "empty"] += 1

    @property
    def tested(self) -> int:
        return self.counts.total() - self.counts["empty"]

    @property
    def exit_code(self) -> int:
        counted = next((code for code in (4, 1, 3) if self.counts[_OUTCOMES[code]]), 0)
        if counted != 4 and (self.damaged or not self.tested):
            return 1
        return counted

    @property
    def milliseconds(self) -> int:
        return round((time.monotonic() - self.begun) * 1000)


def check_all(settings: Settings, names: tuple[str, ...], *, as_json: bool) -> int:
    """Checks every profile that the state lists; the exit code is the worst of theirs."""
    state = state_file(settings)
    try:
        register = state.read_index()
    except StateError as error:
        raise click.ClickException(f"Can't list the profiles: {error}") from None
    finally:
        if state.notice:
            say_once(state.notice)
    say_not_restored(state)
    entries = register.entries
    webhooks = {name: entry.progress.webhook for name, entry in entries.items()}
    seen = {name: entry.progress.portal for name, entry in entries.items()}
    run = _Run(settings, state, register.names, webhooks, seen)
    return asyncio.run(_check_all(run, names, as_json))


@dataclass(frozen=True)
class _Run:
    """Which profiles are checked; of what is remembered of them, nothing but their webhooks and the
    layouts of the portal that their people see."""

    settings: Settings
    state: StateFile
    profiles: list[str]
    webhooks: Mapping[str, StoredWebhook]
    layouts: Mapping[str, str | None]


async def _check_all(run: _Run, names: tuple[str, ...], as_json: bool) -> int:
    settings, pool = run.settings, Pool(run.settings.graph_url, REQUESTS_AT_ONCE)
    damaged = run.state.notice is not None
    tally, learned = _Tally(len(run.profiles), damaged=damaged), dict[str, Progress]()

    def open_(name: str) -> World:
        world = world_from_keyring(replace(settings, profile=name))
        world.webhook, world.pool = run.webhooks.get(name, StoredWebhook()), pool
        return world

    _progress(tally)
    try:
        async with check_profiles(run.profiles, open_, names or None) as checked:
            async for one in checked:
                tally.count(one)
                _clear()
                _tell(one, run.layouts.get(one.profile), as_json)
                if one.hopeless:
                    break
                _progress(tally)
                if one.report is not None:
                    learned[one.profile] = one.learned
                if len(learned) >= _WRITTEN_AT_ONCE:
                    await _write(run, learned)
    finally:
        _clear()
        await pool.close()
        await _write(run, learned)
    if as_json or not tally.hopeless:
        _summarise(tally, pool, as_json)
    return tally.exit_code


async def _write(run: _Run, learned: dict[str, Progress]) -> None:
    """Writes down what was learned, in one go, over whatever others have written meanwhile."""
    changes = dict(learned)
    learned.clear()
    if not changes:
        return
    try:
        write = partial(run.state.merge, changes, merge, run.webhooks)
        await run_in_thread(write, timeout=_STATE_LIMIT)
    except (StateError, TimeoutError) as error:
        said = str(error) or "the state file doesn't respond."
        say(f"Can't save the test times: {said}", err=True)


def _tell(one: ProfileChecked, layout: str | None, as_json: bool) -> None:
    if one.report is None:
        if not as_json:
            say(click.style(f"{SIGNS[Status.SKIP]}  {one.profile}: nothing stored", dim=True))
    elif as_json:
        say(json_text(one.report.as_dict(), indent=None))
    elif one.hopeless and one.report.primary:
        say_all(problem_lines(one.report.primary.in_layout(layout)))
    else:
        say_all(_lines(one.report.in_layout(layout)))


def _lines(report: Report) -> Iterator[str]:
    """A profile in a line; with its cause, and what to do, where it did not pass."""
    warned = [finding for finding in report.findings if finding.status is Status.WARN]
    worst = report.primary or next(iter(warned), None)
    status = worst.status if worst else Status.PASS
    sign = click.style(SIGNS[status], fg=_COLOURS.get(status, "yellow"))
    said = worst.title if worst else f"all passed, {report.duration_ms / 1000:.1f} s"
    yield f"{sign}  {click.style(report.profile, bold=report.primary is not None)}: {said}"
    if report.primary is None:
        return
    if report.primary.evidence:
        yield click.style(f"   {report.primary.evidence}", dim=True)
    for step in report.primary.fix[:1]:
        yield f"   → {step}"


def _summarise(tally: _Tally, pool: Pool, as_json: bool) -> None:
    counts, milliseconds = tally.counts, tally.milliseconds
    if as_json:
        summary = {word: counts[word] for word in (*_OUTCOMES.values(), "empty")}
        requests: dict[str, Any] = {"requests": pool.asked, "most_at_once": pool.peak}
        said = {"schema": SCHEMA, "summary": summary, **requests, "duration_ms": milliseconds}
        if tally.damaged:
            said["state"] = "damaged"
        say(json_text(said, indent=None))
        return
    parts = [f"{counts[word]} {word}" for word in _OUTCOMES.values() if counts[word]]
    profiles = counted(tally.tested, "profile")
    say()
    say(f"{profiles} in {milliseconds / 1000:.1f} s: {', '.join(parts) or 'nothing stored'}.")
    if tally.damaged:
        say("✗ The state file was damaged: profiles may be missing.")
    if counts.total() > counts["passed"] + counts["empty"]:
        say("For details: whatsapp-wizard check --profile NAME")


def _progress(tally: _Tally) -> None:
    """How far it has come, on a line that the next one takes the place of."""
    if sys.stderr.isatty():
        echo(f"Testing … {tally.counts.total()} of {tally.of}\r", err=True, nl=False)


def _clear() -> None:
    if sys.stderr.isatty():
        echo("\033[K", err=True, nl=False)
