"""A report as a file that may be pasted into a forum."""

from __future__ import annotations

from pathlib import Path

import click

from wizard.findings import Report
from wizard.journeys.diagnosis import report_text
from wizard.world import World


def write_report(path: Path, report: Report, world: World) -> None:
    """Writes all evidence, and no secret. Raises `click.ClickException` where the file can't be
    written."""
    try:
        path.write_text(report_text(report, world), "utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} can't be written: {error.strerror}.") from None
