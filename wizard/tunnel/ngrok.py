"""ngrok, its endpoint opened through pyngrok on an agent that we start ourselves."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Self

from wizard.support.threads import run_in_thread
from wizard.tunnel.authtoken import find_authtoken, user_config
from wizard.tunnel.ngrok_agent import NgrokAgent
from wizard.tunnel.ngrok_api import NgrokApi
from wizard.tunnel.ngrok_download import Progress, fetch_agent, find_agent, there
from wizard.tunnel.ngrok_log import NgrokLog
from wizard.tunnel.orphans import end_orphans
from wizard.tunnel.tunnel import Changes, Reason, TunnelChange, TunnelError
from wizard.values.credentials import Secret


class Ngrok:
    """One endpoint of one agent. `pids` is the folder in which a running agent is written down."""

    kind = "ngrok"

    def __init__(
        self,
        pids: Path,
        authtoken: Secret | None = None,
        *,
        domain: str | None = None,
        agent: Path | None = None,
        progress: Progress | None = None,
        limit: float = 15.0,
        request_limit: float = 10.0,
    ) -> None:
        """`domain` is a reserved one; `limit` is for the session, `request_limit` for a request."""
        self._pids = pids
        self._given = authtoken
        self._domain = domain
        self._path = agent
        self._progress = progress
        self._limit = limit
        self._request_limit = request_limit
        self._run: NgrokAgent | None = None
        self._api: NgrokApi | None = None
        self._lost = False
        self._looking: asyncio.Task[None] | None = None
        self.url: str | None = None
        self.changes = Changes()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()

    async def open(self, port: int) -> str:
        """The public base URL; raises `TunnelError`, and then leaves no process behind."""
        await self.close()
        self.changes, self._lost = Changes(), False
        _quieten()
        try:
            log = await self._start()
            self._api = api = self._api_of(log)
            sessions = log.sessions
            self.url = url = await api.open(port, self._domain)
        except BaseException:
            self._drop()
            raise
        self.changes.emit(TunnelChange("up", url))
        log.on_session, log.on_end = self._session, self._gone
        self._catch_up(log, sessions)
        return url

    async def close(self) -> None:
        """Ends the agent; a second call does nothing."""
        run, was = self._run, self.url
        self.url = None
        self._stop_looking()
        if run is not None:
            try:
                await run.end()
            finally:
                self._drop()
        if was is not None:
            self.changes.emit(TunnelChange("closed"))

    async def _start(self) -> NgrokLog:
        with suppress(TimeoutError):
            await run_in_thread(partial(end_orphans, self._pids), timeout=30)
        try:
            secret, source = await run_in_thread(partial(find_authtoken, self._given), timeout=10)
        except TimeoutError:
            raise TunnelError(Reason.AGENT_FAILED, "Reading ngrok.yml takes too long.") from None
        if secret is None:
            raise TunnelError(Reason.AUTHTOKEN_MISSING)
        path = self._path or find_agent()
        if not there(path):
            await fetch_agent(path, self._progress)
        log = NgrokLog(secret)
        self._run = NgrokAgent(path, self._pids, secret)
        await self._run.start(user_config() if source == "file" else None, log, limit=self._limit)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limit):
                await log.settled.wait()
        if log.over or not log.settled.is_set():
            raise log.error(f"No session within {self._limit:g} seconds.")
        return log

    def _api_of(self, log: NgrokLog) -> NgrokApi:
        if self._run is None:
            raise TunnelError(Reason.AGENT_FAILED, "Closed while opening.")
        known = self._run.attach_to_pyngrok(self._request_limit)
        return NgrokApi(known, log, limit=self._request_limit)

    def _catch_up(self, log: NgrokLog, sessions: int) -> None:
        """What the agent said while it was asked for the endpoint."""
        if log.over:
            self._gone()
        elif log.sessions != sessions or not log.connected:
            self._session(established=False)
            if log.connected:
                self._session(established=True)

    def _session(self, *, established: bool) -> None:
        if self.url is None or self._lost is not established:
            return
        self._lost = not established
        self._stop_looking()
        if established:
            self._looking = asyncio.create_task(self._look_again())
        else:
            self.changes.emit(TunnelChange("lost", self.url))

    async def _look_again(self) -> None:
        """The session may have come back with another URL."""
        if self._api is not None:
            with suppress(Exception):
                self.url = await self._api.listed() or self.url
        self.changes.emit(TunnelChange("reconnected", self.url))

    def _stop_looking(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    def _gone(self) -> None:
        """The agent was ended, and not by us."""
        if self.url is None:
            return
        self.url = None
        self._stop_looking()
        self._drop()
        self.changes.emit(TunnelChange("closed", None, "The ngrok agent stopped."))

    def _drop(self) -> None:
        run, self._run, self._api = self._run, None, None
        if run is not None:
            run.drop()


def _quieten() -> None:
    """pyngrok logs the agent's lines, and Python prints what is logged to nobody."""
    logger = logging.getLogger("pyngrok")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
