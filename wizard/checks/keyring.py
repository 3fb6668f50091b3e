"""The keyring: is there one, open, and not in clear text?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.context import CheckContext
from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.findings import Finding, new_finding
from wizard.vault import VaultError


async def run(context: CheckContext) -> AsyncIterator[Finding]:
    world = context.world
    if world.vault_error is not None:
        yield finding_for_vault_error(world.vault_error)
        return
    if world.vault is None:
        return
    try:
        backend = await world.vault.describe()
    except VaultError as error:
        yield finding_for_vault_error(error)
        return
    held = sum(1 for _ in world.values.present())
    yield new_finding("keyring.ok", f"{backend.name}, {held} of 6 stored")
    if backend.plaintext:
        yield new_finding("keyring.plaintext", backend.name)
