"""`help`: what `--help` shows, as a command."""

from __future__ import annotations

import click

from wizard.cli.input.options import unused_profile_option

_EXAMPLES = """\b
Examples:
  whatsapp-wizard help
  whatsapp-wizard help check
"""


@click.command("help", epilog=_EXAMPLES)
@click.argument("command", required=False, metavar="[COMMAND]")
@unused_profile_option
@click.pass_context
def help_(context: click.Context, command: str | None) -> int:
    """Show help for COMMAND, or for all commands."""
    root = context.find_root()
    group = root.command
    if command is None or not isinstance(group, click.Group):
        click.echo(root.get_help())
        return 0
    name, found, _ = group.resolve_command(root, [command])
    if found is not None:
        with click.Context(found, info_name=name, parent=root) as inner:
            click.echo(found.get_help(inner))
    return 0
