"""How long the keyring may take, and who is told that it takes a while."""

from __future__ import annotations

from collections.abc import Callable

LIMIT = 60.0
"""Seconds for one call: time enough to type a wallet's password into its dialog."""
PATIENCE = 1.0
"""Seconds after which one wonders what is going on."""

on_wait: list[Callable[[], None]] = [lambda: None]
"""The last of these is called where a call takes that long."""
