"""`completion`: the script that lets a shell complete our commands."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from wizard.cli.input.options import unused_profile_option

_SHELLS = ("bash", "zsh", "fish")
_EXAMPLES = """\b
Examples:
  source <(whatsapp-wizard completion bash)                  in ~/.bashrc; bash 4.4 or newer
  source <(whatsapp-wizard completion zsh)                   in ~/.zshrc, after compinit
  whatsapp-wizard completion fish > ~/.config/fish/completions/whatsapp-wizard.fish
"""


@click.command(epilog=_EXAMPLES)
@click.argument("shell", type=click.Choice(_SHELLS), metavar="SHELL")
@unused_profile_option
@click.pass_context
def completion(context: click.Context, shell: str) -> int:
    """Print the completion script for commands, flags and names.

    SHELL is bash, zsh or fish.
    """
    root = context.find_root()
    found = get_completion_class(shell)
    if found is None:
        raise click.UsageError(f"click knows no completion for {shell}.")
    script = found(root.command, {}, "whatsapp-wizard", "_WHATSAPP_WIZARD_COMPLETE").source()
    click.echo(script, nl=False)
    return 0
