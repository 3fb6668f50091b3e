"""Values as they come in: from a prompt that shows nothing, or from standard input."""

from __future__ import annotations

import sys

import click

from wizard.credentials import Credential

_MOST_CHARACTERS = 1024 * 1024


def refuse_arguments() -> None:
    """Of a command that lets click pass what it does not know: a value among it is refused."""
    if click.get_current_context().args:
        # click's own message would repeat the value, which then stands in every log.
        raise click.UsageError("A value is no argument: it comes from a prompt or from --stdin.")


def read_paste(credential: Credential, from_stdin: bool) -> str:
    """All of standard input, or what is typed at a prompt; hidden where it is a secret."""
    if from_stdin:
        return _standard_input()
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask at; use --stdin.")
    said: str = click.prompt(credential.label, hide_input=credential.secret, err=True)
    return said


def _standard_input() -> str:
    try:
        return sys.stdin.read(_MOST_CHARACTERS)
    except UnicodeError:
        raise click.UsageError("Standard input is not text.") from None
