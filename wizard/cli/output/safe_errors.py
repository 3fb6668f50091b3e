"""What was typed wrongly is not repeated where it may be a value in the wrong place."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from wizard.settings import looks_secret
from wizard.support.texts import visible
from wizard.values.credentials import MASK, Secret
from wizard.values.redaction import redact

_LEFT_OUT = "…"
_HARMLESS = re.compile(
    r"[A-Za-z0-9 ._/-]{0,12}|([a-z._-]{0,12}/)+[a-z._-]{0,12}|[+0-9 ().-]{0,20}"
    r"|-{1,2}[a-z-]{1,20}|[\w.-]{1,40}\.(env|txt|json|ya?ml)"
)
"""Words, numbers, flags and files' names, which no secret looks like."""


def without_arguments(message: str, arguments: Iterable[str], known: Iterable[str] = ()) -> str:
    """The message without those of the arguments that may be secrets, in one line of harmless
    characters each. `known` are words that are none: names of commands, flags and choices."""
    names = set(known)
    kept = {text for argument in arguments for text in _values(argument)}
    secret = [Secret(text) for text in kept if text not in names and not _is_harmless(text)]
    shown = redact(message, secret).replace(MASK, _LEFT_OUT)
    return "\n".join(visible(line) for line in shown.split("\n"))


def show_error(error: click.ClickException, arguments: Iterable[str]) -> None:
    """Prints an error as click does, but for what may be a value in the wrong place."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    known = tuple(_words(context)) if context else ()
    if context is not None:
        usage = context.get_usage()
        click.echo(f"{usage}\nTry '{context.command_path} --help' for help.\n", err=True)
    message = without_arguments(error.format_message(), arguments, known)
    click.echo(f"Error: {message}", err=True)


def _values(argument: str) -> Iterator[str]:
    """What click may take an argument for: all of it, or the value behind a flag."""
    name, _, value = argument.partition("=")
    if not argument.startswith("-"):
        yield value if re.fullmatch("[a-z_]{1,20}", name) else argument
    elif name.startswith("--"):
        yield from (name, name[2:], value)
    else:
        yield from (argument, argument[1:], argument[2:])


def _is_harmless(text: str) -> bool:
    if _HARMLESS.fullmatch(text):
        return True
    try:
        path = Path(text)
        there = os.path.lexists(path) or (path.parent != Path() and path.parent.is_dir())
    except (OSError, ValueError):
        return False
    return there and not text.startswith("EAA") and not looks_secret(path.name)


def _words(context: click.Context) -> Iterator[str]:
    command: click.Command = context.find_root().command
    if isinstance(command, click.Group):
        yield from command.list_commands(context)
    for param in context.command.params:
        yield from (*param.opts, *param.secondary_opts)
        if isinstance(param.type, click.Choice):
            yield from map(str, param.type.choices)
