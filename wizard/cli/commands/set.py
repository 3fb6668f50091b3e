"""`set`: one value into the keyring, never from an argument."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import click

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.options import CredentialName, profile_option
from wizard.cli.input.settings import settings_for, state_file
from wizard.cli.input.stdin import prompt_or_stdin, refuse_arguments
from wizard.cli.input.world import await_keyring, clear_results, layout_of, vault_of
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import problem_lines
from wizard.findings import new_finding
from wizard.portal import narrow_places
from wizard.settings import Settings
from wizard.tunnel.authtoken import clean_authtoken
from wizard.values.credentials import CREDENTIALS, KEPT, NGROK_AUTHTOKEN, Value, plain
from wizard.values.paste import find_alternatives, find_credentials
from wizard.values.shapes import (
    Shape,
    check_shape,
    clean,
    generate_verify_token,
    is_plausible,
)
from wizard.vault import MachineVault, VaultError

_EXAMPLES = """\b
Examples:
  whatsapp-wizard set app_id
  printf %s "$TOKEN" | whatsapp-wizard set access_token --stdin
  whatsapp-wizard set verify_token --generate
"""


@click.command("set", epilog=_EXAMPLES, context_settings={"allow_extra_args": True})
@click.argument("name", type=CredentialName(KEPT), metavar="NAME")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read the value from standard input.")
@click.option("--generate", is_flag=True, help="Generate a verify token from letters and digits.")
@click.option("--force", is_flag=True, help="Store it even if its format is wrong.")
@profile_option
def set_(
    name: str,
    from_stdin: bool,
    generate: bool,
    force: bool,
    profile: str | None,
) -> int:
    """Store one value, from the prompt or standard input.

    NAME is app_id, app_secret, access_token, phone_number_id, waba_id or verify_token. Only the
    format of the value is checked; `check` tests it. NAME can also be ngrok_authtoken, which
    belongs to this machine and not to a profile.
    """
    refuse_arguments()
    settings = settings_for(profile)
    if name == NGROK_AUTHTOKEN.name and not generate:
        return asyncio.run(_store_authtoken(settings, from_stdin))
    value = _made_up(name, from_stdin) if generate else _read(name, from_stdin)
    return asyncio.run(store({name: value}, settings, force=force))


async def store(values: dict[str, Value], settings: Settings, *, force: bool) -> int:
    """Stores values one after another and says so; returns the exit code."""
    code, vault = 0, vault_of(settings)
    for name, value in values.items():
        judgement = check_shape(name, value)
        if not force and not is_plausible(name, value):
            finding = judgement.finding or f"{name}.malformed"
            layout = layout_of(settings)
            note = narrow_places(judgement.note, layout)
            say_all(problem_lines(new_finding(finding).in_layout(layout)), err=True)
            say(f"{note} Not stored. To store it anyway, add --force.", err=True)
            code = 1
            continue
        try:
            await await_keyring(vault.put(name, value))
            where = (await vault.describe()).name
        except VaultError as error:
            say_all(problem_lines(finding_for_vault_error(error)), err=True)
            return 4
        clear_results(settings, name)
        doubt = f" {judgement.note}" if judgement.shape is not Shape.GOOD else ""
        say(f"Stored in {where}: {CREDENTIALS[name].label}.{doubt}", err=True)
    return code


async def _store_authtoken(settings: Settings, from_stdin: bool) -> int:
    """Takes the whole command that ngrok's dashboard shows, too."""
    token = clean_authtoken(prompt_or_stdin(NGROK_AUTHTOKEN, from_stdin))
    vault = MachineVault(turn=state_file(settings).keyring_turn)
    if not token:
        raise click.UsageError("The input is empty. Nothing was stored.")
    try:
        await await_keyring(vault.keep_authtoken(token))
        where = (await vault.describe()).name
    except VaultError as error:
        say_all(problem_lines(finding_for_vault_error(error)), err=True)
        return 4
    say(f"Stored in {where}, for every profile: {NGROK_AUTHTOKEN.label}.", err=True)
    return 0


def _made_up(name: str, from_stdin: bool) -> Value:
    if name != "verify_token":
        raise click.UsageError("--generate works for verify_token only.")
    if from_stdin:
        raise click.UsageError("--generate can't be combined with --stdin.")
    return generate_verify_token()


def _read(name: str, from_stdin: bool) -> Value:
    value = _value_in(name, prompt_or_stdin(CREDENTIALS[name], from_stdin))
    if not plain(value):
        raise click.UsageError("The input is empty. Nothing was stored.")
    return value


def _value_in(name: str, text: str) -> Value:
    if several := find_alternatives(text).get(name):
        raise click.UsageError(which_one(name, several))
    return find_credentials(text).get(name) or clean(name, text)


def which_one(name: str, several: Iterable[str]) -> str:
    """What to say where a page shows several IDs of a kind, and only one of them is meant."""
    label = CREDENTIALS[name].label
    return (
        f"This has several of {label}: {', '.join(several)}. Give the one you mean, alone; or let"
        " Meta name it: whatsapp-wizard discover."
    )
