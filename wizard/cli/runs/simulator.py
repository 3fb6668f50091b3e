"""The one door to the simulator: a pretend Meta on loopback, its portal, and a way in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import click

from wizard.support.threads import run_in_thread
from wizard.values.credentials import Secret, Values, plain

if TYPE_CHECKING:
    from wizard.simulator import Meta
    from wizard.tunnel.tunnel import TunnelChange
    from wizard.world import TunnelOptions

_IMPORT_LIMIT = 60.0
_LISTENING = "whatsapp-wizard listen --env --url http://127.0.0.1:8000"
_FLAGS = {
    "message.payment": " --template order_ready --language id",
    "message.window_closed": ' --text "Hello"',
}
_TOLD_LATER = {"message.window_closed", "message.delivered", "message.failed"}


class Simulation(NamedTuple):
    """Where the pretend Meta answers, and the six values of its developer."""

    base_url: str
    values: Values
    about: str
    portal: SimulatedPortal
    customers: SimulatedCustomers
    errands: tuple[str, ...] = ()
    """The commands that meet what the scenario breaks, where that is a message."""
    rehearsals: tuple[str, ...] = ()
    """What one needs to go through it: who may be written to, a fresh token, one's own endpoint."""

    async def warm_up(self) -> None:
        """Loads now what the first request would wait for."""
        from wizard.simulator.graph_api.app import load

        await load()


class SimulatedPortal:
    """The portal's pages, in whichever layout, and a customer's phone, all of them simulated."""

    def __init__(self, meta: Meta, base_url: str, values: Values) -> None:
        self._meta = meta
        self._base_url = base_url
        self._values = values

    @property
    def recipient(self) -> str:
        from wizard.simulator.world.people import Customer

        return Customer().wa_id

    def copied(self, text: str) -> str:
        for name, value in self._values.present():
            if not isinstance(value, Secret):
                text = text.replace(f"{{{name}}}", value)
        return text

    async def verify_and_save(self, callback_url: str, verify_token: Secret) -> None:
        from wizard.graph import Graph
        from wizard.settings import GRAPH_VERSION

        graph = Graph(self._base_url, GRAPH_VERSION)
        app = self._meta.app
        try:
            await graph.callbacks.set_app_subscription(
                app.id, app.secret, callback_url, verify_token
            )
        finally:
            await graph.close()

    async def register(self, callback_url: str, verify_token: Secret) -> str | None:
        """As `verify_and_save`, and subscribes to every field; what Meta says where it fails."""
        from wizard.simulator.errors import GraphError as Refusal
        from wizard.simulator.graph_api.subscriptions import register

        try:
            await register(self._meta, callback_url, verify_token)
        except Refusal as error:
            return error.message
        return None

    async def generate_token(self, *, permanent: bool = False) -> Secret:
        from wizard.simulator.world.objects import Kind
        from wizard.simulator.world.state import DAY

        if permanent:
            return self._meta.issue(self._meta.app, Kind.SYSTEM_USER).text
        return self._meta.issue(self._meta.app, lifetime=DAY).text

    async def write_to_us(self, text: str) -> None:
        self._meta.dispatcher.inbound_text(text)

    async def write_without_number(self, text: str) -> None:
        from wizard.simulator.calls_out import payloads
        from wizard.simulator.world.people import HIDDEN

        self._meta.dispatcher.inbound_message(payloads.text(text), sender=HIDDEN)


class SimulatedCustomers:
    """Who writes to the test number, in the words of a command line; what nobody listens to yet
    is held until somebody does."""

    def __init__(self, meta: Meta) -> None:
        self._meta = meta
        self._sender: Mapping[str, object] = {"from": self.recipient}

    @property
    def recipient(self) -> str:
        """Whom the test number may write to, in digits."""
        added = self._meta.dispatcher.sending_rules.added_recipients
        return added[0] if added else _default()

    def say(self, text: str) -> None:
        """The recipient writes."""
        self._write({"from": self.recipient, "type": "text", "text": text})

    def take_line(self, line: str) -> str:
        """Does what a line of standard input says; what that was, in a sentence.

        Raises `ValueError`, whose text says what is wrong with it.
        """
        from wizard.simulator.calls_out.inbound import from_line

        given, self._sender = from_line(line, self._sender)
        if given is None:
            return f"You write as {self._sender.get('from') or self.recipient} now."
        return self._write(given)

    def on_sent(self, heard: Callable[[str, str, str], object]) -> None:
        """Has each message of the business told: whom it went to, its type, its words."""
        outbox = self._meta.outbox
        outbox.on_sent.append(lambda sent: heard(sent.to, sent.type, sent.text or ""))

    def _write(self, given: Mapping[str, object]) -> str:
        from wizard.simulator.calls_out.inbound import read

        found = read(self._meta, given)
        dispatcher = self._meta.dispatcher
        heard = dispatcher.is_heard(found.phone, found.field)
        dispatcher.inbound_message(
            found.part, sender=found.sender, to=found.phone, field=found.field, holds=True
        )
        kind = found.part.get("type", "call")
        later = "" if heard else " It waits until a callback is registered."
        return f"Sent as {found.sender.key}: {kind}.{later}"


def _closed() -> TunnelChange:
    from wizard.tunnel.tunnel import TunnelChange

    return TunnelChange("closed")


class SimulatedTunnel:
    """A second port on loopback that passes everything on, in place of a public address."""

    kind = "simulator"

    def __init__(self, _way: TunnelOptions, _folder: Path) -> None:
        from wizard.tunnel.tunnel import Changes

        self.url: str | None = None
        self.changes = Changes()
        self._stack = AsyncExitStack()

    async def open(self, port: int) -> str:
        from wizard.simulator.calls_out.tunnel import serve_tunnel
        from wizard.tunnel.tunnel import TunnelChange

        base: str = await self._stack.enter_async_context(serve_tunnel(port))
        self.url = base
        self.changes.emit(TunnelChange("up", base))
        return base

    async def close(self) -> None:
        if self.url is not None:
            self.url = None
            await self._stack.aclose()
            self.changes.emit(_closed())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()


@asynccontextmanager
async def simulated(
    scenario: str | None = None,
    *,
    port: int = 0,
    delay: float = 0.0,
    allowed: Sequence[str] = (),
    on_unsimulated: Callable[[str], object] | None = None,
) -> AsyncIterator[Simulation]:
    """Serves Meta until the block is left; `scenario` breaks it in that way, and `delay` seconds
    pass before each answer. `allowed` are the numbers, in digits, that the test number may write to
    besides its own recipient, or `any`; `on_unsimulated` is told of each request that nothing here
    can answer. Raises `click.ClickException` for a taken port and an unknown name.
    """
    # Importing the server takes 0.2 s, which a screen that is already up would feel.
    await run_in_thread(_import, timeout=_IMPORT_LIMIT)
    from wizard.simulator import Meta, PortInUseError, create_app, serve

    meta = Meta(delay=delay, on_unsimulated=on_unsimulated)
    values, about, move = _broken(scenario, meta)
    meta.dispatcher.sending_rules.allow(allowed)
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
        meta.origin = base_url
        portal, customers = SimulatedPortal(meta, base_url, values), SimulatedCustomers(meta)
        errands = _errands(scenario, portal.recipient)
        rehearsals = tuple([line async for line in _rehearsals(scenario, portal)])
        yield Simulation(move(base_url), values, about, portal, customers, errands, rehearsals)


def _broken(scenario: str | None, meta: Meta) -> tuple[Values, str, Callable[[str], str]]:
    """What the victim has, what is broken, and where the victim looks for what is served; Meta is
    changed. Raises `click.UsageError` for an unknown name."""
    from wizard.simulator import demo_values

    if scenario is None:
        return demo_values(meta), "", str
    from wizard.simulator import SCENARIOS, UnknownScenarioError
    from wizard.simulator import scenario as broken

    try:
        _, values = broken(scenario, meta)
    except UnknownScenarioError as error:
        raise click.UsageError(str(error)) from None
    return values, SCENARIOS[scenario].about, SCENARIOS[scenario].address


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
    if name is None:
        return ()
    from wizard.simulator import SCENARIOS
    from wizard.simulator.faults.message import ARGENTINE

    if SCENARIOS[name].asked_by != "send":
        return ()
    to = ARGENTINE if SCENARIOS[name].finding == "message.recipient_rewritten" else recipient
    sending = f"whatsapp-wizard send +{to} --env{_FLAGS.get(name, '')}"
    later = name in _TOLD_LATER or name.endswith("/later")
    return (_LISTENING, sending) if later else (sending,)


def _default() -> str:
    from wizard.simulator.world.people import Customer

    return Customer.wa_id


def _import() -> None:
    import wizard.simulator  # noqa: F401
