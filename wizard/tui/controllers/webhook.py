"""The webhook while the app runs: one connection, what came in, and what is being done to it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from textual.app import App
from textual.worker import Worker, WorkerError

from wizard.checks.graph_errors import finding_for_error
from wizard.findings import Finding
from wizard.graph import GraphError
from wizard.journeys.onboarding.onboarding import Onboarding
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.events import Event
from wizard.journeys.webhook.registration import ForeignCallback, Registration
from wizard.state import ReplacedCallback
from wizard.tui.controllers.listeners import Observable
from wizard.tui.controllers.message import MessageController
from wizard.tui.controllers.rotation import RotationController
from wizard.tui.controllers.stage_state import StageState
from wizard.tui.controllers.traffic_log import TrafficLog
from wizard.tui.controllers.webhook_stages import StageTracker, WebhookJob, WebhookStage
from wizard.values.credentials import Secret, Values
from wizard.vault import VaultError
from wizard.webhook.event_queue import Delivery
from wizard.world import TunnelOptions

_LIMIT = 15.0


class WebhookController(Observable):
    """Works in workers of the app, so that it outlives every screen.

    One thing is done at a time. `proven` is called when a handshake with the verify token went
    through the public address. `foreign` is a callback that waits for a person's word.
    """

    def __init__(self, host: App[Any], onboarding: Onboarding) -> None:
        super().__init__(host)
        self.onboarding = onboarding
        self.connection: WebhookConnection | None = None
        self.tunnel_options = TunnelOptions()
        self.job: WebhookJob | None = None
        self.foreign: ForeignCallback | None = None
        self.proven: Callable[[], None] = lambda: None
        self.traffic = TrafficLog()
        self.message = MessageController(host, onboarding, self.notify_listeners)
        self.rotation = RotationController(
            host, onboarding, self.apply_stored_values, self.notify_listeners
        )
        self.forward_to: str | None = None
        self.error = ""
        self._stages = self._fresh()
        self._workers: set[Worker[None]] = set()
        self._turn = asyncio.Lock()
        self._stored = Values()
        self._registers = False

    # What there is to see.

    @property
    def is_open(self) -> bool:
        return self.connection is not None and self.connection.is_open

    @property
    def callback_url(self) -> str | None:
        return self.connection.callback_url if self.connection else None

    @property
    def stages(self) -> tuple[WebhookStage, ...]:
        return self._stages.current_stages(self.connection, self.job)

    @property
    def verified(self) -> tuple[str, datetime] | None:
        """The address that Meta calls since it verified it, and since when."""
        return self._stages.verified

    @property
    def hears_meta(self) -> bool:
        """Whether what Meta has to say is heard here: it verified this very address."""
        return self.is_open and self.verified is not None and self.verified[0] == self.callback_url

    @property
    def replaced(self) -> tuple[ReplacedCallback, ...]:
        """What ours took the place of, now or in an earlier run, and is still to be put back."""
        return self.onboarding.world.webhook.replaced

    @property
    def missing(self) -> str | None:
        """The name of the first credential that registering still needs."""
        return Registration(self.onboarding.world.with_values(self.onboarding.values)).missing

    @property
    def needs_authtoken(self) -> bool:
        return any(s.finding and s.finding.id == "tunnel.authtoken_missing" for s in self.stages)

    @property
    def failed(self) -> Finding | None:
        """What the first stage that failed was found to be."""
        return next((s.finding for s in self.stages if s.state is StageState.BAD), None)

    # What a person can do.

    def open(self, way: TunnelOptions | None = None) -> None:
        """Opens the way, or tries what failed once more."""
        self.tunnel_options = way or self.tunnel_options
        self._do(WebhookJob.OPENING, self._open)

    def open_and_register(self) -> None:
        """Opens the way, and has Meta register it as soon as that has gone well."""
        self._registers = not self.is_open
        if self.is_open:
            self.register()
        else:
            self.open()

    def register(self, *, replace_foreign: bool = False) -> None:
        self._do(WebhookJob.REGISTERING, lambda: self._register(replace_foreign))

    def verify_in_portal(self) -> None:
        """Presses "Verify and save" where the portal is a pretended one."""
        self._do(WebhookJob.REGISTERING, self._press)

    def restore(self) -> None:
        self._do(WebhookJob.RESTORING, self.restore_previous)

    def stop(self) -> None:
        """Ends tunnel and endpoint, also where they are about to be opened."""
        self._registers = False
        self._stopped()
        self.job = None
        self._do(WebhookJob.CLOSING, self._close)

    def replay(self, delivery: Delivery) -> None:
        if self.connection is not None and self.forward_to is not None:
            connection = self.connection

            async def passed_on() -> None:
                await connection.replay(delivery)

            self._host.run_worker(passed_on(), group="webhook-replay")

    def forward_to_url(self, url: str | None) -> None:
        """Where everything that comes is passed on to from now on."""
        self.forward_to = url
        self.traffic.clear_failures()
        if self.connection is not None:
            self.connection.forward_to = url
        self.notify_listeners()

    async def wait_idle(self) -> None:
        """Returns when nothing is being done any more."""
        for worker in tuple(self._workers):
            with contextlib.suppress(WorkerError):
                await worker.wait()

    def apply_stored_values(self) -> None:
        """Goes on with what was stored meanwhile, such as the App Secret of chapter 9."""
        stored = self.onboarding.world.values
        if self.connection is None or stored == self._stored:
            return
        values, before = self.connection.world.values, self._stored
        for name, value in stored.present():
            if value != before.get(name):
                values = values.with_(name, value)
        self._stored = stored
        self._work(self._use(values))

    async def restore_previous(self) -> bool:
        """Puts back what ours took the place of; whether nothing is left to be put back."""
        good = await self._connected().restore()
        await self.onboarding.look_for_replaced()
        return good

    async def close(self) -> None:
        """Ends everything, with a limit: a tunnel never outlives the app."""
        self.clear_listeners()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LIMIT):
                await self.rotation.stop()
                for worker in self._stopped():
                    with contextlib.suppress(WorkerError):
                        await worker.wait()
                if self.connection is not None:
                    await self.connection.close()

    # How it is done.

    def _do(self, job: WebhookJob, work: Callable[[], Awaitable[object]]) -> None:
        if self.job is None:
            self.job = job
            self.error = ""
            self._work(self._in_turn(job, work))
            self.notify_listeners()

    def _work(self, work: Awaitable[None]) -> None:
        worker: Worker[None] = self._host.run_worker(work, group="webhook")
        self._workers = {one for one in self._workers if not one.is_finished} | {worker}

    def _stopped(self) -> tuple[Worker[None], ...]:
        for worker in self._workers:
            worker.cancel()
        return tuple(self._workers)

    async def _in_turn(self, job: WebhookJob, work: Callable[[], Awaitable[object]]) -> None:
        try:
            async with self._turn:
                await work()
                # What it told is read before the job is over: it tells what a finding is about.
                await asyncio.sleep(0)
        finally:
            if self.job is job:
                self.job = None
            self.notify_listeners()
        if self._registers and self.is_open and self.failed is None:
            self._registers = False
            self.register()

    def _connected(self) -> WebhookConnection:
        if self.connection is None:
            self.connection = self.onboarding.connect(
                self.tunnel_options, forward_to=self.forward_to
            )
            self._stored = self.onboarding.world.values
            self._host.run_worker(self._read(self.connection), group="webhook-events")
        return self.connection

    async def _open(self) -> None:
        port, listening = self.tunnel_options.port, self.connection and self.connection.endpoint
        if port and listening and listening.port != port:
            await self._close()
        connection = self._connected()
        connection.tunnel_options = replace(self.tunnel_options, on_download_progress=self._heard)
        self._stages.begin()
        self.notify_listeners()
        if connection.world.values.verify_token is None:
            await connection.update_values(self.onboarding.values)
        await connection.open()
        if connection.is_open and self.tunnel_options.authtoken is not None:
            await self._keep_authtoken(self.tunnel_options.authtoken)

    async def _keep_authtoken(self, token: Secret) -> None:
        """Keeps what has just been found to work, where there is a keyring."""
        machine = self.onboarding.world.machine_vault
        if machine is None:
            return
        try:
            await machine.keep_authtoken(token)
        except VaultError as error:
            self.error = f"The ngrok authtoken is used for this run, but not stored: {error}"

    async def _register(self, replace_foreign: bool) -> None:
        self.foreign = await self._connected().register(replace_foreign=replace_foreign)

    async def _press(self) -> None:
        portal, url = self.onboarding.portal, self.callback_url
        token = self.onboarding.values.verify_token
        if portal is None or url is None or token is None:
            return
        try:
            await portal.verify_and_save(url, token)
        except GraphError as error:
            self._note(finding_for_error(error))

    async def _use(self, values: Values) -> None:
        async with self._turn:
            if self.connection is not None:
                await self.connection.update_values(values)

    async def _close(self) -> None:
        connection, self.connection = self.connection, None
        if connection is not None:
            await connection.close()
        verified, self._stages = self._stages.verified, self._fresh()
        self._stages.verified = verified

    def _fresh(self) -> StageTracker:
        return StageTracker(pretended=self.onboarding.portal is not None)

    def _heard(self, percent: int) -> None:
        self._stages.percent = percent
        self.notify_listeners()

    # What a connection tells.

    async def _read(self, connection: WebhookConnection) -> None:
        async for event in connection.events:
            self._take(event)

    def _take(self, event: Event) -> None:
        self.traffic.handle_event(event, self.onboarding.world.clock())
        self.message.take(event)
        self._note(event)
        if self.hears_meta:
            self.onboarding.mark_verified()
        if isinstance(event, Finding) and event.id == "verify_token.valid":
            self.proven()

    def _note(self, event: Event) -> None:
        self._stages.handle_event(event, self.job, self.callback_url, self.onboarding.world.clock())
        self.notify_listeners()
