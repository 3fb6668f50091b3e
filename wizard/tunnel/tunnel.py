"""What every tunnel is, what it reports, and how it fails."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol, Self
from urllib.parse import urlsplit


class Reason(StrEnum):
    """Each is a finding `tunnel.<reason>`."""

    AUTHTOKEN_MISSING = "authtoken_missing"
    AUTHTOKEN_INVALID = "authtoken_invalid"
    SESSION_LIMIT = "session_limit"
    ENDPOINT_IN_USE = "endpoint_in_use"
    OFFLINE = "offline"
    UPSTREAM_DOWN = "upstream_down"
    DOWNLOAD_FAILED = "download_failed"
    AGENT_FAILED = "agent_failed"
    AGENT_TOO_OLD = "agent_too_old"
    AGENT_REMOVED = "agent_removed"
    ACCOUNT_UNVERIFIED = "account_unverified"
    ACCOUNT_BLOCKED = "account_blocked"
    ACCOUNT_POLICY = "account_policy"
    DOMAIN_NOT_ALLOWED = "domain_not_allowed"
    PROXY_REFUSED = "proxy_refused"
    QUOTA = "quota"
    BLOCKED = "blocked"


class TunnelError(Exception):
    """The tunnel can't be had; `detail` holds no authtoken, `code` is ngrok's, if any."""

    def __init__(self, reason: Reason, detail: str = "", code: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail
        self.code = code


State = Literal["up", "lost", "reconnected", "closed"]


@dataclass(frozen=True)
class TunnelChange:
    """What became of a tunnel, and the public URL it has from now on."""

    state: State
    url: str | None = None
    detail: str = ""


class Changes:
    """The changes of one tunnel as they come; the last one is `closed`."""

    def __init__(self) -> None:
        self._waiting: asyncio.Queue[TunnelChange] = asyncio.Queue()
        self._over = False

    def emit(self, change: TunnelChange) -> None:
        self._waiting.put_nowait(change)

    def __aiter__(self) -> Changes:
        return self

    async def __anext__(self) -> TunnelChange:
        if self._over:
            raise StopAsyncIteration
        change = await self._waiting.get()
        self._over = change.state == "closed"
        return change


class Tunnel(Protocol):
    """A public way in to a port on loopback. Leaving its block closes it."""

    kind: str
    url: str | None

    @property
    def changes(self) -> Changes: ...

    async def open(self, port: int) -> str:
        """The public base URL; raises `TunnelError`, and then leaves nothing running."""

    async def close(self) -> None: ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(self, *trouble: object) -> None: ...


class OwnUrl:
    """A URL whose way to the port is somebody else's work: a reverse proxy, or another tunnel."""

    kind = "url"

    def __init__(self, url: str) -> None:
        """Raises `ValueError` for anything but an http or https URL with a host."""
        self._given = _checked(url)
        self.url: str | None = None
        self.changes = Changes()

    async def open(self, port: int) -> str:
        self.changes = Changes()
        self.url = self._given
        self.changes.emit(TunnelChange("up", self.url))
        return self.url

    async def close(self) -> None:
        if self.url is not None:
            self.url = None
            self.changes.emit(TunnelChange("closed"))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *trouble: object) -> None:
        await self.close()


def _checked(url: str) -> str:
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("a public URL begins with https:// and names a host")
    if parts.username is not None or parts.query or parts.fragment:
        raise ValueError("a public URL has no user, query or fragment")
    _ = parts.port  # raises for a port that is none
    return url.strip().rstrip("/")
