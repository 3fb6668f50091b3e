"""The credentials in the system's keyring: get, put, forget, and one exception with a reason."""

from __future__ import annotations

from wizard.vault.errors import Reason, VaultError
from wizard.vault.keyring import KeyringVault, MachineVault, told_of_a_wait
from wizard.vault.vault import Backend, MemoryVault, ShutVault, Vault, WholeVault

__all__ = [
    "Backend",
    "KeyringVault",
    "MachineVault",
    "MemoryVault",
    "Reason",
    "ShutVault",
    "Vault",
    "VaultError",
    "WholeVault",
    "told_of_a_wait",
]
