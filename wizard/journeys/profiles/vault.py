"""A keyring can't say which profiles it holds: whatever is stored is listed in the state first."""

from __future__ import annotations

from contextlib import suppress

from wizard.state import StateError, StateFile
from wizard.support.threads import run_in_thread
from wizard.values.credentials import Value, Values
from wizard.vault import Backend, Vault

_LIMIT = 10.0


class ProfileVault:
    """A profile's vault. Before the first value goes in, the profile has its entry in the state,
    so that nothing lies in the keyring under a name that is not listed."""

    def __init__(self, profile: str, vault: Vault, state: StateFile) -> None:
        self.persistent = vault.persistent
        self._profile = profile
        self._vault = vault
        self._state = state

    async def load(self) -> Values:
        return await self._vault.load()

    async def put(self, name: str, value: Value) -> None:
        # A state that can't be written keeps nobody from storing a value.
        with suppress(StateError, TimeoutError):
            await run_in_thread(lambda: self._state.add_profile(self._profile), timeout=_LIMIT)
        await self._vault.put(name, value)

    async def delete(self, name: str) -> bool:
        return await self._vault.delete(name)

    async def describe(self) -> Backend:
        return await self._vault.describe()
