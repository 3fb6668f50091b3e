"""What checks and journeys are given, and all they are given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wizard.credentials import Values
from wizard.graph import LIMIT, Graph
from wizard.settings import Settings
from wizard.vault import Vault, VaultError

if TYPE_CHECKING:
    from types import TracebackType


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class World:
    """One profile's values and the rooms around them.

    `vault` is `None` where the values came from the environment or a file; `trouble` is what the
    vault said when they could not be read from it; `limit` is the seconds a request may take.
    """

    profile: str
    values: Values
    graph_url: str
    graph_version: str
    vault: Vault | None = None
    trouble: VaultError | None = None
    clock: Callable[[], datetime] = utc_now
    limit: float = LIMIT
    _graph: Graph | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls, settings: Settings, values: Values | None = None, vault: Vault | None = None
    ) -> World:
        """A world at the address that the settings name."""
        return cls(
            settings.profile,
            values or Values(),
            settings.graph_url,
            settings.graph_version,
            vault,
        )

    async def load(self) -> World:
        """Reads the values from the vault; where it can't be read, `trouble` says why."""
        if self.vault is not None:
            try:
                self.values, self.trouble = await self.vault.load(), None
            except VaultError as error:
                self.trouble = error
        return self

    @property
    def graph(self) -> Graph:
        if self._graph is None:
            self._graph = Graph(
                self.graph_url,
                self.graph_version,
                secret=self.values.app_secret,
                limit=self.limit,
            )
        return self._graph

    def with_values(self, values: Values) -> World:
        """The same rooms with other values, for testing what is not stored yet."""
        return replace(self, values=values, _graph=None)

    async def close(self) -> None:
        if self._graph is not None:
            await self._graph.close()
            self._graph = None

    async def __aenter__(self) -> World:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.close()
