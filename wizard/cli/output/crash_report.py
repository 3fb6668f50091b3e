"""What is said of a bug of ours: one sentence, and a report file with no secret in it."""

from __future__ import annotations

import os
import platform
import sys
import tempfile
import traceback
from datetime import UTC, datetime

import click

from wizard import __version__


def report_crash(error: BaseException) -> int:
    """Writes the report and says where it is; returns exit code 70."""
    cause = _causes(error)[-1]
    last = traceback.extract_tb(cause.__traceback__)[-1:]
    where = f"{last[0].name}, line {last[0].lineno}" if last else "an unknown file"
    try:
        plea = f"Please attach {_write(error)} to an issue: it contains none of your values."
    except OSError as trouble:
        # Raised from here, it would drag the first error's own words into a traceback.
        plea = f"The report could not be written: {trouble.strerror or type(trouble).__name__}."
    click.echo(
        f"whatsapp-wizard crashed ({type(cause).__name__} in {where}). This is a bug. {plea}",
        err=True,
    )
    return 70


def _write(error: BaseException) -> str:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-")
    handle, path = tempfile.mkstemp(".txt", f"whatsapp-wizard-{stamp}", text=True)
    with os.fdopen(handle, "w", encoding="utf-8") as report:
        report.write(crash_text(error))
    return path


def crash_text(error: BaseException) -> str:
    """Version, machine and where it happened: frames without their variables, errors without
    their messages, since either may hold a value."""
    lines = [
        f"whatsapp-wizard {__version__}, Python {platform.python_version()}, {sys.platform}",
        "",
    ]
    for cause in _causes(error):
        lines += [
            f"  {frame.filename.rpartition('/')[2]}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        lines += [type(cause).__name__, ""]
    return "\n".join(lines)


def _causes(error: BaseException) -> list[BaseException]:
    """The error, what a group holds, and what each of them came from; the origin last."""
    causes, open_ = list[BaseException](), [error]
    while open_:
        cause = open_.pop(0)
        if cause in causes:
            continue
        causes.append(cause)
        if isinstance(cause, BaseExceptionGroup):
            open_ += cause.exceptions
        open_ += [before for before in (cause.__cause__ or cause.__context__,) if before]
    return causes
