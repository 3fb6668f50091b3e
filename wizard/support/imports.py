"""What a library would load, and nobody here uses."""

from __future__ import annotations

import sys


def leave_out(module: str) -> None:
    """Has importing this module fail, as where it is not installed; one that is loaded stays."""
    sys.modules.setdefault(module, None)  # type: ignore[arg-type] - what Python takes for "absent"


def leave_out_command_line() -> None:
    """For who is about to import httpx: with it comes its own command line where rich is installed,
    as it is here, and takes as long to load as the rest of it."""
    leave_out("httpx._main")
