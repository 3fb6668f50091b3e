"""cloudflared's quick tunnel, which needs no account, where its binary is on the PATH."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import Self

from wizard.threads import blocking
from wizard.tunnel.agent import Agent
from wizard.tunnel.orphans import end_orphans, remember
from wizard.tunnel.scrub import scrub
from wizard.tunnel.tunnel import Changes, Reason, TunnelChange, TunnelError

_URL = re.compile(r"https://(?!api\.)[a-z0-9-]+\.trycloudflare\.com")
_NETWORK = ("no such host", "i/o timeout", "dial tcp", "x509", "connection refused")
_LOST = ("lost connection with the edge", "connection terminated", "retrying connection")


class Cloudflared:
    """One quick tunnel. `pids` is the folder in which a running one is written down."""

    kind = "cloudflared"

    def __init__(self, pids: Path, *, binary: Path | None = None, limit: float = 30.0) -> None:
        self._pids = pids
        self._binary = binary
        self._limit = limit
        self._agent: Agent | None = None
        self._note: Path | None = None
        self._last: deque[str] = deque(maxlen=20)
        self._settled = asyncio.Event()
        self._lost = False
        self._found: str | None = None
        self.url: str | None = None
        self.changes = Changes()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()

    async def open(self, port: int) -> str:
        """The public base URL; raises `TunnelError`, and then leaves no process behind."""
        await self.close()
        self._settled, self._found, self._lost = asyncio.Event(), None, False
        self.changes = Changes()
        self._last.clear()
        try:
            await self._start(port)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limit):
                    await self._settled.wait()
            self.url = self._result()
        except BaseException:
            self._drop()
            raise
        self.changes.tell(TunnelChange("up", self.url))
        return self.url

    async def close(self) -> None:
        was, self.url = self.url, None
        if self._agent is not None:
            try:
                await blocking(self._agent.end, limit=10)
            finally:
                self._drop()
        if was is not None:
            self.changes.tell(TunnelChange("closed"))

    async def _start(self, port: int) -> None:
        await blocking(lambda: end_orphans(self._pids), limit=30)
        path = str(self._binary or shutil.which("cloudflared") or "")
        if not path:
            raise TunnelError(Reason.AGENT_FAILED, "cloudflared is not on the PATH.")
        target = f"http://127.0.0.1:{port}"
        command = [path, "tunnel", "--url", target, "--no-autoupdate"]
        loop = asyncio.get_running_loop()

        def heard(line: str | None) -> None:
            with suppress(RuntimeError):
                loop.call_soon_threadsafe(self._hear, agent, line)

        self._agent = agent = Agent(command, os.environ, heard)
        try:
            await blocking(agent.start, limit=self._limit)
        except (OSError, TimeoutError) as error:
            raise TunnelError(Reason.AGENT_FAILED, f"{path}: {type(error).__name__}") from None
        if agent.pid is not None:
            self._note = remember(self._pids, agent.pid, [path, target])

    def _hear(self, agent: Agent, line: str | None) -> None:
        if agent is not self._agent:
            return
        if line is None:
            self._settled.set()
            self._gone()
            return
        self._last.append(line)
        lower = line.lower()
        if self._found is None and (found := _URL.search(line)):
            self._found = found.group()
            self._settled.set()
        elif self.url and not self._lost and any(words in lower for words in _LOST):
            self._lost = True
            self.changes.tell(TunnelChange("lost", self.url))
        elif self.url and self._lost and "registered tunnel connection" in lower:
            self._lost = False
            self.changes.tell(TunnelChange("reconnected", self.url))

    def _result(self) -> str:
        if self._found is None:
            raise self._trouble()
        return self._found

    def _trouble(self) -> TunnelError:
        said = scrub(" ".join(self._last))
        lower = said.lower()
        if "429" in lower or "too many requests" in lower:
            return TunnelError(Reason.QUOTA, said)
        if any(words in lower for words in _NETWORK):
            return TunnelError(Reason.BLOCKED, said)
        return TunnelError(Reason.AGENT_FAILED, said or f"No URL within {self._limit:g} seconds.")

    def _gone(self) -> None:
        if self.url is None:
            return
        self.url = None
        self._drop()
        self.changes.tell(TunnelChange("closed", None, "cloudflared ended."))

    def _drop(self) -> None:
        if self._agent is not None:
            self._agent.end(grace=0)
        if self._note is not None:
            self._note.unlink(missing_ok=True)
        self._agent = self._note = None
