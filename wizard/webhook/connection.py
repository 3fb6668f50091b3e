"""HTTP on one connection: h11 reads and writes it, and its service answers at once.

A request has no task of its own, for nearly all are answered from what has come already. What a
client takes its time for has a limit: a head, a body, the rest of one that is answered already, and
reading the answers.
"""

from __future__ import annotations

import asyncio
from typing import cast

import h11

from wizard.webhook.answer_bytes import answer_bytes, usual_bytes
from wizard.webhook.body import Body
from wizard.webhook.connections import Connections
from wizard.webhook.errors import RefusedError
from wizard.webhook.request import (
    Answer,
    Answering,
    Outcome,
    Request,
    Service,
    new_request,
)

_IN_ONE_GO = 64
"""Heads, pieces of bodies and ends on one connection, before others have their turn."""
_EMPTY_LINE = "no request line received"
"""What h11 says to an empty line in place of a request."""
_GARBAGE = Answer(
    400,
    b"Invalid HTTP request received.",
    ((b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")),
)
_BROKEN = Answer(500)
_ENDED = Answer(503, headers=((b"connection", b"close"),))


class Connection(asyncio.BufferedProtocol):
    """One of the server's."""

    _transport: asyncio.Transport

    def __init__(self, service: Service, connections: Connections) -> None:
        self._service = service
        self._connections = connections
        self._loop = asyncio.get_running_loop()
        self._http = h11.Connection(h11.SERVER)
        self._has_more = False
        """Whether anything has come that may not have been looked at."""
        self._request: Request | None = None
        """The one that has no answer yet."""
        self._body: Body | None = None
        """Its body, as long as pieces of it are to come."""
        self._reading: asyncio.Task[None] | None = None
        """What answers it, where that takes a while."""
        self._is_full = False
        """Whether answers wait for somebody who reads them."""
        self._timer: asyncio.TimerHandle | None = None
        self._deadline: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._await_head()
        self._connections.make_room_for(self)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._connections.arrived

    def buffer_updated(self, nbytes: int) -> None:
        self._http.receive_data(bytes(self._connections.arrived[:nbytes]))
        self._has_more = True
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        if self._timer is not None:
            self._timer.cancel()
        if self._body is not None:
            self._refuse(RefusedError("incomplete", None))

    def pause_writing(self) -> None:
        self._is_full = True
        self._serve()
        self._set_deadline()
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        self._is_full = False
        self._await_head()
        self._transport.resume_reading()
        self._go_on()

    def abort(self) -> None:
        """Ends it at once."""
        self._forget()
        self._transport.abort()

    def end(self) -> asyncio.Task[None] | None:
        """Ends it, with an answer to whoever waits for one; returns what is still being read."""
        reading = self._reading
        if reading is not None:
            reading.cancel()
        if self._request is not None:
            self._drop_body()
            self._send(_ENDED)
        self._transport.close()
        return reading

    def _go_on(self) -> None:
        """Answers what has come, as far as it goes."""
        left = _IN_ONE_GO
        while self._has_more and not self._is_held_up():
            try:
                event = self._http.next_event()
            except h11.RemoteProtocolError as error:
                if not self._skip_empty_lines(error):
                    self._send_garbage()
                    return
                continue
            if event is h11.NEED_DATA or event is h11.PAUSED:
                self._await_body()
                return
            if isinstance(event, h11.Request):
                self._begin(event)
            elif isinstance(event, h11.Data):
                self._take(event.data)
            elif isinstance(event, h11.EndOfMessage):
                self._finish()
            left -= 1
            if not left:
                self._transport.pause_reading()
                self._loop.call_soon(self._resume)
                return

    def _is_held_up(self) -> bool:
        return bool(self._is_full or self._reading or self._transport.is_closing())

    def _skip_empty_lines(self, error: h11.RemoteProtocolError) -> bool:
        # Some clients end a body with one that its length does not count (RFC 9112, 2.2).
        if str(error) != _EMPTY_LINE:
            return False
        self._begin_anew(skipping=b"\r\n")
        return True

    def _begin_anew(self, skipping: bytes = b"") -> None:
        """With what came behind the last request."""
        rest, _ = self._http.trailing_data
        rest = rest.lstrip(skipping)
        self._http = h11.Connection(h11.SERVER)
        self._has_more = bool(rest)
        if rest:  # nothing would be its end
            self._http.receive_data(rest)

    def _resume(self) -> None:
        if not (self._is_full or self._reading):
            self._transport.resume_reading()
            self._go_on()

    def _begin(self, head: h11.Request) -> None:
        headers = [(name.lower(), value) for name, value in head.headers.raw_items()]
        request = self._request = new_request(head.method, head.target, headers)
        if request.has_two_lengths:
            self._send_garbage()
            return
        try:
            wanted = self._service.answer(request)
        except Exception as error:  # noqa: BLE001 - whatever it is, the others are served on
            wanted = self._outcome_of(error, request)
        if isinstance(wanted, Outcome):
            if not request.has_body:
                self._http.next_event()  # its end
            self._answer(wanted)
            return
        self._body = wanted
        if self._http.they_are_waiting_for_100_continue:
            self._transport.write(
                self._http.send(
                    h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")
                )
                or b""
            )

    def _take(self, piece: bytes) -> None:
        # The rest of a body that is answered already is nobody's.
        if self._body is not None:
            try:
                self._body.add(piece)
            except RefusedError as error:
                self._refuse(error)

    def _finish(self) -> None:
        """Answers a request that has come to its end, if it still has no answer."""
        request, body = self._request, self._body
        if request is None or body is None:
            self._next_cycle()
            return
        try:
            outcome = self._service.answer_body(request, bytes(body))
        except Exception as error:  # noqa: BLE001 - as above
            outcome = self._outcome_of(error, request)
        if isinstance(outcome, Outcome):
            self._drop_body()
            self._answer(outcome)
            return
        self._body, self._deadline = None, None
        self._serve()
        self._transport.pause_reading()
        self._reading = self._loop.create_task(self._answer_later(request, body, outcome))

    async def _answer_later(self, request: Request, body: Body, answering: Answering) -> None:
        try:
            outcome = await answering
        except Exception as error:  # noqa: BLE001 - as above
            outcome = self._outcome_of(error, request)
        finally:
            body.release()
            self._reading = None
        self._answer(outcome)
        self._resume()

    def _refuse(self, error: RefusedError) -> None:
        self._drop_body()
        if self._request is not None:
            self._answer(self._service.refuse(self._request, error))

    def _outcome_of(self, error: Exception, request: Request) -> Outcome:
        if isinstance(error, RefusedError):
            return self._service.refuse(request, error)
        return Outcome(_BROKEN)

    def _drop_body(self) -> None:
        if self._body is not None:
            self._body.release()
            self._body = None

    def _answer(self, outcome: Outcome) -> None:
        # Answered first, told after: Meta waits for nothing that is done with the event.
        self._send(outcome.answer)
        if outcome.told is not None:
            self._service.tell(outcome.told)

    def _send(self, answer: Answer) -> None:
        method, self._request = self._request and self._request.method, None
        if self._transport.is_closing():
            return
        is_whole = self._http.their_state is h11.DONE
        usual = usual_bytes(answer, method) if is_whole else None
        said = answer_bytes(self._http, answer, method) if usual is None else usual
        self._await_head()
        self._transport.write(said)  # in one packet
        if usual is None:
            self._next_cycle()
        else:
            self._begin_anew()

    def _next_cycle(self) -> None:
        ours, theirs = self._http.our_state, self._http.their_state
        # Closed with the rest of a body on its way, the system would take the answer back.
        if theirs is h11.SEND_BODY:
            return
        if ours is h11.MUST_CLOSE:
            self._transport.close()
        elif ours is theirs is h11.DONE:
            self._http.start_next_cycle()

    def _send_garbage(self) -> None:
        self._service.tell_garbage()
        self._drop_body()
        if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._send(_GARBAGE)
        else:  # an answer has gone out already
            self._transport.abort()

    def _await_head(self) -> None:
        connections = self._connections
        connections.served.pop(self, None)
        connections.idle.pop(self, None)
        connections.idle[self] = None
        self._set_deadline()

    def _await_body(self) -> None:
        # Most bodies come with their head, and are waited for by nobody.
        if self._body is not None and self in self._connections.idle:
            self._serve()
            self._set_deadline()

    def _serve(self) -> None:
        self._connections.idle.pop(self, None)
        self._connections.served.setdefault(self)

    def _forget(self) -> None:
        self._connections.idle.pop(self, None)
        self._connections.served.pop(self, None)

    def _set_deadline(self) -> None:
        patience = self._connections.patience
        self._deadline = self._loop.time() + patience
        # One timer a connection, which outlasts its requests: one a request, made and cancelled,
        # costs as much as the check of the token.
        if self._timer is None:
            self._timer = self._loop.call_at(self._deadline, self._on_time)

    def _on_time(self) -> None:
        self._timer = None
        if self._deadline is None:
            return
        if self._loop.time() < self._deadline:
            self._timer = self._loop.call_at(self._deadline, self._on_time)
        elif self._body is not None:
            self._refuse(RefusedError("too_slow", 408))
        else:
            self.abort()
