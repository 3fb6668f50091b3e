"""Flags that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from wizard.credentials import CREDENTIALS

Command = TypeVar("Command", bound=Callable[..., Any])

profile_option = click.option(
    "--profile",
    metavar="NAME",
    help="Whose credentials: a name of your choosing. [default: default, or"
    " $WHATSAPP_WIZARD_PROFILE]",
)
unused_profile_option = click.option(
    "--profile", metavar="NAME", expose_value=False, help="Taken as everywhere; nothing is stored."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")


class CredentialName(click.Choice[str]):
    """One of these names. click's own message would repeat what was typed, perhaps the value."""

    def __init__(self, names: Iterable[str] = CREDENTIALS) -> None:
        super().__init__(list(names))

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            self.fail(f"A credential's name is one of {', '.join(self.choices)}.", param, ctx)
        return value


def values_options(command: Command) -> Command:
    """`--env` and `--env-file`, for machines without a keyring."""
    command = click.option(
        "--env-file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        metavar="FILE",
        help="Read the six from a .env file instead of the keyring.",
    )(command)
    return click.option(
        "--env", is_flag=True, help="Read the six from WHATSAPP_… variables instead of the keyring."
    )(command)


def chosen_profile(profile: str | None) -> str | None:
    """The command's own `--profile`, or else the one that stood before the command."""
    above: str | None = click.get_current_context().find_root().obj
    return above if profile is None else profile
