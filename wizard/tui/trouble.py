"""What the app is told of when a vault does not do what was asked of it."""

from __future__ import annotations

from collections.abc import Callable

from textual.message import Message

from wizard.checks.keyring import trouble
from wizard.tui.screens.choice import ChoiceModal
from wizard.vault import VaultError


class VaultFailed(Message):
    """A vault failed; `again` asks it once more, after a person was asked about it."""

    def __init__(self, error: VaultError, again: Callable[[], None]) -> None:
        super().__init__()
        self.error = error
        self.again = again


def vault_modal(error: VaultError) -> ChoiceModal:
    """What the vault said, and what may be done: `again`, `memory` or `quit`."""
    finding = trouble(error)
    steps = "\n".join(f"→ {step}" for step in finding.fix)
    text = "\n".join(filter(None, [finding.cause, finding.evidence, "", steps, ""]))
    answers = [
        ("again", "Try again"),
        ("memory", "Go on in memory for now: nothing is kept when you leave"),
        ("quit", "Leave"),
    ]
    return ChoiceModal(finding.title, text, answers)
