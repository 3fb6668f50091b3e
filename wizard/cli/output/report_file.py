"""A report as a file that may be pasted into a forum."""

from __future__ import annotations

import os
from pathlib import Path

import click

from wizard.cli.output.lines import say
from wizard.cli.output.private_file import write_private
from wizard.findings import Report
from wizard.journeys.diagnosis import report_text
from wizard.world import World


def is_standard_output(path: Path) -> bool:
    """Whether it is `-`, which stands for standard output, as in `export`."""
    return str(path) == "-"


def refuse_existing(path: Path, *, force: bool) -> None:
    """Before anything is asked. Raises `click.UsageError` where there is something already."""
    if not is_standard_output(path) and os.path.lexists(path) and not force:
        raise click.UsageError(f"{path} already exists. To replace it, add --force.")


def write_report(path: Path, report: Report, world: World, *, force: bool = False) -> None:
    """Writes all evidence, and no secret, into a file that its owner alone can read; follows no
    link; with `-`, to standard output. Raises `click.ClickException` where the file can't be
    written."""
    if is_standard_output(path):
        say(report_text(report, world).rstrip("\n"))
        return
    try:
        write_private(path, report_text(report, world).encode(), force=force)
    except FileExistsError:
        refuse_existing(path, force=force)
        raise
    except OSError as error:
        raise click.ClickException(f"Can't write {path}: {error.strerror}.") from None
