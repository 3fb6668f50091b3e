"""cloudflared's quick tunnel, which needs no account, where its binary is on the PATH."""

from __future__ import annotations

import asyncio
import os
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Self

from wizard.support.threads import run_in_thread
from wizard.tunnel.child_process import ChildProcess
from wizard.tunnel.cloudflared_log import CloudflaredLog
from wizard.tunnel.orphans import end_orphans, remember, run_folder
from wizard.tunnel.tunnel import Changes, Reason, TunnelChange, TunnelError
from wizard.values.child_environment import child_environment

# The only ones of cloudflared's own variables that a quick tunnel is to obey: how to get out.
_WAY_OUT = {"TUNNEL_TRANSPORT_PROTOCOL", "TUNNEL_EDGE_IP_VERSION", "TUNNEL_EDGE_BIND_ADDRESS"}


class Cloudflared:
    """One quick tunnel. `pids` is the folder in which a running one is written down."""

    kind = "cloudflared"

    def __init__(self, pids: Path, *, binary: Path | None = None, limit: float = 30.0) -> None:
        self._pids = pids
        self._binary = binary
        self._limit = limit
        self._agent: ChildProcess | None = None
        self._folder: Path | None = None
        self._note: Path | None = None
        self._log = CloudflaredLog()
        self._settled = asyncio.Event()
        self._lost = False
        self.url: str | None = None
        self.changes = Changes()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()

    async def open(self, port: int) -> str:
        """The public base URL; raises `TunnelError`, and then leaves no process behind."""
        await self.close()
        self._settled, self._log, self._lost = asyncio.Event(), CloudflaredLog(), False
        self.changes = Changes()
        try:
            await self._start(port)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limit):
                    await self._settled.wait()
            self.url = url = self._result()
        except BaseException:
            self._drop()
            raise
        self.changes.emit(TunnelChange("up", url))
        self._follow()
        return url

    async def close(self) -> None:
        was, self.url = self.url, None
        if self._agent is not None:
            try:
                await run_in_thread(self._agent.end, timeout=10)
            finally:
                self._drop()
        if was is not None:
            self.changes.emit(TunnelChange("closed"))

    async def _start(self, port: int) -> None:
        with suppress(TimeoutError):
            await run_in_thread(partial(end_orphans, self._pids), timeout=30)
        path = str(self._binary or shutil.which("cloudflared") or "")
        if not path:
            raise TunnelError(Reason.AGENT_FAILED, "cloudflared is not on the PATH.")
        try:
            config = self._own_config()
            await self._begin(_command(path, config, port))
        except (OSError, TimeoutError) as error:
            raise TunnelError(Reason.AGENT_FAILED, f"{path}: {type(error).__name__}") from None
        if self._agent is None or self._agent.pid is None:
            raise TunnelError(Reason.AGENT_FAILED, "Closed while opening.")
        self._note = remember(self._pids, self._agent.pid, [str(config)])

    async def _begin(self, command: list[str]) -> None:
        loop, log = asyncio.get_running_loop(), self._log

        def heard(line: str | None) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._hear, log, line)

        self._agent = ChildProcess(command, _environment(), heard)
        await run_in_thread(self._agent.start, timeout=self._limit)

    def _own_config(self) -> Path:
        """An empty one: of an account's config.yml its ingress rules would answer, with a 404.

        https://github.com/cloudflare/cloudflared/pull/785
        """
        self._folder = run_folder()
        config = self._folder / "config.yml"
        config.write_text("{}\n", "utf-8")
        return config

    def _hear(self, log: CloudflaredLog, line: str | None) -> None:
        log.feed(line)
        if log is self._log:
            self._follow()

    def _follow(self) -> None:
        """What the log has come to, compared with what was told of it."""
        log = self._log
        if log.over or (log.url and log.connected):
            self._settled.set()
        if self.url is None:
            return
        if log.over:
            self._gone()
        elif log.connected is self._lost:
            self._lost = not log.connected
            self.changes.emit(TunnelChange("lost" if self._lost else "reconnected", self.url))

    def _result(self) -> str:
        if self._log.over or self._log.url is None or not self._settled.is_set():
            raise self._log.error(self._limit)
        return self._log.url

    def _gone(self) -> None:
        self.url = None
        self._drop()
        self.changes.emit(TunnelChange("closed", None, "cloudflared stopped."))

    def _drop(self) -> None:
        if self._agent is not None:
            self._agent.end(grace=0)
        if self._note is not None:
            with suppress(OSError):
                self._note.unlink(missing_ok=True)
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._agent = self._note = self._folder = None


def _command(path: str, config: Path, port: int) -> list[str]:
    command = [path, "tunnel", "--config", str(config), "--no-autoupdate"]
    if "TUNNEL_TRANSPORT_PROTOCOL" not in os.environ:
        # A quick tunnel would stay with QUIC; this goes over to TCP where UDP is blocked.
        command += ["--protocol", "auto"]
    return [*command, "--url", f"http://127.0.0.1:{port}"]


def _environment() -> dict[str, str]:
    """Ours, without the variables of an account's own tunnels, or of how loud to log."""
    return {
        name: value
        for name, value in child_environment().items()
        if not name.startswith("TUNNEL_") or name in _WAY_OUT
    }
