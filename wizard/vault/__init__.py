"""The credentials in the system's keyring: get, put, forget, and one exception with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.support.late_names import names_from

if TYPE_CHECKING:
    from wizard.vault.errors import Reason, VaultError
    from wizard.vault.keyring import KeyringVault, MachineVault
    from wizard.vault.vault import Backend, MemoryVault, ShutVault, Vault, WholeVault
    from wizard.vault.waiting import told_of_a_wait

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

# What only looks into the keyring needs nothing that runs tasks.
__getattr__ = names_from(
    __name__,
    {
        "errors": ("Reason", "VaultError"),
        "keyring": ("KeyringVault", "MachineVault"),
        "vault": ("Backend", "MemoryVault", "ShutVault", "Vault", "WholeVault"),
        "waiting": ("told_of_a_wait",),
    },
)
