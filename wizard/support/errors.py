"""What a person can meet and mend, told in one line instead of a traceback."""

from __future__ import annotations


class ExpectedError(Exception):
    """The text says what is the matter; `exit_code` is what the command line ends with."""

    exit_code = 1
