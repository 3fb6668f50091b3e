"""Lines on standard output and standard error."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

import click

from wizard.support.quiet import aloud
from wizard.support.texts import visible

_SPOKEN = re.compile(r"\x1b\[[0-9;]*m|[^\x20-\x7e\n]")
"""A colour, or a character that may do something to a terminal."""


def say(text: str = "", *, err: bool = False) -> None:
    """Text, in colour only where somebody can see it, has not set NO_COLOR, and has a terminal that
    knows colours.

    Whatever in it would do something else to a terminal has become a space.
    """
    harmless = _SPOKEN.sub(lambda found: found[0] if found[0][1:] else visible(found[0]), text)
    echo(harmless, err=err)


def echo(text: str | bytes = "", *, err: bool = False, nl: bool = True) -> None:
    """Text as it is, also while a keyring's own words are kept from the terminal."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    with aloud():
        click.echo(text, err=err, nl=nl, color=False if plain else None)


def say_once(text: str) -> None:
    """A line on stderr, unless this run has said it before."""
    context = click.get_current_context(silent=True)
    said = context.find_root().meta.setdefault(__name__, set()) if context else set()
    if text not in said:
        said.add(text)
        say(text, err=True)


def say_all(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        say(line, err=err)
