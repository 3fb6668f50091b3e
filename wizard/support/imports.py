"""What a library would look for or load, and nobody here uses."""

from __future__ import annotations

import sys
from functools import cache
from importlib.util import find_spec
from typing import Any


@cache
def before_httpx() -> None:
    """For who is about to import httpx.

    With it comes its own command line where rich is installed, as it is here, and takes as long to
    load as the rest of it. And httpcore tries to import sniffio anew for every lock that it makes:
    where that is not installed, all of the path is searched some ten times a request.
    """
    _leave_out("httpx._main")
    if find_spec("sniffio") is None:
        _leave_out("sniffio")


def _leave_out(module: str) -> None:
    """Has importing it fail at once, as where it is not installed; one that is loaded stays."""
    absent: Any = None  # what Python takes for it
    sys.modules.setdefault(module, absent)
