"""Lines on standard output and standard error."""

from __future__ import annotations

import os
from collections.abc import Iterable

import click


def say(text: str = "", *, err: bool = False) -> None:
    """A line, in colour only where somebody can see it and has not set NO_COLOR."""
    click.echo(text, err=err, color=False if os.environ.get("NO_COLOR") else None)


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
