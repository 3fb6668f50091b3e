"""The pretended Meta behind these tests, and the environments of those who call it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.types import Receive, Scope, Send

from wizard.simulator import SCENARIOS, Meta, create_app, demo_values, scenario
from wizard.values.credentials import CREDENTIALS, Values, plain

GRAPH_URL = "WHATSAPP_WIZARD_GRAPH_URL"
VALUES = {name: plain(value) for name, value in demo_values(Meta()).present()}
SECRETS = [VALUES[name] for name, credential in CREDENTIALS.items() if credential.secret]


@dataclass
class Pretended:
    """Serves whichever world a test put behind it last."""

    base: str = ""
    world: Meta = field(default_factory=Meta)
    calls: int = 0
    met: Callable[[int], None] = field(default=lambda _calls: None)
    """Told of each request before it is answered, and how many there have been."""
    loop: asyncio.AbstractEventLoop | None = None
    over: asyncio.Event | None = None

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls += 1
        self.met(self.calls)
        await create_app(self.world)(scope, receive, send)

    @property
    def address(self) -> dict[str, str]:
        """The environment of somebody who knows where it is, and no value."""
        return {GRAPH_URL: self.base}

    def healthy(self) -> dict[str, str]:
        """The environment of somebody with whom all is well."""
        self.world, self.met = Meta(), lambda _calls: None
        return self._environment(self.base, demo_values(self.world))

    def broken(self, name: str) -> dict[str, str]:
        """The environment of the victim of a scenario."""
        self.world, values = scenario(name)
        return self._environment(SCENARIOS[name].address(self.base), values)

    def end(self) -> None:
        assert self.loop is not None
        assert self.over is not None
        self.loop.call_soon_threadsafe(self.over.set)

    @staticmethod
    def _environment(base: str, values: Values) -> dict[str, str]:
        named = {CREDENTIALS[name].env: plain(value) for name, value in values.present()}
        return {GRAPH_URL: base, **named}


def at(env: Mapping[str, str]) -> dict[str, str]:
    """Of an environment the address alone; the values are those in the keyring."""
    return {GRAPH_URL: env[GRAPH_URL]}


def secrets_of(env: Mapping[str, str]) -> list[str]:
    """The values in an environment that nobody may see."""
    return [
        env[credential.env]
        for credential in CREDENTIALS.values()
        if credential.secret and credential.env in env
    ]
