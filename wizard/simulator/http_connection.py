"""One connection of the small HTTP/1.1 server: requests parsed by h11, answered by an ASGI app."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from typing import TYPE_CHECKING, Any

import h11

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message

_MAX_WAITING = 256 * 1024
"""Bytes of a body that wait for the app before no more is read."""
_MAX_HEAD = 64 * 1024
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BUSY = [(b"connection", b"close"), (b"content-length", b"0")]


class Connection(asyncio.Protocol):
    """One client; its requests are answered one after the other."""

    def __init__(self, app: ASGIApp, connections: set[Connection]) -> None:
        self._app = app
        self._connections = connections
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_MAX_HEAD)
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._whole = self._told_end = False
        self._gone = False
        self._ending = False
        self._task: asyncio.Task[None] | None = None
        self._news = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - for the type checker # nosec B101
        self._transport = transport
        self._connections.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone = True
        self._connections.discard(self)
        self._news.set()
        self._drained.set()

    def data_received(self, data: bytes) -> None:
        self._http.receive_data(data)
        self._advance()

    def pause_writing(self) -> None:
        self._drained.clear()

    def resume_writing(self) -> None:
        self._drained.set()

    def end(self) -> asyncio.Task[None] | None:
        """Takes no more requests; the task that is cut off, if there is one."""
        self._ending = True
        if self._task is None:
            self._transport.close()
        else:
            self._task.cancel()
        return self._task

    def abort(self) -> None:
        self._transport.abort()

    def _advance(self) -> None:
        try:
            while self._take(self._http.next_event()):
                pass
        except h11.RemoteProtocolError as error:
            self._refuse(error.error_status_hint)

    def _take(self, event: Any) -> bool:
        """Whether there may be more."""
        if event is h11.NEED_DATA or event is h11.PAUSED:
            return False
        if isinstance(event, h11.Request):
            self._whole = self._told_end = False
            self._task = asyncio.create_task(self._answer(event))
        elif isinstance(event, h11.Data):
            self._waiting.append(bytes(event.data))
            self._size += len(event.data)
            if self._size > _MAX_WAITING:
                self._transport.pause_reading()
        elif isinstance(event, h11.EndOfMessage):
            self._whole = True
        elif isinstance(event, h11.ConnectionClosed):
            self._gone = True
            if self._task is None:
                self._transport.close()
        self._news.set()
        return not isinstance(event, h11.ConnectionClosed)

    def _refuse(self, status: int) -> None:
        if self._http.our_state is h11.IDLE or self._http.our_state is h11.SEND_RESPONSE:
            head = h11.Response(status_code=status, headers=_BUSY)
            self._write(self._http.send(head), self._http.send(h11.EndOfMessage()))
        self._transport.close()

    async def _answer(self, request: h11.Request) -> None:
        answer = _Answer(self, self._http, request)
        try:
            await self._app(_scope(request, self._transport), self._receive, answer.send)
        except asyncio.CancelledError:
            if not answer.is_begun and not self._gone:
                await answer.fail(503)
        except Exception:
            # Whatever went wrong in the app, its client is to hear that it is over.
            if not answer.is_begun:
                await answer.fail(500)
            self._transport.close()
            if not self._gone:
                raise
        finally:
            self._task = None
            self._finish()

    def _finish(self) -> None:
        """Makes ready for the next request, or ends the connection."""
        self._waiting.clear()
        self._size = 0
        states = self._http.our_state, self._http.their_state
        if self._gone or self._ending or states != (h11.DONE, h11.DONE):
            self._transport.close()
            return
        self._http.start_next_cycle()
        self._transport.resume_reading()
        self._advance()

    async def _receive(self) -> Message:
        if self._http.they_are_waiting_for_100_continue:
            go_on = h11.InformationalResponse(status_code=100, headers=[])
            self._write(self._http.send(go_on))
        while not self._waiting and not self._whole and not self._gone:
            self._news.clear()
            await self._news.wait()
        if self._waiting:
            chunk = self._waiting.popleft()
            self._size -= len(chunk)
            if self._size <= _MAX_WAITING:
                self._transport.resume_reading()
            more = bool(self._waiting) or not self._whole
            self._told_end = not more
            return {"type": "http.request", "body": chunk, "more_body": more}
        if self._whole and not self._told_end:
            self._told_end = True
            return {"type": "http.request", "body": b"", "more_body": False}
        while not self._gone:
            self._news.clear()
            await self._news.wait()
        return {"type": "http.disconnect"}

    def _write(self, *parts: bytes | None) -> None:
        if not self._gone and not self._transport.is_closing():
            self._transport.write(b"".join(part for part in parts if part))

    async def write(self, *parts: bytes | None) -> None:
        """Sends, and waits while the client does not read."""
        self._write(*parts)
        await self._drained.wait()


class _Answer:
    """What an app sends, on its way to the client."""

    def __init__(self, connection: Connection, http: h11.Connection, request: h11.Request) -> None:
        self._connection = connection
        self._http = http
        self._bare = request.method == b"HEAD"
        self._head: bytes | None = None
        self.is_begun = False

    async def send(self, message: Message) -> None:
        if self._http.our_state not in {h11.SEND_RESPONSE, h11.SEND_BODY}:
            return
        if message["type"] == "http.response.start":
            headers = [(b"date", _date()), *message.get("headers", ())]
            head = h11.Response(status_code=message["status"], headers=headers)
            self.is_begun, self._head = True, self._http.send(head)
            return
        body = b"" if self._bare else message.get("body", b"")
        sent = self._http.send(h11.Data(data=body)) if body else None
        more = message.get("more_body", False)
        end = None if more else self._http.send(h11.EndOfMessage())
        begun, self._head = self._head, None
        await self._connection.write(begun, sent, end)

    async def fail(self, status: int) -> None:
        await self.send({"type": "http.response.start", "status": status, "headers": _BUSY})
        await self.send({"type": "http.response.body", "body": b""})


def _scope(request: h11.Request, transport: asyncio.Transport) -> dict[str, Any]:
    from urllib.parse import unquote_to_bytes

    raw, _, query = request.target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": request.http_version.decode(),
        "method": request.method.decode(),
        "scheme": "http",
        "path": unquote_to_bytes(raw).decode("utf-8", "replace"),
        "raw_path": raw,
        "query_string": query,
        "root_path": "",
        "headers": [(bytes(name), bytes(value)) for name, value in request.headers],
        "client": transport.get_extra_info("peername"),
        "server": transport.get_extra_info("sockname"),
        "state": {},
    }


def _date() -> bytes:
    """Not strftime's %a and %b, which follow the locale of this machine."""
    now = time.gmtime()
    day, month = _DAYS[now.tm_wday], _MONTHS[now.tm_mon - 1]
    clock = f"{now.tm_hour:02}:{now.tm_min:02}:{now.tm_sec:02}"
    return f"{day}, {now.tm_mday:02} {month} {now.tm_year} {clock} GMT".encode()
