"""`profile`: a set of credentials under a name of one's own, as a whole."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

import click

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.options import complete_profile, json_option, profile_by_argument_option
from wizard.cli.input.settings import settings_for, state_file
from wizard.cli.input.world import bare_vault
from wizard.cli.output.json_text import json_text
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.profiles import profile_dict, profile_lines
from wizard.cli.output.reports import problem_lines
from wizard.findings import SCHEMA
from wizard.journeys.profiles.profiles import ProfileError, Profiles, left_at_meta
from wizard.settings import Settings, named_profile
from wizard.state import StateError, StateFile
from wizard.values.credentials import CREDENTIALS, Values
from wizard.vault import VaultError

Result = TypeVar("Result")
Command = TypeVar("Command", bound=Callable[..., Any])

_EXAMPLES = """\b
Examples:
  whatsapp-wizard profile list
  whatsapp-wizard profile create shop
  whatsapp-wizard profile switch shop
  whatsapp-wizard profile rename shop shop-live
  whatsapp-wizard profile copy shop-live shop-test
  whatsapp-wizard profile delete shop-test --yes
"""


@click.group(epilog=_EXAMPLES)
@profile_by_argument_option
def profile() -> None:
    """Create, list, rename, copy, delete and switch profiles.

    A profile is a set of six credentials, your progress and a webhook, under a name. Commands
    use the current profile unless you name another.
    """


class _WrongError(click.ClickException):
    """A sentence that says what was asked wrongly."""

    exit_code = 2


def _command(name: str, *examples: str) -> Callable[[Command], click.Command]:
    shown = "\n".join(f"  whatsapp-wizard profile {name}{example}" for example in examples)

    def made(function: Command) -> click.Command:
        described = profile.command(name, epilog=f"\b\nExamples:\n{shown}\n")
        return described(profile_by_argument_option(function))

    return made


def _name(word: str, *, known: bool) -> Callable[[Command], Command]:
    complete = complete_profile if known else None
    return click.argument(word.lower(), metavar=word, shell_complete=complete)


@_command("list", "", " --json")
@json_option
def list_(as_json: bool) -> int:
    """List all profiles with their last test results and when their tokens expire.

    Doesn't open the keyring. The mark shows the current profile.
    """
    settings = settings_for(None, needs_state=True)
    known = _run(_profiles(settings).listed())
    if as_json:
        said = {
            "schema": SCHEMA,
            "current": settings.profile,
            "profiles": [profile_dict(one, settings) for one in known],
        }
        say(json_text(said))
    else:
        say_all(profile_lines(known, settings))
    return 0


@_command("create", " shop")
@_name("NAME", known=False)
def create(name: str) -> int:
    """Create an empty profile.

    A name has up to 64 letters, digits, dots, dashes and underscores. Storing a value under a new
    name creates a profile too.
    """
    _run(_profiles(settings_for(None, needs_state=True)).create(name))
    say(
        f"Created profile {name}. To use it: whatsapp-wizard profile switch {name}",
        err=True,
    )
    return 0


@_command("switch", " shop", " default")
@_name("NAME", known=True)
def switch(name: str) -> int:
    """Make NAME the current profile.

    --profile and $WHATSAPP_WIZARD_PROFILE override it.
    """
    _run(_profiles(settings_for(None, needs_state=True)).switch(name))
    say(f"Switched to profile {name}.", err=True)
    named = named_profile(None)
    if named not in {None, name}:
        say(f"But $WHATSAPP_WIZARD_PROFILE is set to {named} here, and overrides it.", err=True)
    return 0


@_command("rename", " shop shop-live")
@_name("OLD", known=True)
@_name("NEW", known=False)
def rename(old: str, new: str) -> int:
    """Rename a profile, with everything stored and saved in it.

    The old name is deleted after the keyring has stored every value under the new one.
    """
    values = _run(_profiles(settings_for(None, needs_state=True)).rename(old, new))
    say(f"Renamed profile {old} to {new}, with {_held(values)}.", err=True)
    return 0


@_command("copy", " shop shop-test")
@_name("SOURCE", known=True)
@_name("NEW", known=False)
def copy(source: str, new: str) -> int:
    """Copy a profile's credentials to a new profile.

    The webhook is not copied: the new profile has none yet.
    """
    values = _run(_profiles(settings_for(None, needs_state=True)).copy(source, new))
    say(f"Copied profile {source} to {new}, with {_held(values)}.", err=True)
    return 0


@_command("delete", " shop", " shop --yes")
@_name("NAME", known=True)
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
def delete(name: str, yes: bool) -> int:
    """Delete a profile, with everything stored and saved in it.

    Nothing changes at Meta. The ngrok authtoken belongs to this machine and stays.
    """
    profiles = _profiles(settings_for(None, needs_state=True))
    for one in _run(profiles.listed()):
        if one.name == name:
            say_all(left_at_meta(one), err=True)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Can't ask for confirmation without a terminal. Add --yes.")
        question = f"Delete profile {name}, with everything stored and saved in it?"
        if not click.confirm(question, err=True):
            say("Nothing was deleted.", err=True)
            return 1
    gone = ", ".join(CREDENTIALS[one].label for one in _run(profiles.delete(name)))
    say(f"Deleted profile {name}: {gone or 'nothing was stored'}.", err=True)
    return 0


@_command("repair", "", " --yes")
@click.option("--yes", is_flag=True, help="Don't ask for confirmation.")
def repair(yes: bool) -> int:
    """Accept what could be read from a damaged state file, and end its message.

    A missing profile still has its values in the keyring: "profile create NAME" lists it again.
    The copy of the damaged file stays.
    """
    state = state_file(settings_for(None, needs_state=True))
    names = _run(_profiles_of(state).listed())
    if state.notice is None:
        say("The state file is not damaged.", err=True)
        return 0
    say(f"Profiles that could be read: {', '.join(one.name for one in names)}.", err=True)
    if not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("Can't ask for confirmation without a terminal. Add --yes.")
        if not click.confirm("Continue with these?", err=True):
            say("Nothing was changed.", err=True)
            return 1
    for copy in state.repaired():
        say(f"The damaged file is kept as {copy}", err=True)
    return 0


def _profiles(settings: Settings) -> Profiles:
    return _profiles_of(state_file(settings))


def _profiles_of(state: StateFile) -> Profiles:
    return Profiles(state, bare_vault, waiting=_tell)


def _tell() -> None:
    say("A rotation of this profile is running. Waiting for it to end …", err=True)


def _run(work: Coroutine[Any, Any, Result]) -> Result:
    """What the work returns; what kept it from being done ends the command."""
    try:
        return asyncio.run(work)
    except ProfileError as error:
        refused = _WrongError if error.wrong else click.ClickException
        raise refused(str(error)) from None
    except StateError as error:
        raise click.ClickException(str(error)) from None
    except VaultError as error:
        say_all(problem_lines(finding_for_vault_error(error)), err=True)
        raise click.exceptions.Exit(4) from None


def _held(values: Values) -> str:
    labels = ", ".join(CREDENTIALS[name].label for name, _ in values.present())
    return labels or "nothing stored"
