"""What is said of a bug of ours: one sentence, and a report file with no secret in it."""

from __future__ import annotations

import os
import platform
import re
import sys
import tempfile
import traceback
from datetime import UTC, datetime

import click

from wizard import __version__

_SECRET_LIKE = re.compile(r"EAA[A-Za-z0-9]{8,}|[A-Za-z0-9+/_|-]{24,}")


def report_crash(error: BaseException) -> int:
    """Writes the report and says where it is; returns exit code 70."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f"{last[0].name}, line {last[0].lineno}" if last else "an unknown place"
    try:
        plea = f"Please attach {_write(error)} to an issue; it holds no value of yours."
    except OSError as trouble:
        # Raised from here, it would drag the first error's own words into a traceback.
        plea = f"No report of it could be written: {trouble.strerror or type(trouble).__name__}."
    click.echo(
        f"That is a bug of whatsapp-wizard ({type(error).__name__} in {where}), not a mistake of"
        f" yours. {plea}",
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
    """Version, machine and where it happened: frames without their variables, and of messages
    nothing that could be a token."""
    lines = [
        f"whatsapp-wizard {__version__}, Python {platform.python_version()}, {sys.platform}",
        "",
    ]
    for cause in _chain(error):
        lines += [
            f"  {frame.filename.rpartition('/')[2]}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        lines += [f"{type(cause).__name__}: {_SECRET_LIKE.sub('•••', str(cause))}", ""]
    return "\n".join(lines)


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        if isinstance(error, BaseExceptionGroup):
            chain += [inner for inner in error.exceptions if inner not in chain]
        error = error.__cause__ or error.__context__
    return chain
