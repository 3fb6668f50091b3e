"""One run of ngrok's agent: its process and what was made for it, cleared away together."""

from __future__ import annotations

import asyncio
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.support.threads import run_in_thread
from wizard.tunnel.child_process import ChildProcess
from wizard.tunnel.ngrok_download import installed_by_us, there
from wizard.tunnel.ngrok_log import NgrokLog
from wizard.tunnel.orphans import remember, run_folder
from wizard.tunnel.proxy_variables import without_proxies
from wizard.tunnel.tunnel import Reason, TunnelError
from wizard.values.credentials import Secret

if TYPE_CHECKING:
    from pyngrok.process import NgrokProcess

# https://learn.microsoft.com/windows/win32/debug/system-error-codes--0-499-
_VIRUS = {225, 226}


_ARGUMENTS = "start --none --log stdout --config"


class NgrokAgent:
    """The agent, as pyngrok would start it.

    pyngrok 9.1 gives its child our environment with the proxies in it, leaves stderr on the
    terminal, and reads stdout without a limit; none of it can be configured. So the process
    is ours, and pyngrok is told of it.
    """

    def __init__(self, path: Path, pids: Path, secret: Secret) -> None:
        self._path = path
        self._pids = pids
        self._secret = secret
        self._agent: ChildProcess | None = None
        self._folder: Path | None = None
        self._note: Path | None = None
        self._known: NgrokProcess | None = None

    async def start(self, config: Path | None, log: NgrokLog, *, limit: float) -> None:
        """`config` is the user's own, where it holds the authtoken. Raises `TunnelError`."""
        try:
            config = config or self._own_config()
            await self._begin(config, log, limit)
        except (OSError, TimeoutError) as error:
            raise self._failure(error) from None
        pid = self._agent.pid if self._agent else None
        if pid is None:
            raise TunnelError(Reason.AGENT_FAILED, "Closed while opening.")
        self._config = config
        # Not by its file: what stands on PATH may hand over to another one.
        self._note = remember(self._pids, pid, [_ARGUMENTS, str(config)])

    def attach_to_pyngrok(self, request_limit: float) -> NgrokProcess:
        """Tells pyngrok of the process, which it would start another beside."""
        from pyngrok import process
        from pyngrok.conf import PyngrokConfig

        if self._agent is None or self._agent.process is None:
            raise TunnelError(Reason.AGENT_FAILED, "Closed while opening.")
        path, config = str(self._path), str(self._config)
        settings = PyngrokConfig(path, config, request_timeout=request_limit, monitor_thread=False)
        # Made of NGROK_AUTHTOKEN where it is set, and meant for a command line.
        settings.auth_token = None
        self._known = process.NgrokProcess(self._agent.process, settings)
        process._current_processes[path] = self._known
        return self._known

    async def end(self) -> None:
        """Ends the agent by its pid: pyngrok's own `kill` waits for a lock, and may block."""
        try:
            if self._agent is not None:
                await run_in_thread(self._agent.end, timeout=10)
        finally:
            self.drop()

    def drop(self) -> None:
        """The same at once, without asking the agent first."""
        from pyngrok import process

        if self._agent is not None:
            self._agent.end(grace=0)
        if process._current_processes.get(str(self._path)) is self._known:
            process._current_processes.pop(str(self._path), None)
        if self._note is not None:
            with suppress(OSError):
                self._note.unlink(missing_ok=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _own_config(self) -> Path:
        self._folder = run_folder()
        config = self._folder / "ngrok.yml"
        config.touch(0o600)
        config.write_text("version: '3'\n", "utf-8")
        return config

    async def _begin(self, config: Path, log: NgrokLog, limit: float) -> None:
        env = without_proxies() | {"NGROK_AUTHTOKEN": self._secret.reveal()}
        command = [str(self._path), *_ARGUMENTS.split(), str(config)]
        loop = asyncio.get_running_loop()

        def heard(line: str | None) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(log.feed, line)

        self._agent = ChildProcess(command, env, heard)
        await run_in_thread(self._agent.start, timeout=limit)

    def _failure(self, error: OSError) -> TunnelError:
        gone = isinstance(error, PermissionError | FileNotFoundError)
        ours = installed_by_us(self._path) or not there(self._path)
        removed = (gone and ours) or getattr(error, "winerror", None) in _VIRUS
        reason = Reason.AGENT_REMOVED if removed else Reason.AGENT_FAILED
        return TunnelError(reason, f"{self._path}: {type(error).__name__}")
