"""`doctor`: why does the webhook not verify, or no message arrive?"""

from __future__ import annotations

import asyncio
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wizard.checks import run_checks
from wizard.checks.check import RUNGS
from wizard.cli.input.new_file import new_file
from wizard.cli.input.options import json_option, profile_option, values_options
from wizard.cli.input.settings import settings_for, state_file
from wizard.cli.input.stdin import standard_input
from wizard.cli.input.world import await_keyring, layout_of, progress_of, world_from_flags
from wizard.cli.output.lines import say, say_all
from wizard.journeys.webhook.pending_restore import not_restored
from wizard.settings import Settings
from wizard.state import StateError
from wizard.support.texts import counted
from wizard.values.credentials import CREDENTIALS, Secret
from wizard.world import World

if TYPE_CHECKING:
    from wizard.findings import Report

_MOST_BYTES = 4096
_LIVE = (
    "Sending test messages to the callback URL. Your server's code runs on them. To leave them out,"
    " add --no-deliveries."
)
_URL_ALONE = (
    "Only the URL was checked. With all six credentials, doctor also reads what Meta has on it."
)
_EXAMPLES = """\b
Examples:
  whatsapp-wizard doctor
  whatsapp-wizard doctor --url https://example.com/webhook
  whatsapp-wizard doctor --report doctor.txt
  whatsapp-wizard doctor --no-deliveries

Exit codes: 0 no problem found, 1 a cause was found, 3 no answer, 4 no keyring.
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--url",
    metavar="URL",
    help="Diagnose this callback URL, whatever server runs it. If it proves to be"
    " your app's, also read the webhook settings at Meta.",
)
@click.option(
    "--verify-token-stdin",
    is_flag=True,
    help="Read that URL's verify token from standard input.",
)
@click.option(
    "--ask-meta",
    is_flag=True,
    help="Ask Meta to verify its callback URL again; the settings don't change.",
)
@click.option(
    "--no-deliveries",
    is_flag=True,
    help="Send no test messages to the callback URL; your server's code would run on them.",
)
@click.option(
    "--report",
    "report_file",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    callback=new_file,
    metavar="FILE",
    help="Write a full report to FILE, without secrets, safe to share; - is standard output.",
)
@click.option("--force", is_flag=True, help="Replace the report's FILE where it exists.")
@values_options
@json_option
@profile_option
def doctor(
    *,
    url: str | None,
    verify_token_stdin: bool,
    ask_meta: bool,
    no_deliveries: bool,
    report_file: Path | None,
    force: bool,
    env: bool,
    env_file: Path | None,
    as_json: bool,
    profile: str | None,
) -> int:
    """Find out why the webhook does not verify, or why no message arrives.

    Checks everything from the keyring to the webhook settings at Meta and names the one root
    cause.

    Sends test messages to the callback URL, as Meta would. Your server's code runs on them: an
    assistant answers, rows are written. Each message says that it is a test. To leave them out,
    add --no-deliveries.
    """
    shows_report = False
    if report_file is not None:
        from wizard.cli.output.report_file import check_report_file, is_standard_output

        check_report_file(report_file, force=force, as_json=as_json)
        shows_report = is_standard_output(report_file)
    settings = settings_for(profile)
    world = world_from_flags(settings, env, env_file)
    world.target = url.strip() if url is not None else None
    world.may_verify = ask_meta
    world.may_deliver = not no_deliveries
    token = _standard_input() if verify_token_stdin else None
    report = asyncio.run(_doctor(world, settings, token, quiet=as_json or shows_report))
    if not shows_report:
        _say(report, world, settings, given=env or env_file is not None, as_json=as_json)
    if report_file is not None:
        from wizard.cli.output.report_file import write_report
        from wizard.journeys.diagnosis import report_text

        write_report(report_file, report_text(report, world), force=force)
    return report.exit_code


def _say(report: Report, world: World, settings: Settings, *, given: bool, as_json: bool) -> None:
    from wizard.cli.output.json_text import json_text
    from wizard.cli.output.reports import nothing_stored, wrapped

    if as_json:
        say(json_text(report.as_dict()))
    elif world.is_empty:
        say_all(wrapped(nothing_stored(world.profile)))
        say_all(wrapped("To diagnose any URL, run whatsapp-wizard doctor --url URL."))
    else:
        _conclude(report.in_layout(None if given else layout_of(settings)))
        if world.target is not None and not _has_all(world):
            say(_URL_ALONE, err=True)


async def _doctor(world: World, settings: Settings, token: Secret | None, *, quiet: bool) -> Report:
    async with world:
        await await_keyring(world.load())
        if world.may_deliver and not quiet and _may_be_called(world):
            say(_LIVE, err=True)
        if world.vault is not None:
            world.webhook = progress_of(settings).webhook
        with suppress(StateError):
            world.not_restored = not_restored(state_file(settings))
        if world.target is not None:
            # Somebody's URL can be diagnosed without a keyring.
            world.vault, world.vault_error = None, None
        if token is not None:
            world.is_token_theirs = token != world.values.verify_token
            world.values = world.values.with_("verify_token", token)
        elif world.target is not None and world.values.verify_token is None:
            world.is_token_theirs = True
            world.values = world.values.with_("verify_token", _asked())
        return await _examined(world, quiet=quiet)


async def _examined(world: World, *, quiet: bool) -> Report:
    begun = time.monotonic()
    run = run_checks(world, _rungs(world), waits_for_proof=world.target is not None)
    quiet = quiet or world.is_empty
    async with run as events:
        event = await anext(events)
        # What words the events is loaded with the first one: the questions are on their way then.
        from wizard.cli.output.ladder import LadderLines

        told = LadderLines(run.names)
        lines = told.handle_event(event)
        say_all(() if quiet else lines)
        async for event in events:
            lines = told.handle_event(event)
            say_all(() if quiet else lines)
    return told.ladder.report(world.profile, round((time.monotonic() - begun) * 1000))


def _rungs(world: World) -> list[str]:
    """All of them; of somebody's URL that URL alone, unless all six values are at hand that can
    show it to be this app's."""
    return list(RUNGS) if world.target is None or _has_all(world) else ["callback"]


def _may_be_called(world: World) -> bool:
    """Whether there may be a URL to send to, as far as is known before Meta is asked."""
    if world.target is None:
        return any(True for _ in world.values.present())
    from wizard.webhook.address import split_url
    from wizard.webhook.probe_errors import ProbeError

    with suppress(ProbeError):
        return bool(split_url(world.target).hostname)
    return False


def _has_all(world: World) -> bool:
    return all(world.values.get(name) is not None for name in CREDENTIALS)


def _conclude(report: Report) -> None:
    from wizard.cli.output.reports import fix_lines

    say()
    if report.primary is not None:
        say_all(fix_lines(report.primary))
    else:
        say("No problems found from this machine.")
    count = counted(len(report.findings), "finding")
    say(f"\n{count} in {report.duration_ms / 1000:.1f} s", err=True)


def _standard_input() -> Secret | None:
    text = standard_input(_MOST_BYTES)
    # One line end belongs to the pipe; any other white space may be the fault that is looked for.
    token = Secret(text.removesuffix("\n").removesuffix("\r"))
    if not len(token):
        raise click.UsageError("Standard input is empty.")
    return token


def _asked() -> Secret | None:
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return Secret(
        click.prompt(
            "Verify token of this URL (press enter to skip)",
            hide_input=True,
            err=True,
            default="",
            show_default=False,
        )
    )
