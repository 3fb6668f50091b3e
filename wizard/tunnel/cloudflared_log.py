"""What cloudflared's log says: the tunnel's URL, its connections to Cloudflare, and why not.

The words are those of https://github.com/cloudflare/cloudflared, releases of 2022 to 2026.
"""

from __future__ import annotations

import re
from collections import deque

from wizard.tunnel.agent_text import tidy
from wizard.tunnel.tunnel import Reason, TunnelError

_URL = re.compile(r"https://(?!api\.)[a-z0-9-]+\.trycloudflare\.com")
_INDEX = re.compile(r'connIndex"?[=:](\d+)')
_UP = re.compile(r"\bRegistered tunnel connection|\bConnection [0-9a-f-]{36} registered")
_DOWN = re.compile(
    r"Lost connection with the edge|Connection terminated|Unregistered tunnel connection"
    r"|Retrying connection in|Restarting connection due to reconnect|Serve tunnel error"
)
# 1015 is Cloudflare's rate limit: https://github.com/cloudflare/cloudflared/issues/972
_QUOTA = re.compile(r"429 Too Many Requests|error code: 1015", re.IGNORECASE)
_NETWORK = re.compile(r"failed to request quick tunnel|dial tcp|no such host|x509", re.IGNORECASE)
_BAD = re.compile(r"\b(?:ERR|FTL)\b|error|failed", re.IGNORECASE)
_STAMP = re.compile(r"^\S+Z (?:ERR|FTL|WRN|INF|DBG) ")


class CloudflaredLog:
    """Fed line by line; `None` is the end of the process."""

    def __init__(self) -> None:
        self._live: set[str] = set()
        self._last: deque[str] = deque(maxlen=40)
        self.url: str | None = None
        self.over = False

    @property
    def connected(self) -> bool:
        """Whether a connection is left. A URL alone, which comes first, leads nowhere yet."""
        return bool(self._live)

    def feed(self, line: str | None) -> None:
        if line is None:
            self.over = True
            self._live.clear()
            return
        self._last.append(line)
        if self.url is None and (found := _URL.search(line)):
            self.url = found.group()
        index = found.group(1) if (found := _INDEX.search(line)) else "0"
        if _UP.search(line):
            self._live.add(index)
        elif _DOWN.search(line):
            self._live.discard(index)

    def error(self, limit: float) -> TunnelError:
        """Why there is no way in, in cloudflared's words where it said any."""
        everything = "\n".join(self._last)
        if _QUOTA.search(everything):
            return TunnelError(Reason.QUOTA, self._said())
        if self.url or _NETWORK.search(everything):
            return TunnelError(Reason.BLOCKED, self._said() or "No connection to Cloudflare.")
        return TunnelError(Reason.AGENT_FAILED, self._said() or f"No URL within {limit:g} seconds.")

    def _said(self) -> str:
        bad = [line for line in self._last if _BAD.search(line)]
        last = [line for line in self._last if line.strip()] if self.over else []
        return tidy("\n".join(_STAMP.sub("", line) for line in bad[-2:] or last[-1:]))
