"""Tunnels that a test holds in its hand, and what a connection over them tells."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.events import Event
from wizard.settings import GRAPH_VERSION, Settings
from wizard.tunnel.tunnel import Changes, TunnelChange, TunnelError
from wizard.values.credentials import Secret, Values
from wizard.world import TunnelOptions, World

Kind = TypeVar("Kind")
TOKEN = Secret("a-token-of-the-tests")
SECRET = Secret("0123456789abcdef0123456789abcdef")


class HeldTunnel:
    """Leads straight to the port; `lose`, `move` and `die` are what happens to real ones."""

    kind = "held"

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.host = host
        self.port = 0
        self.url: str | None = None
        self.changes = Changes()

    async def open(self, port: int) -> str:
        self.port, self.url = port, f"http://{self.host}:{port}"
        self.changes.emit(TunnelChange("up", self.url))
        return self.url

    async def close(self) -> None:
        if self.url is not None:
            self.url = None
            self.changes.emit(TunnelChange("closed"))

    def move(self, host: str) -> None:
        self.url = f"http://{host}:{self.port}"
        self.changes.emit(TunnelChange("reconnected", self.url))

    def die(self) -> None:
        self.url = None
        self.changes.emit(TunnelChange("closed", None, "The agent stopped."))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()


@dataclass
class Tunnels:
    """Hands out tunnels one after another; an error in their place is raised on opening."""

    then: list[HeldTunnel | TunnelError] = field(default_factory=list)
    made: list[HeldTunnel] = field(default_factory=list)

    def __call__(self, _way: TunnelOptions, _folder: Path) -> HeldTunnel:
        what = self.then.pop(0) if self.then else HeldTunnel()
        if isinstance(what, TunnelError):
            return _Refused(what)
        self.made.append(what)
        return what


class _Refused(HeldTunnel):
    def __init__(self, error: TunnelError) -> None:
        super().__init__()
        self.error = error

    async def open(self, port: int) -> str:
        raise self.error


@dataclass
class Told:
    """What a connection tells, in the order in which it is asked for."""

    connection: WebhookConnection
    seen: list[Event] = field(default_factory=list)

    async def until(self, kind: type[Kind], fits: Callable[[Kind], bool] = lambda _: True) -> Kind:
        """The next event of this kind that fits; those before it are `seen`."""
        async with asyncio.timeout(10):
            async for event in self.connection.events:
                self.seen.append(event)
                if isinstance(event, kind) and fits(event):
                    return event
        raise AssertionError(f"no {kind.__name__} among {self.seen}")


@asynccontextmanager
async def connected(
    tunnels: Tunnels | None = None,
    values: Values | None = None,
    graph_url: str = "http://127.0.0.1:9",
    **options: Any,
) -> AsyncIterator[tuple[WebhookConnection, Told]]:
    """A connection, still closed; it is closed again when the block is left."""
    values = values or Values(verify_token=TOKEN, app_secret=SECRET)
    world = World.from_settings(Settings("test", graph_url, GRAPH_VERSION), values)
    world.tunnels = tunnels or Tunnels()
    async with world, WebhookConnection(world, **options) as connection:
        yield connection, Told(connection)
