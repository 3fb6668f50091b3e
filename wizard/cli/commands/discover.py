"""`discover`: from a token alone, the app, the WhatsApp accounts and their numbers."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path

import click

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.options import json_option, profile_option, values_options
from wizard.cli.input.settings import settings_for
from wizard.cli.input.stdin import prompt_or_stdin, refuse_arguments
from wizard.cli.input.world import await_keyring, layout_for, world_from_flags
from wizard.cli.output.discovery import as_dict, lines, missing_lines
from wizard.cli.output.json_text import json_text
from wizard.cli.output.lines import echo, say, say_all
from wizard.cli.output.reports import fix_lines, problem_lines, report_lines
from wizard.cli.runs.store import StoreResult, store_tested
from wizard.cli.runs.walk import has_terminal
from wizard.findings import Report
from wizard.journeys.discovery.discovery import Discovered, discover
from wizard.settings import Settings
from wizard.support.texts import printable
from wizard.values.credentials import CREDENTIALS, Value, Values
from wizard.values.paste import find_credentials
from wizard.values.shapes import clean
from wizard.world import World

_TOKEN = CREDENTIALS["access_token"]
_SECRET = CREDENTIALS["app_secret"]
_ASKED = ("app_id", "app_secret", "access_token")
_EXAMPLES = """\b
Examples:
  whatsapp-wizard discover
  printf %s "$TOKEN" | whatsapp-wizard discover --stdin --json
  whatsapp-wizard discover --store

Exit codes: 0 found, 1 the token failed, 3 no answer, 4 no keyring. With --store also 1 if you
must choose an ID, or none was found.
"""


@click.command("discover", epilog=_EXAMPLES, context_settings={"allow_extra_args": True})
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the token from standard input.")
@click.option("--store", is_flag=True, help="Store every unambiguous value without asking.")
@values_options
@json_option
@profile_option
def discover_(
    *,
    from_stdin: bool,
    store: bool,
    env: bool,
    env_file: Path | None,
    as_json: bool,
    profile: str | None,
) -> int:
    """Find the App ID, the WABAs and their numbers from an access token.

    Uses the stored token, or the one from the prompt or standard input. You can add the App
    Secret to your paste. Nothing is stored before you confirm it.
    """
    refuse_arguments()
    settings = settings_for(profile)
    world = world_from_flags(settings, env, env_file)
    pasted = _pasted(prompt_or_stdin(_TOKEN, from_stdin=True)) if from_stdin else {}
    asyncio.run(_load(world))
    if world.vault_error is not None and (store or not from_stdin):
        return _no_keyring(world, as_json)
    known = world.values
    if not from_stdin and known.access_token is None and sys.stdin.isatty():
        pasted = _asked(known)
    alone = Values()
    for name, value in pasted.items():
        world.values, alone = world.values.with_(name, value), alone.with_(name, value)
    discovered = asyncio.run(_discover(world, alone if pasted else None))
    known = Values() if discovered.elsewhere else known
    kept = StoreResult()
    if store and discovered.report.ok:
        kept = _kept(settings, discovered, known)
    layout = layout_for(settings, world)
    _show(discovered, known, kept, as_json=as_json, layout=layout)
    if store and discovered.report.ok:
        return _done(kept, discovered, known, layout)
    if as_json or from_stdin or world.vault is None or not has_terminal():
        return discovered.report.exit_code
    return _offer(settings, discovered, known, layout)


async def _load(world: World) -> None:
    await await_keyring(world.load())


async def _discover(world: World, pasted: Values | None) -> Discovered:
    if sys.stderr.isatty():
        echo("Searching …\r", err=True, nl=False)
    try:
        async with world:
            return await discover(world, pasted)
    finally:
        if sys.stderr.isatty():
            echo("\033[K", err=True, nl=False)


def _pasted(text: str) -> dict[str, Value]:
    """The token, and an App ID and App Secret that stand beside it with their names."""
    named = {name: value for name, value in find_credentials(text).items() if name in _ASKED}
    pasted = named if _TOKEN.name in named else {_TOKEN.name: clean(_TOKEN.name, text)}
    if not len(pasted[_TOKEN.name]):
        raise click.UsageError("The input is empty. Nothing was tested.")
    return pasted


def _asked(known: Values) -> dict[str, Value]:
    """The token from a prompt; and the App Secret, if one has it, where none is stored."""
    pasted = _pasted(prompt_or_stdin(_TOKEN, from_stdin=False))
    if known.app_secret is None and _SECRET.name not in pasted:
        hint = f"{_SECRET.label} (press enter to skip)"
        said = click.prompt(hint, default="", hide_input=True, show_default=False, err=True)
        if said.strip():
            pasted[_SECRET.name] = clean(_SECRET.name, said)
    return pasted


def _show(
    discovered: Discovered, known: Values, kept: StoreResult, *, as_json: bool, layout: str | None
) -> None:
    if as_json:
        said = as_dict(discovered, known, kept.stored)
        say(json_text(said))
        return
    report = discovered.report.in_layout(layout)
    say_all(lines(replace(discovered, report=report)))
    if not report.ok:
        say_all(report_lines(report))
    elif missing := discovered.missing(known):
        say_all(["", *missing_lines(missing)])


def _kept(settings: Settings, discovered: Discovered, known: Values) -> StoreResult:
    """Stores what leaves no choice; the values of another app are not replaced unasked."""
    if discovered.elsewhere is not None:
        return StoreResult(problem=discovered.elsewhere)
    return asyncio.run(store_tested(settings, discovered.only(known)))


def _done(kept: StoreResult, discovered: Discovered, known: Values, layout: str | None) -> int:
    """Says what was stored and what was not; returns the exit code."""
    say_all(kept.lines(layout), err=True)
    if kept.code:
        return kept.code
    several = discovered.several(known)
    for name in several:
        say(
            f"{CREDENTIALS[name].label} not stored, because there are several. Choose one: "
            f"whatsapp-wizard set {name}",
            err=True,
        )
    # The App Secret is nothing that a token leads to.
    return 1 if several or set(discovered.missing(known)) - {_SECRET.name} else 0


def _offer(settings: Settings, discovered: Discovered, known: Values, layout: str | None) -> int:
    """Asks which number is meant where there are several, and whether to store all that."""
    rows = discovered.candidates
    if not discovered.report.ok or not rows:
        return discovered.report.exit_code
    if discovered.elsewhere is not None:
        say_all(["", *fix_lines(discovered.elsewhere.in_layout(layout))], err=True)
        return 0
    values = discovered.only(known)
    if discovered.several(known) and len(rows) > 1:
        say(err=True)
        place = click.prompt("Which number?", type=click.IntRange(1, len(rows)), err=True)
        account, number = rows[place - 1]
        values = discovered.chosen(account.waba_id, number.id if number else None)
    named = {account.waba_id: printable(account.name) for account, _ in rows}
    named |= {number.id: printable(number.about) for _, number in rows if number}
    parts = (named.get(id_ or "") for id_ in (values.waba_id, values.phone_number_id))
    name = ", ".join(filter(None, parts))
    if not click.confirm(f"Store {name}?", default=True, err=True):
        say("Nothing was stored.", err=True)
        return 0
    kept = asyncio.run(store_tested(settings, values))
    say_all(kept.lines(layout), err=True)
    return kept.code


def _no_keyring(world: World, as_json: bool) -> int:
    if world.vault_error is not None:
        report = Report.of(world.profile, [finding_for_vault_error(world.vault_error)])
        if as_json:
            _show(Discovered(report), world.values, StoreResult(), as_json=True, layout=None)
        else:
            say_all(problem_lines(report.findings[0]))
    return 4
