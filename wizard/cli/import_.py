"""`import`: the credentials of a `.env` file into the keyring."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from wizard.cli.options import profile_option
from wizard.cli.report import say
from wizard.cli.set import store
from wizard.cli.worlds import read_text, settings_for
from wizard.paste import find_credentials

_EXAMPLES = """\b
Examples:
  whatsapp-wizard import .env
  whatsapp-wizard import --profile shop shop.env
"""


@click.command("import", epilog=_EXAMPLES)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Store values even where their shape is wrong.")
@profile_option
def import_(file: Path, force: bool, profile: str | None) -> int:
    """Store every credential that FILE holds. The file is read, never changed."""
    settings = settings_for(profile)
    values = find_credentials(read_text(file))
    if not values:
        say(f"{file} holds none of the six under a name that is known.", err=True)
        return 1
    code = asyncio.run(store(values, settings, force=force))
    if code == 0:
        say(f"{file} still holds them in clear text: delete it if you no longer need it.", err=True)
    return code
