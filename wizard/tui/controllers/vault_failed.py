"""What a vault that failed tells the app."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from wizard.vault import VaultError


class VaultFailed(Message):
    """A vault failed; `again` asks it once more, after a person was asked about it."""

    def __init__(self, error: VaultError, again: Callable[[], None]) -> None:
        super().__init__()
        self.error = error
        self.again = again
