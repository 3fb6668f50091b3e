"""How many columns a text may take."""

from __future__ import annotations

import os
import sys

_WITHOUT_A_TERMINAL = 80
_WIDEST, _LEAST, _MARGIN = 80, 50, 2
"""What `click.HelpFormatter` holds a help page to."""


def terminal_columns() -> int:
    """What `shutil.get_terminal_size` says of the columns: with that module come those of four
    compressors, which take a tenth of the time of --help."""
    try:
        columns = int(os.environ["COLUMNS"])
    except (KeyError, ValueError):
        columns = 0
    if columns > 0:
        return columns
    stream = sys.__stdout__
    try:
        columns = os.get_terminal_size(stream.fileno()).columns if stream else 0
    except (ValueError, OSError):
        columns = 0
    return columns or _WITHOUT_A_TERMINAL


def help_columns() -> int:
    """The width of a help page, as click would choose it."""
    return max(min(terminal_columns(), _WIDEST) - _MARGIN, _LEAST)
