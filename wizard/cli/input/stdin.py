"""Values as they come in: from a prompt that shows nothing, or from standard input."""

from __future__ import annotations

import codecs
import sys

import click

from wizard.values.credentials import Credential

MOST_BYTES = 1024 * 1024


def refuse_arguments() -> None:
    """Of a command that lets click pass what it does not know: a value among it is refused."""
    if click.get_current_context().args:
        # click's own message would repeat the value, which then stands in every log.
        raise click.UsageError(
            "Don't pass the value as an argument. Type it at the prompt, or use --stdin."
        )


def prompt_or_stdin(credential: Credential, from_stdin: bool) -> str:
    """All of standard input, or what is typed at a prompt; hidden where it is a secret."""
    if from_stdin:
        return standard_input()
    if not sys.stdin.isatty():
        raise click.UsageError("Can't ask for the value without a terminal. Use --stdin.")
    said: str = click.prompt(credential.label, hide_input=credential.secret, err=True)
    return said


def standard_input(most: int = MOST_BYTES) -> str:
    """What comes in, up to this many bytes."""
    try:
        # As bytes: a code page of Windows would read most of them wrongly.
        return as_text(sys.stdin.buffer.read(most))
    except UnicodeError:
        raise click.UsageError("Standard input is not text.") from None


def as_text(content: bytes) -> str:
    """UTF-8, or UTF-16 as PowerShell's `>` writes it, without its mark. Raises `UnicodeError`."""
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if wide else "utf-8-sig")
