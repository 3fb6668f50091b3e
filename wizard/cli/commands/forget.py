"""`forget`: credentials out of the keyring."""

from __future__ import annotations

import asyncio
import sys

import click

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.options import CredentialName, profile_option
from wizard.cli.input.settings import settings_for, state_file
from wizard.cli.input.world import await_keyring, clear_results
from wizard.cli.output.lines import say, say_all, say_once
from wizard.cli.output.reports import problem_lines
from wizard.settings import Settings
from wizard.state import StateError
from wizard.values.credentials import CREDENTIALS, KEPT
from wizard.vault import KeyringVault, MachineVault, VaultError

_EXAMPLES = """\b
Examples:
  whatsapp-wizard forget access_token
  whatsapp-wizard forget --profile shop --yes
"""


@click.command(epilog=_EXAMPLES)
@click.argument("names", nargs=-1, type=CredentialName(KEPT), metavar="[CREDENTIAL]…")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
@profile_option
def forget(names: tuple[str, ...], yes: bool, profile: str | None) -> int:
    """Delete stored values: the CREDENTIALs you name, or all six and your progress.

    ngrok_authtoken belongs to this machine and is deleted only if you name it.
    """
    settings = settings_for(profile)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Can't ask for confirmation without a terminal. Add --yes.")
        if not click.confirm(f"Delete {_what(names, settings.profile)}?", err=True):
            say("Nothing was deleted.", err=True)
            return 1
    try:
        gone = asyncio.run(_forget(settings, names or tuple(CREDENTIALS)))
    except VaultError as error:
        say_all(problem_lines(finding_for_vault_error(error)), err=True)
        return 4
    if names:
        clear_results(settings, *names)
    else:
        _forget_place(settings)
    say(f"Deleted: {', '.join(gone)}." if gone else "Nothing was stored.", err=True)
    return 0


def _what(names: tuple[str, ...], profile: str) -> str:
    own = ", ".join(KEPT[name].label for name in names if name in CREDENTIALS)
    parts = [f"{own or 'all six credentials'} of profile {profile}"] if own or not names else []
    parts += [f"{KEPT[name].label} of this machine" for name in names if name not in CREDENTIALS]
    return " and ".join(parts)


def _forget_place(settings: Settings) -> None:
    state = state_file(settings)
    try:
        state.delete_profile(settings.profile)
    except StateError as error:
        say(f"Can't delete your progress: {error}", err=True)
    if state.notice:
        say_once(state.notice)


async def _forget(settings: Settings, names: tuple[str, ...]) -> list[str]:
    turn = state_file(settings).keyring_turn
    own, machine = KeyringVault(settings.profile, turn=turn), MachineVault(turn=turn)
    gone = []
    for name in names:
        vault = own if name in CREDENTIALS else machine
        if await await_keyring(vault.delete(name)):
            gone.append(KEPT[name].label)
    return gone
