"""A simulator on a thread of its own, for tests that know nothing of asyncio."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator import scenario as broken
from wizard.simulator.calls_out.inbound import read
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api.control import failure
from wizard.simulator.graph_api.subscriptions import register
from wizard.simulator.world.outbox import Sent
from wizard.simulator.world.people import Customer
from wizard.values.credentials import CREDENTIALS, Secret, Values, plain

T = TypeVar("T")
_TIMEOUT = 10.0
_START = 30.0
_PAUSES = (0.05, 0.2, 0.5)
"""Seconds before an event is delivered again."""


@dataclass(frozen=True)
class SentMessage:
    """A message of the business, as it has come so far; `request` is what was asked for."""

    id: str
    to: str
    type: str
    text: str | None
    status: str
    request: Mapping[str, Any] = field(repr=False)


class CallbackRefusedError(Exception):
    """The callback did not take the handshake; the text is what Meta would say."""


class RunningSimulator:
    """What the fixture hands over. All of it may be called from any thread, and waits until the
    simulator has done it."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, meta: Meta, values: Values, url: str
    ) -> None:
        self._loop = loop
        self._meta = meta
        self._values = values
        self.base_url = url

    @property
    def meta(self) -> Meta:
        """The world itself, for what this class has no word for; to be touched while nothing is
        asked of the simulator."""
        return self._meta

    @property
    def credentials(self) -> dict[str, str]:
        """The six values by their names, `access_token` and so on, as plain text: they are worth
        nothing anywhere else."""
        return {name: plain(value) for name, value in self._values.present()}

    @property
    def recipient(self) -> str:
        """Whom the test number may write to, and who writes where no sender is named."""
        return Customer.wa_id

    @property
    def env(self) -> dict[str, str]:
        """The same as environment variables, with the base URL."""
        named = {CREDENTIALS[name].env: value for name, value in self.credentials.items()}
        recipient = {"WHATSAPP_RECIPIENT": self.recipient}
        return {"WHATSAPP_WIZARD_GRAPH_URL": self.base_url, **named, **recipient}

    @property
    def sent(self) -> list[SentMessage]:
        """What the business has sent so far, in order."""
        return self._do(lambda: [_told(one) for one in self._meta.outbox.sent])

    def say(self, text: str, *, sender: str | None = None, name: str | None = None) -> str:
        """A customer writes a text; its id. `sender` is a number, or a user ID such as `US.…`."""
        return self.write({"type": "text", "text": text, "from": sender, "name": name})

    def write(self, message: Mapping[str, Any]) -> str:
        """A customer sends anything, as `POST /_simulator/messages` takes it; its id.

        It waits for a callback where none is registered. Raises `ValueError`.
        """

        def write() -> str:
            found = read(self._meta, message)
            return self._meta.dispatcher.inbound_message(
                found.part, sender=found.sender, to=found.phone, field=found.field, holds=True
            )

        return self._do(write)

    def register(self, callback_url: str, verify_token: str | None = None) -> None:
        """Does what the dashboard does: the handshake, then all fields. The verify token is the
        one among the credentials unless it is given. Raises `CallbackRefusedError`."""
        token = Secret(verify_token or self.credentials.get("verify_token", ""))
        try:
            self._await(lambda: register(self._meta, callback_url, token))
        except GraphError as error:
            raise CallbackRefusedError(error.message) from None

    def allow(self, *numbers: str) -> None:
        """Lets the test number write to these too, or to anybody where one is `any`."""
        digits = ["any" if one == "any" else _digits(one) for one in numbers]
        self._do(lambda: self._meta.dispatcher.sending_rules.allow(digits))

    def fail_next(
        self,
        code: int,
        *,
        details: str = "",
        title: str | None = None,
        later: bool | None = None,
        count: int = 1,
    ) -> None:
        """The next `count` messages fail: refused at once, or taken and failed by a webhook where
        `later`; left out, it is as Meta does with this code."""
        given = {"title": title, "details": details, "later": later}
        self._do(lambda: self._meta.outbox.failures.extend([failure(code, given)] * count))

    def wait_for_sent(self, count: int = 1, timeout: float = _TIMEOUT) -> list[SentMessage]:
        """What was sent, once it is `count` messages. Raises `TimeoutError`."""
        ends = time.monotonic() + timeout
        heard = threading.Event()
        told = self._meta.outbox.on_sent

        def tell(_sent: Sent) -> None:
            heard.set()

        self._do(lambda: told.append(tell))
        try:
            while len(found := self.sent) < count:
                left = ends - time.monotonic()
                if left <= 0 or not heard.wait(left):
                    raise TimeoutError(f"{len(found)} of {count} messages within {timeout} s")
                heard.clear()
        finally:
            self._do(lambda: told.remove(tell))
        return found

    def wait_idle(self, timeout: float = _TIMEOUT) -> None:
        """Returns once every event is delivered, or given up. Raises `TimeoutError`."""
        self._await(lambda: asyncio.wait_for(self._meta.dispatcher.idle(), timeout))

    def _do(self, work: Callable[[], T]) -> T:
        async def do() -> T:
            return work()

        return self._await(do)

    def _await(self, work: Callable[[], Awaitable[T]]) -> T:
        async def do() -> T:
            return await work()

        return asyncio.run_coroutine_threadsafe(do(), self._loop).result()


@contextmanager
def run_simulator(
    scenario: str | None = None, *, pace: float = 0.0, port: int = 0
) -> Iterator[RunningSimulator]:
    """A simulator until the block is left; `scenario` breaks it in that way, and `pace` is the
    seconds before each status of a message. Raises `KeyError` for an unknown scenario, `OSError`
    for a port that can't be had."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="whatsapp simulator", daemon=True)
    thread.start()
    world = _World(scenario, pace, port)
    try:
        yield asyncio.run_coroutine_threadsafe(world.open(), loop).result(_START)
    finally:
        asyncio.run_coroutine_threadsafe(world.close(), loop).result(_TIMEOUT)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(_TIMEOUT)
        loop.close()


class _World:
    """A Meta and its server, opened and closed on the loop that runs them."""

    def __init__(self, scenario: str | None, pace: float, port: int) -> None:
        self._scenario = scenario
        self._pace = pace
        self._port = port
        self._stack = AsyncExitStack()

    async def open(self) -> RunningSimulator:
        meta = Meta()
        values = broken(self._scenario, meta)[1] if self._scenario else demo_values(meta)
        meta.dispatcher.pace = self._pace
        meta.dispatcher.pauses = _PAUSES
        self._stack.push_async_callback(meta.close)
        meta.origin = await self._stack.enter_async_context(serve(create_app(meta), self._port))
        return RunningSimulator(asyncio.get_running_loop(), meta, values, meta.origin)

    async def close(self) -> None:
        await self._stack.aclose()


def _told(sent: Sent) -> SentMessage:
    return SentMessage(sent.id, sent.to, sent.type, sent.text, sent.status, sent.request)


def _digits(number: str) -> str:
    return "".join(char for char in number if char in "0123456789")
