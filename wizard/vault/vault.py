"""What a vault can do, and one that keeps nothing beyond the run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

from wizard.values.credentials import Value, Values
from wizard.vault.errors import VaultError


class Backend(NamedTuple):
    """Where values are kept, as a person knows it."""

    name: str
    plaintext: bool = False


class Vault(Protocol):
    """Where the six are kept. Every call may raise `VaultError`."""

    persistent: bool

    async def load(self) -> Values: ...

    async def put(self, name: str, value: Value) -> None: ...

    async def delete(self, name: str) -> bool: ...

    async def describe(self) -> Backend: ...


class WholeVault(Vault, Protocol):
    """One that is taken over or emptied as a whole, with one call of the backend for each value."""

    async def holds_any(self) -> bool:
        """Whether something is stored here, where the backend can tell that without being asked
        for each value; otherwise false."""

    async def put_all(self, values: Values) -> None:
        """Stores all values, and reads back what the backend does not confirm."""

    async def delete_all(self, names: Iterable[str]) -> None:
        """Deletes the entries of these names, of which some may be gone."""


class ShutVault:
    """A keyring that can't be used in this run: every call raises what kept it from being opened,
    and nobody is asked again."""

    persistent = True

    def __init__(self, error: VaultError) -> None:
        self._error = error

    async def load(self) -> Values:
        raise self._error

    async def put(self, name: str, value: Value) -> None:
        raise self._error

    async def delete(self, name: str) -> bool:
        raise self._error

    async def describe(self) -> Backend:
        raise self._error

    async def holds_any(self) -> bool:
        raise self._error

    async def put_all(self, values: Values) -> None:
        raise self._error

    async def delete_all(self, names: Iterable[str]) -> None:
        raise self._error


class MemoryVault:
    """Keeps values for as long as the program runs."""

    persistent = False

    def __init__(self, values: Values | None = None) -> None:
        self._values = values or Values()

    async def load(self) -> Values:
        return self._values

    async def put(self, name: str, value: Value) -> None:
        self._values = self._values.with_(name, value)

    async def delete(self, name: str) -> bool:
        held = self._values.get(name) is not None
        self._values = self._values.with_(name, None)
        return held

    async def describe(self) -> Backend:
        return Backend("memory")
