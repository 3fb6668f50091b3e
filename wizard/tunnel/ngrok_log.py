"""What the agent's log says: its API's address, its session, and why it gave up."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Protocol

from wizard.tunnel.agent_text import tidy
from wizard.tunnel.ngrok_errors import find_code, reason_of
from wizard.tunnel.tunnel import Reason, TunnelError
from wizard.values.credentials import Secret

_NETWORK = ("failed to reconnect session", "failed to dial", "failed to fetch crl", "dial tcp")


class OnSession(Protocol):
    def __call__(self, *, established: bool) -> None: ...


def _ignored(*, established: bool) -> None:
    """Before the endpoint is open nobody asks."""


class NgrokLog:
    """Fed line by line on the loop; `None` is the agent's end."""

    def __init__(self, secret: Secret | None) -> None:
        self.secret = secret
        self._errors: list[str] = []
        self._last: deque[str] = deque(maxlen=20)
        self.api: str | None = None
        self.connected = False
        self.sessions = 0
        self.over = False
        self.settled = asyncio.Event()
        self.on_session: OnSession = _ignored
        self.on_end: Callable[[], None] = lambda: None

    def feed(self, line: str | None) -> None:
        if line is None:
            self.over = True
            self.settled.set()
            self.on_end()
            return
        if line.strip():
            self._last.append(line)
            self._read(line)

    def _read(self, line: str) -> None:
        from pyngrok.log import NgrokLog

        log = NgrokLog(line)
        said = log.msg or ""
        if log.lvl in {"ERROR", "CRITICAL"} or line.startswith("ERROR:"):
            self._fail(log.err or said or line)
        if "starting web service" in said and log.addr:
            # Never 4040 by assumption: the agent takes the next free port.
            self.api = f"http://{log.addr}"
        elif "client session established" in said:
            self.connected, self.sessions = True, self.sessions + 1
            self.on_session(established=True)
        elif "session closed" in said and "reconnect" in said:
            self.connected = False
            self.on_session(established=False)
        if self.api and self.sessions:
            self.settled.set()

    def _fail(self, text: str) -> None:
        """A failed login is logged several times, and later ones mislead: the first are kept."""
        if len(self._errors) < 20:
            self._errors.append(text)

    def error(self, otherwise: str) -> TunnelError:
        """Why there is no session; `otherwise` is the sentence where the agent said nothing."""
        code = find_code(*self._errors, *self._last)
        told = next((text for text in self._errors if code and code in text), "")
        told = told or next(iter(self._errors), "") or " ".join(self._last)
        if code.removeprefix("ERR_NGROK_") and not _worded(told):
            told = " ".join(self._errors)
        lower = told.lower()
        network = not code and any(word in lower for word in (*_NETWORK, "no such host", "x509"))
        reason = reason_of(code, Reason.BLOCKED if network else Reason.AGENT_FAILED)
        return TunnelError(reason, tidy(told, self.secret) or otherwise, code)


def _worded(text: str) -> bool:
    return len(tidy(text)) > len("ERR_NGROK_00000")
