"""`import`: the credentials of a `.env` file into the keyring."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from wizard.cli.commands.set import store, which_one
from wizard.cli.input.options import profile_option
from wizard.cli.input.settings import settings_for
from wizard.cli.input.stdin import prompt_or_stdin
from wizard.cli.input.world import read_text, unknown_names
from wizard.cli.output.lines import say
from wizard.values.credentials import CREDENTIALS
from wizard.values.paste import find_alternatives, find_credentials

_EXAMPLES = """\b
Examples:
  whatsapp-wizard import .env
  whatsapp-wizard import --profile shop shop.env
  ssh server cat shop/.env | whatsapp-wizard import --stdin
"""


@click.command("import", epilog=_EXAMPLES)
@click.argument(
    "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False
)
@click.option("--stdin", "from_stdin", is_flag=True, help="Read standard input instead of FILE.")
@click.option("--force", is_flag=True, help="Store values even if their format is wrong.")
@profile_option
def import_(file: Path | None, from_stdin: bool, force: bool, profile: str | None) -> int:
    """Store every credential in FILE. The file is read, never changed.

    FILE is a .env file, JSON, YAML, TOML or a Kubernetes Secret. It can use the names of
    whatsapp-wizard, pywa, Meta's Node.js SDK and samples, or other programs.
    """
    settings = settings_for(profile)
    where, text = _read(file, from_stdin)
    values = find_credentials(text)
    if said := unknown_names(text):
        say(said, err=True)
    if not values:
        say(f"{where} has none of the six credentials under a known name.", err=True)
        return 1
    several = find_alternatives(text)
    for name, them in several.items():
        say(which_one(name, them), err=True)
    certain = {name: value for name, value in values.items() if name not in several}
    code = max(asyncio.run(store(certain, settings, force=force)), int(bool(several)))
    if code == 0 and file is not None:
        say(
            f"{file} still contains them in plain text. If you no longer need it, delete it.",
            err=True,
        )
    return code


def _read(file: Path | None, from_stdin: bool) -> tuple[str, str]:
    """What to call the source, and all of it."""
    if (file is None) is not from_stdin:
        raise click.UsageError("Give either FILE or --stdin.")
    if file is None:
        return "Standard input", prompt_or_stdin(CREDENTIALS["access_token"], from_stdin=True)
    return str(file), read_text(file)
