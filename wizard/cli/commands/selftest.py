"""`selftest`: does Meta answer as the simulator says it does?"""

from __future__ import annotations

import asyncio
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from wizard.checks.graph import version_findings
from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.new_file import new_file
from wizard.cli.input.options import json_option, profile_option, values_options
from wizard.cli.input.prompts import can_prompt, confirm
from wizard.cli.input.settings import settings_for
from wizard.cli.input.world import await_keyring, world_from_flags
from wizard.cli.output.json_text import json_text
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.report_file import (
    check_report_file,
    is_standard_output,
    write_report,
)
from wizard.cli.output.reports import finding_lines, problem_lines, report_lines
from wizard.cli.output.selftest import SelftestRun, as_dict, claim_lines, report_text
from wizard.findings import Report
from wizard.journeys.messages.recipients import RecipientError, read_recipient
from wizard.journeys.selftest.selftest import ClaimResult, Selftest, exit_code, unfit, unserved
from wizard.world import World

_EXAMPLES = """\b
Examples:
  whatsapp-wizard selftest
  whatsapp-wizard selftest --env --json
  whatsapp-wizard selftest --allow-writes --to +6281234567890

Exit codes: 0 every tested claim is confirmed, 1 a claim differs, 3 no answer, 4 no keyring.
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--allow-writes",
    is_flag=True,
    help="Also run checks that change something, after confirmation.",
)
@click.option("--to", metavar="NUMBER", help="Number to send to, with its country code.")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=new_file,
    metavar="FILE",
    help="Write the report to FILE; - is standard output. [default: a new file in this folder]",
)
@click.option("--force", is_flag=True, help="Replace FILE if it exists.")
@values_options
@json_option
@profile_option
def selftest(
    *,
    allow_writes: bool,
    to: str | None,
    yes: bool,
    report_file: Path | None,
    force: bool,
    env: bool,
    env_file: Path | None,
    as_json: bool,
    profile: str | None,
) -> int:
    """Compare Meta's answers with those of the built-in simulator.

    Tests each claim of the simulator with your own account, and changes nothing unless you allow
    it. The report has the format of the answers and no values, so it is safe to share.
    """
    recipient = _recipient(to, allow_writes=allow_writes)
    if allow_writes and not yes and not can_prompt():
        raise click.UsageError("Can't ask for confirmation without a terminal. Add --yes.")
    path = report_file or Path(f"whatsapp-wizard-selftest-{_stamp()}.txt")
    check_report_file(path, force=force, as_json=as_json)
    quiet = as_json or is_standard_output(path)
    world = world_from_flags(settings_for(profile), env, env_file)
    run = asyncio.run(_run(world, recipient, allow_writes=allow_writes, yes=yes, quiet=quiet))
    if isinstance(run, Report):
        return _unable(run, as_json)
    if as_json:
        say(json_text(as_dict(run)))
    write_report(path, report_text(run), force=force)
    _say_where(path)
    return exit_code(run.verdicts)


async def _run(
    world: World, to: str | None, *, allow_writes: bool, yes: bool, quiet: bool
) -> SelftestRun | Report:
    """What came of it; a report where there is nothing to ask with."""
    async with world:
        await await_keyring(world.load())
        if world.vault_error is not None:
            return Report.of(world.profile, [finding_for_vault_error(world.vault_error)])
        if findings := unfit(world) or await unserved(world):
            return Report.of(world.profile, findings)
        asking = Selftest(world, may_write=allow_writes, to=to)
        if allow_writes and not yes and not _allowed(asking):
            asking = Selftest(world)
        return await _asked(world, asking, quiet=quiet)


async def _asked(world: World, asking: Selftest, *, quiet: bool) -> SelftestRun:
    begun, verdicts = time.monotonic(), list[ClaimResult]()
    async for verdict in asking.run():
        verdicts.append(verdict)
        say_all(() if quiet else claim_lines(verdict))
    spent = round((time.monotonic() - begun) * 1000)
    run = SelftestRun(
        world.profile,
        tuple(verdicts),
        world.graph_version,
        asking.served,
        spent,
        tuple(version_findings(world.graph)),
    )
    if not quiet:
        _conclude(run)
    return run


def _conclude(run: SelftestRun) -> None:
    say()
    for finding in run.warnings:
        say_all(finding_lines(finding))
    say(run.summary)


def _allowed(asking: Selftest) -> bool:
    deeds = list(asking.about_to())
    if not deeds:
        return True
    say("This will happen at Meta:", err=True)
    say_all((f"  {place}. {deed}." for place, deed in enumerate(deeds, 1)), err=True)
    if confirm("Continue?"):
        return True
    say("Skipping these. Running the checks that only read.", err=True)
    return False


def _recipient(to: str | None, *, allow_writes: bool) -> str | None:
    if to is None:
        return None
    if not allow_writes:
        raise click.UsageError("--to needs --allow-writes.")
    try:
        return read_recipient(to).digits
    except RecipientError as error:
        raise click.UsageError(f"--to: {error}") from None


def _stamp() -> str:
    """The time to the millisecond, which no two runs share."""
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"[:-3]


def _unable(report: Report, as_json: bool) -> int:
    if as_json:
        say(json_text(report.as_dict()))
    elif report.exit_code == 4:
        say_all(problem_lines(report.findings[0]), err=True)
    else:
        say_all(report_lines(report))
    return report.exit_code


def _say_where(path: Path) -> None:
    if is_standard_output(path):
        return
    say(f"Report, without your values: {path}", err=True)
    if sys.stderr.isatty():
        say("Please attach it to an issue, whatever the result.", err=True)
