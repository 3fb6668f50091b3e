"""A vault did not do what was asked of it: what it said, and what may be done."""

from __future__ import annotations

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.vault import VaultError


def vault_modal(error: VaultError) -> ChoiceModal:
    """What the vault said, and what may be done: `again`, `memory` or `quit`."""
    finding = finding_for_vault_error(error)
    text = "\n".join(filter(None, [finding.cause, finding.evidence]))
    answers = [
        ("again", "Try again"),
        ("memory", "Continue in memory; values are lost when you leave"),
        ("quit", "Leave"),
    ]
    return ChoiceModal(finding.title, text, answers, finding.fix)
