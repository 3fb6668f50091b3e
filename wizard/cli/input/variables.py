"""The flags that say which credentials another program gets, and under which names."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.options import CredentialName, PairType
from wizard.cli.input.settings import settings_for
from wizard.cli.input.world import await_keyring, layout_for, world_from_flags
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import problem_lines
from wizard.findings import new_finding
from wizard.settings import GRAPH_URL
from wizard.values.credentials import CREDENTIALS, Values
from wizard.values.presets import Variable, naming, presets, setting_variables, variables_of
from wizard.world import World

Command = TypeVar("Command", bound=Callable[..., Any])

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}")


class VariableMapping(PairType):
    """`CREDENTIAL=VARIABLE`. What was typed is not repeated: it may be the value."""

    name = "renaming"

    def convert(
        self,
        value: str | tuple[str, str],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        credential, _, variable = value.partition("=")
        if credential not in CREDENTIALS:
            self.fail(
                f"Use NAME=VARIABLE, where NAME is one of {', '.join(CREDENTIALS)}.", param, ctx
            )
        if not _VARIABLE.fullmatch(variable) or variable.startswith("EAA"):
            self.fail(
                "A variable name has up to 64 letters, digits and underscores, and doesn't start "
                "with a digit.",
                param,
                ctx,
            )
        return credential, variable


class PresetName(click.Choice[str]):
    """A preset, looked up when it is asked for."""

    def __init__(self) -> None:
        super().__init__(list(presets()))


def variable_options(command: Command) -> Command:
    """`--only`, `--map` and `--preset`."""
    command = click.option(
        "--preset",
        type=PresetName(),
        help="Use this library's variable names instead of WHATSAPP_….",
    )(command)
    command = click.option(
        "--map",
        "mapped",
        type=VariableMapping(),
        multiple=True,
        metavar="NAME=VARIABLE",
        help="Rename one credential's variable. Repeatable.",
    )(command)
    return click.option(
        "--only",
        type=CredentialName(),
        multiple=True,
        metavar="NAME",
        help="Only this credential. Repeatable.",
    )(command)


def chosen_variables(
    *,
    profile: str | None,
    env: bool,
    env_file: Path | None,
    only: tuple[str, ...],
    mapped: tuple[tuple[str, str], ...],
    preset: str | None,
) -> tuple[Variable, ...]:
    """What those flags ask for, of the values at hand.

    Says what is wrong and ends the command where the keyring can't be read, where a credential is
    missing that was asked for by name, and where there is none at all.
    """
    try:
        names = naming(preset, mapped)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    settings = settings_for(profile)
    world = world_from_flags(settings, env, env_file)
    asyncio.run(_load(world))
    asked = dict.fromkeys((*only, *(credential for credential, _ in mapped)))
    _refuse_missing(world.values, tuple(asked), layout_for(settings, world))
    wanted = {name: names[name] for name in (tuple(asked) if only else names)}
    variables = variables_of(world.values, wanted)
    if not variables:
        say(f"No credential found {_where(world, env_file)}.", err=True)
        raise click.exceptions.Exit(1)
    url = settings.graph_url if settings.graph_url != GRAPH_URL else None
    others = () if only else setting_variables(preset, settings.graph_version, url)
    return (*variables, *others)


async def _load(world: World) -> None:
    await await_keyring(world.load())
    if world.vault_error is not None:
        say_all(problem_lines(finding_for_vault_error(world.vault_error)), err=True)
        raise click.exceptions.Exit(4)


def _refuse_missing(values: Values, asked: tuple[str, ...], layout: str | None) -> None:
    missing = [name for name in asked if values.get(name) is None]
    for name in missing:
        say_all(problem_lines(new_finding(f"{name}.missing").in_layout(layout)), err=True)
    if missing:
        raise click.exceptions.Exit(1)


def _where(world: World, env_file: Path | None) -> str:
    if world.vault is not None:
        return (
            f"in profile {world.profile}. Add some: whatsapp-wizard import FILE, or "
            "whatsapp-wizard set NAME"
        )
    return f"in {env_file}" if env_file else "in the environment, such as WHATSAPP_ACCESS_TOKEN"
