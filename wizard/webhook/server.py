"""The endpoint's server: on loopback, and patient with nobody for ever."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import AsyncIterator, Callable
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from wizard.support.serving import MOST_CONNECTIONS, bind, running
from wizard.webhook.errors import EndpointError

if TYPE_CHECKING:
    from starlette.types import ASGIApp


@contextlib.asynccontextmanager
async def listening(
    app: ASGIApp, port: int, patience: float, on_garbage: Callable[[], None]
) -> AsyncIterator[int]:
    """Yields the port once requests are taken; 0 lets the system choose. Raises `EndpointError`.

    `patience` is the seconds that a client has for its head; `on_garbage` hears of what is no
    HTTP. On leaving the block, requests that still wait for an answer get a 503.
    """
    guard = _guard(patience, on_garbage)
    async with running(app, _bind(port), protocol=guard, date=False) as taken:
        yield taken


def _bind(port: int) -> socket.socket:
    try:
        return bind(port)
    except (OSError, OverflowError) as error:
        raise EndpointError(_reason(error), port) from error


def _reason(error: OSError | OverflowError) -> str:
    if isinstance(error, OSError) and error.errno == errno.EADDRINUSE:
        return "port_in_use"
    return "port_refused" if isinstance(error, PermissionError) else "port_unusable"


def _guard(patience: float, on_garbage: Callable[[], None]) -> type[asyncio.Protocol]:
    class Protocol(_Protocol):
        idle: ClassVar[dict[_Protocol, None]] = {}
        served: ClassVar[dict[_Protocol, None]] = {}

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.conn = _Connection(h11.SERVER)
            self.patience = patience
            self.on_garbage = on_garbage

    return Protocol


class _Connection(h11.Connection):
    """h11's, which keeps an answer's head until what follows it: both go out in one packet."""

    _head = b""

    def send(self, event: h11.Event) -> bytes | None:  # type: ignore[override]
        said = super().send(event)
        if isinstance(event, h11.Response):
            self._head = said or b""
            return b""
        head, self._head = self._head, b""
        return head + said if head and said is not None else said


class _Protocol(H11Protocol):
    """uvicorn's, with a limit on what it waits for without one: a head, the rest of a body that
    is already answered, and connections without number."""

    idle: ClassVar[dict[_Protocol, None]]
    """Those of this server that wait for a head, the longest-waiting first."""
    served: ClassVar[dict[_Protocol, None]]
    """Those whose body is still on its way, or whose answer is not read, the longest first."""
    patience: float
    on_garbage: Callable[[], None]
    _timer: asyncio.TimerHandle | None = None
    _deadline = 0.0
    """When its head must have come, on the loop's clock, while it stands among the `idle`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._watch()
        if len(self.connections) > MOST_CONNECTIONS:
            # The newest may be Meta's: whoever has said nothing for longest goes, and where all
            # are busy, whoever has been for longest. Meta's own requests take no second.
            others = (one for one in chain(self.idle, self.served) if one is not self)
            oldest = next(others, self)
            oldest._calm()
            self.served.pop(oldest, None)
            oldest.transport.abort()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        self.served.pop(self, None)
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self.on_garbage()
        try:
            super().send_400_response(msg)
        except h11.LocalProtocolError:
            # An answer has gone out already. Left alone, asyncio prints a traceback.
            self.transport.abort()

    def _watch(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._calm()
            self.served.setdefault(self)
            return
        self.served.pop(self, None)
        if self not in self.idle and not self.transport.is_closing():
            self._deadline = self.loop.time() + self.patience
            self.idle[self] = None
            # One timer a connection, which outlasts its requests: one a request, made and
            # cancelled, costs as much as the check of the token.
            if self._timer is None:
                self._timer = self.loop.call_at(self._deadline, self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        if self not in self.idle:
            return
        if self.loop.time() >= self._deadline:
            self.transport.abort()
        else:
            self._timer = self.loop.call_at(self._deadline, self._on_time)

    def _calm(self) -> None:
        self.idle.pop(self, None)
