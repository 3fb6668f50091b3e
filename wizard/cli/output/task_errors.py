"""What asyncio logs of a task that failed with nobody waiting for it: where, and no value."""

from __future__ import annotations

import logging


def hide_values() -> None:
    """From now on asyncio's log, which ends on stderr, quotes no error. An error's own words, and
    a task's, may hold a secret."""
    logging.getLogger("asyncio").addFilter(_tell_where)


def _tell_where(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args, record.exc_info = f"A task failed.\n{_text(error)}", (), None
    return True


def _text(error: BaseException) -> str:
    try:
        from wizard.cli.output.crash_report import crash_text  # with what makes its file

        return crash_text(error)
    except OSError:  # no file can be opened any more; raised from a log, this would end the program
        return type(error).__name__
