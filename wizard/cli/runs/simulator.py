"""The one door to the simulator: a pretend Meta on loopback, its portal, and a way in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

import click

from wizard.graph import Graph
from wizard.settings import GRAPH_VERSION
from wizard.support.threads import run_in_thread
from wizard.tunnel.tunnel import Changes, TunnelChange
from wizard.values.credentials import Secret, Values, plain
from wizard.world import TunnelOptions

if TYPE_CHECKING:
    from wizard.simulator import Meta

_IMPORT_LIMIT = 60.0
_LISTENING = "whatsapp-wizard listen --env --url http://127.0.0.1:8000"
_FLAGS = {
    "message.payment": " --template order_ready --language id",
    "message.window_closed": ' --text "Hello"',
}
_TOLD_LATER = {"message.window_closed", "message.delivered", "message.failed"}


@dataclass(frozen=True)
class Simulation:
    """Where the pretend Meta answers, and the six values of its developer."""

    base_url: str
    values: Values
    about: str
    portal: SimulatedPortal
    errands: tuple[str, ...] = ()
    """The commands that meet what the scenario breaks, where that is a message."""
    rehearsals: tuple[str, ...] = ()
    """What one needs to go through it: who may be written to, a fresh token, one's own endpoint."""


class SimulatedPortal:
    """The portal's Configuration page and a customer's phone, both pretended."""

    def __init__(self, meta: Meta, base_url: str) -> None:
        self._meta = meta
        self._base_url = base_url

    @property
    def recipient(self) -> str:
        from wizard.simulator.world.people import Customer

        return Customer().wa_id

    async def verify_and_save(self, callback_url: str, verify_token: Secret) -> None:
        graph = Graph(self._base_url, GRAPH_VERSION)
        app = self._meta.app
        try:
            await graph.callbacks.set_app_subscription(
                app.id, app.secret, callback_url, verify_token
            )
        finally:
            await graph.close()

    async def generate_token(self, *, permanent: bool = False) -> Secret:
        from wizard.simulator.world.objects import Kind
        from wizard.simulator.world.state import DAY

        if permanent:
            return self._meta.issue(self._meta.app, Kind.SYSTEM_USER).text
        return self._meta.issue(self._meta.app, lifetime=DAY).text

    async def write_to_us(self, text: str) -> None:
        self._meta.dispatcher.inbound_text(text)


class SimulatedTunnel:
    """A second port on loopback that passes everything on, in place of a public address."""

    kind = "simulator"

    def __init__(self, _way: TunnelOptions, _folder: Path) -> None:
        self.url: str | None = None
        self.changes = Changes()
        self._stack = AsyncExitStack()

    async def open(self, port: int) -> str:
        from wizard.simulator.calls_out.tunnel import serve_tunnel

        base: str = await self._stack.enter_async_context(serve_tunnel(port))
        self.url = base
        self.changes.emit(TunnelChange("up", base))
        return base

    async def close(self) -> None:
        if self.url is not None:
            self.url = None
            await self._stack.aclose()
            self.changes.emit(TunnelChange("closed"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()


@asynccontextmanager
async def simulated(
    scenario: str | None = None, *, port: int = 0, delay: float = 0.0
) -> AsyncIterator[Simulation]:
    """Serves Meta until the block is left; `scenario` breaks it in that way, and `delay` seconds
    pass before each answer. Raises `click.ClickException` for a taken port and an unknown name.
    """
    # Importing the server takes 0.2 s, which a screen that is already up would feel.
    await run_in_thread(_import, timeout=_IMPORT_LIMIT)
    from wizard.simulator import (
        SCENARIOS,
        Meta,
        PortInUseError,
        UnknownScenarioError,
        create_app,
        demo_values,
        serve,
    )
    from wizard.simulator import scenario as broken

    meta = Meta(delay=delay)
    try:
        meta, values = broken(scenario, meta) if scenario else (meta, demo_values(meta))
    except UnknownScenarioError as error:
        raise click.UsageError(str(error)) from None
    async with AsyncExitStack() as stack:
        stack.push_async_callback(meta.close)
        try:
            base_url = await stack.enter_async_context(serve(create_app(meta), port))
        except PortInUseError:
            raise click.ClickException(
                f"Port {port} is in use. Choose another, or leave --port out."
            ) from None
        except OSError as error:
            raise click.ClickException(f"Can't open port {port}: {error.strerror}.") from None
        address = SCENARIOS[scenario].address(base_url) if scenario else base_url
        about = SCENARIOS[scenario].about if scenario else ""
        portal = SimulatedPortal(meta, base_url)
        errands = _errands(scenario, portal.recipient)
        rehearsals = tuple([line async for line in _rehearsals(scenario, portal)])
        yield Simulation(address, values, about, portal, errands, rehearsals)


def scenarios() -> Iterator[tuple[str, str]]:
    """The name of each scenario, and what it breaks."""
    from wizard.simulator import SCENARIOS

    for name, scenario in SCENARIOS.items():
        yield name, scenario.about


async def _rehearsals(name: str | None, portal: SimulatedPortal) -> AsyncIterator[str]:
    yield f"Recipient who may be written to: +{portal.recipient}"
    if name is not None and name.startswith("access_token."):
        token = plain(await portal.generate_token())
        yield f"A fresh token, to replace the broken one: {token}"
    yield "Your own endpoint: whatsapp-wizard doctor --url http://127.0.0.1:8000/webhook"


def _errands(name: str | None, recipient: str) -> tuple[str, ...]:
    """Most faults of messages are met by one recipient and one content alone, and some are told
    later, to who listens."""
    from wizard.simulator import SCENARIOS
    from wizard.simulator.faults.message import ARGENTINE

    if name is None or SCENARIOS[name].asked_by != "send":
        return ()
    to = ARGENTINE if SCENARIOS[name].finding == "message.recipient_rewritten" else recipient
    sending = f"whatsapp-wizard send +{to} --env{_FLAGS.get(name, '')}"
    later = name in _TOLD_LATER or name.endswith("/later")
    return (_LISTENING, sending) if later else (sending,)


def _import() -> None:
    import wizard.simulator  # noqa: F401
