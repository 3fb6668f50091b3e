"""Python's search for garbage, put off while a program loads: nearly all that is made then stays,
and looking through it again and again takes a twentieth of a start."""

from __future__ import annotations

import gc


def put_off() -> None:
    """Searches no more, until `take_up`."""
    gc.disable()


def leave_out_loaded() -> None:
    """Has what is there by now never searched: it was loaded, and stays."""
    gc.freeze()


def take_up() -> None:
    """Searches from now on, and not among what is there already."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
