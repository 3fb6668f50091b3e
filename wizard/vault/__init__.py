"""The credentials in the system's keyring: get, put, forget, and one exception with a reason."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

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

_HOMES = {
    "Reason": "errors",
    "VaultError": "errors",
    "KeyringVault": "keyring",
    "MachineVault": "keyring",
    "Backend": "vault",
    "MemoryVault": "vault",
    "ShutVault": "vault",
    "Vault": "vault",
    "WholeVault": "vault",
    "told_of_a_wait": "waiting",
}
"""The file of each name is loaded with the first that is asked for: what only looks into the
keyring needs none that runs tasks."""


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    found: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    return found
