"""`check`: are the credentials right?"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.checks import collect_report
from wizard.cli.input.options import CredentialName, json_option, profile_option, values_options
from wizard.cli.input.settings import settings_for
from wizard.cli.input.world import (
    await_keyring,
    layout_for,
    progress_of,
    update_progress,
    world_from_flags,
)
from wizard.cli.output.lines import echo, say, say_all
from wizard.settings import Settings
from wizard.values.credentials import CREDENTIALS
from wizard.world import World

if TYPE_CHECKING:
    from wizard.findings import Report

_EXAMPLES = """\b
Examples:
  whatsapp-wizard check
  whatsapp-wizard check access_token
  whatsapp-wizard check --env --json
  whatsapp-wizard check --all

Exit codes: 0 all passed, 1 a check failed, 3 no answer, 4 no keyring.
"""


@click.command(epilog=_EXAMPLES)
@click.argument("credentials", nargs=-1, type=CredentialName(), metavar="[CREDENTIAL]…")
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="Test every profile. With --json: one report per line, the summary last.",
)
@values_options
@json_option
@profile_option
def check(
    credentials: tuple[str, ...],
    *,
    every: bool,
    env: bool,
    env_file: Path | None,
    as_json: bool,
    profile: str | None,
) -> int:
    """Test stored credentials with Meta.

    Tests all six by default. A CREDENTIAL is tested together with those it depends on.
    """
    if every:
        return _check_all(credentials, env or env_file is not None, as_json, profile)
    settings = settings_for(profile)
    world = world_from_flags(settings, env, env_file)
    report = asyncio.run(_check(world, settings, credentials))
    _say(report, world, settings, as_json=as_json)
    return report.exit_code


def _say(report: Report, world: World, settings: Settings, *, as_json: bool) -> None:
    # What words a report is loaded after the questions of the run were asked.
    from wizard.cli.output.json_text import json_text
    from wizard.cli.output.reports import nothing_stored, report_lines, wrapped

    if as_json:
        say(json_text(report.as_dict()))
    elif world.is_empty:
        say_all(wrapped(nothing_stored(world.profile)))
    else:
        say_all(report_lines(report.in_layout(layout_for(settings, world))))


def _check_all(
    credentials: tuple[str, ...], given: bool, as_json: bool, profile: str | None
) -> int:
    from wizard.cli.runs.check_all import check_all

    if given or profile is not None:
        raise click.UsageError("--all can't be combined with --env, --env-file or --profile.")
    return check_all(settings_for(None, quiet=True), credentials, as_json=as_json)


async def _check(world: World, settings: Settings, names: tuple[str, ...]) -> Report:
    if sys.stderr.isatty():
        echo("Testing …\r", err=True, nl=False)
    try:
        async with world:
            await await_keyring(world.load())
            if world.vault is not None:
                world.webhook = progress_of(settings).webhook
            report = await collect_report(world, names or None)
    finally:
        if sys.stderr.isatty():
            echo("\033[K", err=True, nl=False)
    if world.vault is not None and world.vault_error is None:
        _remember(world, settings, report)
    return report


def _remember(world: World, settings: Settings, report: Report) -> None:
    from wizard.journeys.onboarding.check_results import record

    findings = {name: report.about(name) for name in CREDENTIALS}
    trouble = update_progress(settings, lambda progress: record(progress, findings, world))
    if trouble:
        say(f"Can't save the test time: {trouble}", err=True)
