"""A line from a public address to this machine: the endpoint, the tunnel, and what comes in."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from urllib.parse import urlsplit

from wizard.findings import Finding, new_finding
from wizard.journeys.webhook.events import DeliveryForwarded, Event, Events, Ready
from wizard.tunnel.tunnel import Tunnel, TunnelChange, TunnelError
from wizard.values.credentials import Values
from wizard.vault import VaultError
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.errors import EndpointError
from wizard.webhook.event_queue import Delivery, EventQueue
from wizard.webhook.forward import Forwarded, forward
from wizard.world import TunnelOptions, World

_REOPENED = (0.0, 1.0, 3.0, 10.0)
"""Seconds before each try to get a tunnel back that ended."""
_MOST_PASSED_ON = 8
_MOST_TO_PASS_ON = 1000
"""Deliveries that wait for an app slower than Meta. What comes is told meanwhile all the same."""


class PublicEndpoint:
    """Opened, kept open, and closed; `on_url_changed` is awaited whenever it has another public
    address, `on_delivery` when Meta sends something.

    A tunnel that ends, and not by us, is opened again; where that can't be, its finding is told
    and the line may be opened anew.
    """

    def __init__(self, world: World, way: TunnelOptions, port: int, path: str) -> None:
        self.world = world.with_values(world.values)
        self.tunnel_options = way
        self.events = Events()
        self.forward_to: str | None = None
        self.callback_url: str | None = None
        self.endpoint: Endpoint | None = None
        self.on_url_changed: Callable[[], Awaitable[None]] | None = None
        self.on_delivery: Callable[[Delivery], Awaitable[None]] | None = None
        self._port = port
        self._path = path
        self._to_pass_on = EventQueue(_MOST_TO_PASS_ON)
        self._passing = asyncio.Semaphore(_MOST_PASSED_ON)
        self._tunnel: Tunnel | None = None
        self._minding: set[asyncio.Task[None]] = set()
        self._opening = asyncio.Lock()
        self._stack = contextlib.AsyncExitStack()

    async def open(self) -> Finding | None:
        """Why it can't be opened; `None` where it is open."""
        async with self._opening:
            return await self._listen() or await self._open_tunnel()

    async def close(self) -> None:
        for task in self._minding:
            task.cancel()
        await asyncio.gather(*self._minding, return_exceptions=True)
        self.callback_url = None
        tunnel, self._tunnel = self._tunnel, None
        try:
            if tunnel is not None:
                await tunnel.close()
                self.emit(TunnelChange("closed"))
        finally:
            self.endpoint = None
            await self._stack.aclose()
            await self.world.close()
            self.events.emit(None)

    async def update_values(self, values: Values) -> None:
        """Goes on with other values, where a credential was stored meanwhile."""
        before, self.world = self.world, self.world.with_values(values)
        if self.endpoint is not None and values.verify_token is not None:
            self.endpoint.verify_token = values.verify_token
            self.endpoint.app_secret = values.app_secret
        await before.close()

    async def forward(self, delivery: Delivery, url: str) -> Forwarded:
        """Passes a delivery on to somebody's own app, and tells what it answered."""
        answer = await forward(delivery, url)
        await self.events.pass_in(DeliveryForwarded(delivery, answer))
        return answer

    def emit(self, event: Event) -> None:
        if isinstance(event, Finding):
            event = self.world.presentable(event)
        elif isinstance(event, TunnelChange):
            event = replace(event, detail=self.world.redact(event.detail))
        self.events.emit(event)

    async def _listen(self) -> Finding | None:
        if self.endpoint is not None:
            return None
        if self.world.values.verify_token is None:
            return new_finding("verify_token.missing")
        endpoint = self.world.endpoint(self._port or self.tunnel_options.port, self._path)
        try:
            self.endpoint = await self._stack.enter_async_context(endpoint)
        except EndpointError as error:
            taken = error.reason == "port_in_use"
            id_ = "webhook.port_in_use" if taken else "webhook.port_refused"
            return new_finding(id_, f"Port {error.port} on 127.0.0.1")
        self._mind(self._receive(endpoint))
        self._mind(self._pass_on())
        return None

    async def _open_tunnel(self) -> Finding | None:
        if self._tunnel is not None and self._tunnel.url is not None:
            return None
        tunnel = self.world.tunnel(await self._authorised())
        try:
            base = await tunnel.open(self.endpoint.port if self.endpoint else 0)
        except TunnelError as error:
            code = f"{error.code}: " if error.code else ""
            return new_finding(f"tunnel.{error.reason}", f"{code}{error.detail}".rstrip(": "))
        self._tunnel = tunnel
        self._arrive(base)
        self._mind(self._follow(tunnel))
        if self.tunnel_options.kind != "url":
            self.emit(new_finding("tunnel.up", f"{base} leads to this machine"))
        return None

    async def _authorised(self) -> TunnelOptions:
        """The way, with the authtoken that the keyring holds, if it can be read."""
        machine = self.world.machine_vault
        if self.tunnel_options.kind != "ngrok" or self.tunnel_options.authtoken or machine is None:
            return self.tunnel_options
        with contextlib.suppress(VaultError):
            kept = await machine.authtoken()
            if kept is not None:
                self.world.also_secret |= {kept}
            return replace(self.tunnel_options, authtoken=kept)
        return self.tunnel_options

    def _arrive(self, base: str) -> None:
        self.callback_url = _at(base, self._path)
        if self.endpoint is not None:
            is_proxied = self.tunnel_options.kind == "url"
            self.endpoint.hosts.lead_from(base, is_proxied=is_proxied)
        local = self.endpoint.local_url if self.endpoint else ""
        self.emit(Ready(self.callback_url, local, self.forward_to))

    async def _receive(self, endpoint: Endpoint) -> None:
        async for received in endpoint.received:
            if not isinstance(received, Delivery):
                await self.events.pass_in(received)
                continue
            if not received.is_repeat:
                await self.events.pass_in(received)
            if self.on_delivery is not None:
                await self.on_delivery(received)
            if self.forward_to is not None:
                await self._pass_on_later(received)

    async def _pass_on_later(self, delivery: Delivery) -> None:
        for gone in self._to_pass_on.put(delivery):
            if isinstance(gone, Delivery):
                answer = Forwarded(None, 0, "behind")
                await self.events.pass_in(DeliveryForwarded(gone, answer))

    async def _pass_on(self) -> None:
        async for delivery in self._to_pass_on:
            await self._passing.acquire()
            if isinstance(delivery, Delivery) and self.forward_to is not None:
                self._mind(self._pass_on_in_turn(delivery, self.forward_to))
            else:
                self._passing.release()

    async def _pass_on_in_turn(self, delivery: Delivery, url: str) -> None:
        try:
            await self.forward(delivery, url)
        finally:
            self._passing.release()

    async def _follow(self, tunnel: Tunnel) -> None:
        async for change in tunnel.changes:
            self.emit(change)
            if change.state == "reconnected" and change.url is not None:
                if _at(change.url, self._path) != self.callback_url:
                    self._arrive(change.url)
                    await self._tell_moved()
            elif change.state == "closed":
                self.callback_url = None
                self._mind(self._reopen())

    async def _reopen(self) -> None:
        """Once more at once, and again after a while."""
        trouble = None
        for pause in _REOPENED:
            await asyncio.sleep(pause)
            async with self._opening:
                trouble = await self._open_tunnel()
            if trouble is None:
                await self._tell_moved()
                return
        if trouble is not None:
            self.emit(trouble)

    async def _tell_moved(self) -> None:
        if self.on_url_changed is not None:
            await self.on_url_changed()

    def _mind(self, work: Coroutine[object, object, None]) -> None:
        """Lets something run beside; what no one foresaw in it comes out where events are read."""
        task = asyncio.create_task(work)
        self._minding.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._minding.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self.events.emit(error)


def _at(base: str, path: str) -> str:
    """The callback URL of a public address, which may name a path of its own."""
    own = urlsplit(base).path.strip("/")
    return base.rstrip("/") + ("" if own else path)
