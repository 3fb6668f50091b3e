"""A report as a file that may be pasted into a forum, or on standard output."""

from __future__ import annotations

import os
from pathlib import Path

import click

from wizard.cli.output.lines import say
from wizard.cli.output.private_file import write_private


def is_standard_output(path: Path) -> bool:
    """Whether it is `-`, which stands for standard output, as in `export`."""
    return str(path) == "-"


def check_report_file(path: Path, *, force: bool, as_json: bool) -> None:
    """Before anything is asked. Raises `click.UsageError` where there is something already, and
    where standard output would get JSON too."""
    if is_standard_output(path):
        if as_json:
            raise click.UsageError("Leave out --json or --report -: both go to standard output.")
    elif os.path.lexists(path) and not force:
        raise click.UsageError(f"{path} already exists. To replace it, add --force.")


def write_report(path: Path, text: str, *, force: bool = False) -> None:
    """Writes a text into a file that its owner alone can read; follows no link. With `-`, to
    standard output. Raises `click.ClickException` where the file can't be written."""
    if is_standard_output(path):
        say(text.rstrip("\n"))
        return
    try:
        write_private(path, text.encode(), force=force)
    except FileExistsError:
        check_report_file(path, force=force, as_json=False)
        raise
    except OSError as error:
        raise click.ClickException(f"Can't write {path}: {error.strerror}.") from None
