"""`version`: what `--version` shows, as a command."""

from __future__ import annotations

import click

from wizard import __version__
from wizard.cli.input.options import unused_profile_option

_EXAMPLES = """\b
Examples:
  whatsapp-wizard version
"""


@click.command(epilog=_EXAMPLES)
@unused_profile_option
def version() -> int:
    """Show the version of whatsapp-wizard and exit."""
    click.echo(f"whatsapp-wizard, version {__version__}")
    return 0
