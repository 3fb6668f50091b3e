"""ngrok, its endpoint opened through pyngrok on an agent that we start ourselves."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Self, TypeVar

from wizard.credentials import Secret
from wizard.threads import blocking
from wizard.tunnel.agent import Agent
from wizard.tunnel.authtoken import find_authtoken, user_config
from wizard.tunnel.codes import find_code, reason_of
from wizard.tunnel.download import Progress, download, find_agent, installed_by_us
from wizard.tunnel.log import AgentLog
from wizard.tunnel.loopback import direct_loopback, without_proxies
from wizard.tunnel.orphans import RUN_PREFIX, end_orphans, remember
from wizard.tunnel.scrub import scrub
from wizard.tunnel.tunnel import Changes, Reason, TunnelChange, TunnelError

if TYPE_CHECKING:
    from pyngrok.conf import PyngrokConfig
    from pyngrok.ngrok import NgrokTunnel
    from pyngrok.process import NgrokProcess

Result = TypeVar("Result")

DOWNLOAD_LIMIT = 600.0


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
        self._secret: Secret | None = None
        self._agent: Agent | None = None
        self._run: Path | None = None
        self._note: Path | None = None
        self._config: PyngrokConfig | None = None
        self._known: NgrokProcess | None = None
        self._looking: asyncio.Task[None] | None = None
        self.url: str | None = None
        self.changes = Changes()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()

    async def open(self, port: int) -> str:
        """The public base URL; raises `TunnelError`, and then leaves no process behind."""
        if self._agent is not None:
            await self.close()
        self.changes = Changes()
        logger = logging.getLogger("pyngrok")
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
        try:
            log = await self._start()
            self.url = await self._endpoint(port, log)
        except BaseException:
            self._drop(grace=0)
            raise
        log.on_session, log.on_end = self._session, self._gone
        self.changes.tell(TunnelChange("up", self.url))
        if log.over:
            self._gone()
        return self.url

    async def close(self) -> None:
        """Ends the agent by its pid: pyngrok's own `kill` waits for a lock, and may block."""
        if self._looking:
            self._looking.cancel()
        agent, was = self._agent, self.url
        self.url = None
        if agent is not None:
            try:
                await blocking(agent.end, limit=10)
            finally:
                self._drop(grace=0)
        if was is not None:
            self.changes.tell(TunnelChange("closed"))

    async def _start(self) -> AgentLog:
        await blocking(partial(end_orphans, self._pids), limit=30)
        self._secret, source = await blocking(partial(find_authtoken, self._given), limit=10)
        if self._secret is None:
            raise TunnelError(Reason.AUTHTOKEN_MISSING)
        path = self._path or find_agent()
        if not _there(path):
            await self._download(path)
        log = AgentLog(self._secret)
        await self._launch(path, user_config() if source == "file" else self._own_config(), log)
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limit):
                await log.settled.wait()
        if log.over or not log.settled.is_set():
            raise log.trouble(f"No session within {self._limit:g} seconds.")
        return log

    async def _download(self, path: Path) -> None:
        loop, progress = asyncio.get_running_loop(), self._progress

        def heard(percent: int) -> None:
            if progress is not None:
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(progress, percent)

        try:
            await blocking(partial(download, path, heard), limit=DOWNLOAD_LIMIT)
        except TimeoutError:
            raise TunnelError(Reason.DOWNLOAD_FAILED, "The download took too long.") from None
        if not _there(path):
            raise TunnelError(Reason.AGENT_REMOVED, str(path))

    def _own_config(self) -> Path:
        self._run = Path(tempfile.mkdtemp(prefix=RUN_PREFIX))
        config = self._run / "ngrok.yml"
        config.touch(0o600)
        config.write_text("version: '3'\n", "utf-8")
        return config

    async def _launch(self, path: Path, config: Path, log: AgentLog) -> None:
        """The agent, as pyngrok would start it.

        pyngrok 9.1 gives its child our environment with the proxies in it, leaves stderr on the
        terminal, and reads stdout without a limit; none of it can be configured. So the process
        is ours, and pyngrok is told of it.
        """
        from pyngrok import process
        from pyngrok.conf import PyngrokConfig

        env = without_proxies()
        if self._secret is not None:
            env["NGROK_AUTHTOKEN"] = self._secret.reveal()
        command = [str(path), "start", "--none", "--log", "stdout", "--config", str(config)]
        loop = asyncio.get_running_loop()

        def heard(line: str | None) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(log.hear, line)

        self._agent = agent = Agent(command, env, heard)
        try:
            await blocking(agent.start, limit=self._limit)
        except (OSError, TimeoutError) as error:
            gone = isinstance(error, PermissionError | FileNotFoundError)
            ours = installed_by_us(path) or not _there(path)
            reason = Reason.AGENT_REMOVED if gone and ours else Reason.AGENT_FAILED
            raise TunnelError(reason, f"{path}: {error.__class__.__name__}") from None
        if agent.process is None:
            raise TunnelError(Reason.AGENT_FAILED, "Closed while opening.")
        self._note = remember(self._pids, agent.process.pid, [str(config), str(path)])
        self._config = PyngrokConfig(
            str(path), str(config), request_timeout=self._request_limit, monitor_thread=False
        )
        # Made of NGROK_AUTHTOKEN where it is set, and meant for a command line.
        self._config.auth_token = None
        self._known = process.NgrokProcess(agent.process, self._config)
        process._current_processes[str(path)] = self._known

    async def _endpoint(self, port: int, log: AgentLog) -> str:
        from pyngrok import ngrok
        from pyngrok.exception import PyngrokError, PyngrokNgrokURLError

        if self._known is None or self._config is None:
            raise log.trouble("The agent ended.")
        self._known.api_url = log.api
        options = {"url": _host(self._domain)} if self._domain else {}
        address = f"http://127.0.0.1:{port}"
        connect = partial(ngrok.connect, address, pyngrok_config=self._config, **options)
        try:
            return _public(await self._asked(connect))
        except PyngrokNgrokURLError:
            # The agent may have gone on and opened it: asking twice would meet 334.
            return await self._opened_after_all(connect, log)
        except PyngrokError as error:
            raise self._refusal(error, log) from None

    async def _opened_after_all(self, connect: Callable[[], NgrokTunnel], log: AgentLog) -> str:
        from pyngrok.exception import PyngrokError

        try:
            known = await self._listed()
            return known or _public(await self._asked(connect))
        except PyngrokError as error:
            raise self._refusal(error, log) from None

    async def _listed(self) -> str | None:
        from pyngrok import ngrok

        opened = await self._asked(partial(ngrok.get_tunnels, self._config))
        return _public(opened[0]) if opened else None

    async def _asked(self, call: Callable[[], Result]) -> Result:
        def ask() -> Result:
            with direct_loopback():
                return call()

        try:
            return await blocking(ask, limit=self._request_limit + 2)
        except TimeoutError:
            raise TunnelError(Reason.AGENT_FAILED, "The agent's API did not answer.") from None

    def _refusal(self, error: Exception, log: AgentLog) -> TunnelError:
        """Only a failure at the start carries `ngrok_error_code`; a refused endpoint has a body."""
        status = getattr(error, "status_code", None)
        texts = (getattr(error, "ngrok_error", None), getattr(error, "body", None), str(error))
        code = find_code(*texts)
        if code:
            detail = scrub(_said(texts[1]) or str(error), self._secret)
            return TunnelError(reason_of(code), detail, code)
        if status == 404:
            return TunnelError(Reason.AGENT_TOO_OLD, "The agent has no /api/endpoints.")
        if log.over:
            return log.trouble("The agent ended.")
        return TunnelError(Reason.AGENT_FAILED, scrub(str(error), self._secret))

    def _session(self, *, established: bool) -> None:
        if self.url is None:
            return
        if not established:
            self.changes.tell(TunnelChange("lost", self.url))
            return
        self._looking = asyncio.create_task(self._look_again())

    async def _look_again(self) -> None:
        with suppress(Exception):
            self.url = await self._listed() or self.url
        self.changes.tell(TunnelChange("reconnected", self.url))

    def _gone(self) -> None:
        """The agent was ended, and not by us."""
        if self.url is None:
            return
        self.url = None
        self._drop(grace=0)
        self.changes.tell(TunnelChange("closed", None, "The ngrok agent ended."))

    def _drop(self, grace: float) -> None:
        from pyngrok import process

        if self._agent is not None:
            self._agent.end(grace)
        if self._config is not None:
            process._current_processes.pop(self._config.ngrok_path, None)
        if self._note is not None:
            self._note.unlink(missing_ok=True)
        if self._run is not None:
            shutil.rmtree(self._run, ignore_errors=True)
        self._agent = self._config = self._known = self._note = self._run = None


def _there(path: Path) -> bool:
    return path.exists()


def _host(domain: str) -> str:
    return domain if "://" in domain else f"https://{domain}"


def _public(tunnel: NgrokTunnel) -> str:
    return (tunnel.public_url or "").rstrip("/")


def _said(body: str | None) -> str:
    import json

    with suppress(ValueError, AttributeError, TypeError):
        return str(json.loads(body or "")["details"]["err"])
    return ""
