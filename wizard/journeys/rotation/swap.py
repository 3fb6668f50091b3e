"""The moment in which a new access token takes the place of the stored one."""

from __future__ import annotations

from contextlib import suppress

from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.findings import Finding, new_finding
from wizard.journeys.rotation.stages import NAME
from wizard.values.credentials import Secret
from wizard.vault import Reason, Vault, VaultError
from wizard.world import World

_UNWRITTEN = {Reason.NO_BACKEND, Reason.LOCKED, Reason.REFUSED}


async def swap(world: World, token: Secret) -> tuple[bool, list[Finding]]:
    """Whether the token is stored now, and what is to be said of it.

    What was not kept as it was given is taken out again for the old one.
    """
    vault, old = world.vault, world.values.access_token
    if vault is None:
        return False, []
    try:
        await vault.put(NAME, token)
    except VaultError as error:
        is_new, said = await _after(vault, error, token, old)
        said = [finding_for_vault_error(error), *said]
    else:
        is_new, said = True, [await _swapped(vault, old)]
    if is_new:
        world.values = world.values.with_(NAME, token)
    return is_new, said


def kept(old: Secret | None, cause: Finding) -> Finding:
    """That the stored token is as it was, and what kept it."""
    what = "The stored token is unchanged" if old is not None else "No token is stored"
    return new_finding("access_token.kept", f"{what}; reason: {cause.title}")


async def _after(
    vault: Vault, error: VaultError, token: Secret, old: Secret | None
) -> tuple[bool, list[Finding]]:
    """What is stored after a write that failed. Of one that is given up nothing can be told: it
    may still come to pass."""
    if error.reason is Reason.TIMEOUT:
        return False, []
    try:
        held = old if error.reason in _UNWRITTEN else (await vault.load()).access_token
        if held == token:
            return True, [await _swapped(vault, old)]
        if held != old:
            await (vault.delete(NAME) if old is None else vault.put(NAME, old))
    except VaultError:
        return False, []
    return False, [kept(old, finding_for_vault_error(error))]


async def _swapped(vault: Vault, old: Secret | None) -> Finding:
    with suppress(VaultError):
        where = (await vault.describe()).name
        gone = "; the old one was replaced" if old is not None else ""
        return new_finding("access_token.swapped", f"In {where}{gone}")
    return new_finding("access_token.swapped")
