"""What the keyring said, as a finding."""

from __future__ import annotations

from wizard.findings import Finding, new_finding
from wizard.vault import VaultError


def finding_for_vault_error(error: VaultError) -> Finding:
    """The finding for what the vault said."""
    return new_finding(f"keyring.{error.reason}", error.detail)
