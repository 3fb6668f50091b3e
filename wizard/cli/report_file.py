"""A report as a text that may be pasted into a forum."""

from __future__ import annotations

import platform
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

from wizard import __version__
from wizard.credentials import Secret, Values
from wizard.findings import SIGNS, Report
from wizard.graph.errors import scrub


def write_report(path: Path, report: Report, values: Values) -> None:
    """Writes all evidence. What stands in `values` and is secret is taken out of it once more:
    a server may have repeated it. Raises `click.ClickException` where the file can't be written.
    """
    secrets = [value for _, value in values.present() if isinstance(value, Secret)]
    try:
        path.write_text(scrub("\n".join(_lines(report)) + "\n", secrets), "utf-8")
    except OSError as error:
        raise click.ClickException(f"{path} can't be written: {error.strerror}.") from None


def _lines(report: Report) -> Iterator[str]:
    yield f"whatsapp-wizard {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield ""
    primary = report.primary
    yield f"Cause: {primary.id}: {primary.title}" if primary else "Cause: none found"
    if primary:
        yield primary.cause
        yield from _indented(primary.fix, "-> ")
    yield ""
    for finding in report.findings:
        yield f"{SIGNS[finding.status]} {finding.status.value:<8}{finding.id}: {finding.title}"
        yield from _indented(filter(None, finding.evidence.split("; ")), "")
    yield ""
    yield f"{len(report.findings)} findings in {report.duration_ms} ms"


def _indented(parts: Iterable[str], sign: str) -> Iterator[str]:
    for part in parts:
        yield f"          {sign}{part}"
