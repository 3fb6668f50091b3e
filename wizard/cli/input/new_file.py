"""A file that a command is to write."""

from __future__ import annotations

from pathlib import Path

import click

from wizard.settings import looks_secret


def new_file(_context: click.Context, _option: click.Parameter, path: Path | None) -> Path | None:
    """The file that was named. A secret that stands here by mistake must not become a file's name:
    raises `click.BadParameter`."""
    if path is not None and looks_secret(path.name):
        raise click.BadParameter("That looks like a secret, and can't be a file's name.")
    return path
