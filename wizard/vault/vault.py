"""What a vault can do, and one that keeps nothing beyond the run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from wizard.values.credentials import Value, Values


@dataclass(frozen=True)
class Backend:
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
