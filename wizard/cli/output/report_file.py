"""A report as a file that may be pasted into a forum."""

from __future__ import annotations

from pathlib import Path

import click

from wizard.findings import Report
from wizard.journeys.diagnosis import report_text
from wizard.values.credentials import Values


def write_report(path: Path, report: Report, values: Values) -> None:
    """Writes all evidence, and no secret. Raises `click.ClickException` where the file can't be
    written."""
    try:
        path.write_text(report_text(report, values), "utf-8")
    except OSError as error:
        raise click.ClickException(f"Can't write {path}: {error.strerror}.") from None
