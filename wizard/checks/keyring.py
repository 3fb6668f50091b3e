"""The keyring: is there one, open, and not in clear text?"""

from __future__ import annotations

from collections.abc import AsyncIterator

from wizard.checks.check import Check
from wizard.checks.context import Questions
from wizard.findings import Finding, found
from wizard.vault import VaultError


async def judge(questions: Questions) -> AsyncIterator[Finding]:
    world = questions.world
    if world.trouble is not None:
        yield trouble(world.trouble)
        return
    if world.vault is None:
        return
    try:
        backend = await world.vault.describe()
    except VaultError as error:
        yield trouble(error)
        return
    held = sum(1 for _ in world.values.present())
    yield found("keyring.ok", f"{backend.name}, {held} of 6 stored")
    if backend.plaintext:
        yield found("keyring.plaintext", backend.name)


def trouble(error: VaultError) -> Finding:
    """The finding for what the vault said."""
    return found(f"keyring.{error.reason}", error.detail)


CHECK = Check("keyring", judge)
