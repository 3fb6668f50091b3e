"""One connection: its requests in turn, and what becomes of a client that breaks the rules."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.webhook.meta import SECRET, TOKEN, dial, next_of, raw, request
from wizard.support.loopback import HOST
from wizard.webhook.body import Bodies, Body
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.errors import RefusedError
from wizard.webhook.event_queue import Received, Rejected
from wizard.webhook.request import Answer, Answering, Outcome, Request
from wizard.webhook.server import listening

ASKED = request("GET /hello HTTP/1.1")
LAST = request("GET /hello HTTP/1.0")
BODY = request("POST /late HTTP/1.1", "Content-Length: 2", body=b"{}")


@dataclass
class Fake:
    """Answers each GET with its number; falls at `/fall`, and takes a while for `/late`."""

    asked: int = 0
    padding: bytes = b""
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    bodies: Bodies = field(default_factory=Bodies)

    def answer(self, request: Request) -> Outcome | Body:
        self.asked += 1
        if request.path == b"/fall":
            raise ZeroDivisionError
        if request.method == b"POST":
            return self.bodies.begin(None, checked=True)
        return Outcome(Answer(200, b"%d" % self.asked + self.padding))

    def answer_body(self, request: Request, body: bytes) -> Outcome | Answering:
        return self._later(request, body)

    async def _later(self, request: Request, body: bytes) -> Outcome:
        await self.may_answer.wait()
        if request.path == b"/late-fall":
            raise ZeroDivisionError
        if request.path == b"/late-refusal":
            raise RefusedError("busy", 503)
        return Outcome(Answer(200, body))

    def refuse(self, _request: Request, error: RefusedError) -> Outcome:
        return Outcome(Answer(error.status or 400))

    def tell(self, told: Received) -> None:
        raise AssertionError(told)

    def tell_garbage(self) -> None:
        raise AssertionError


@asynccontextmanager
async def wire(
    fake: Fake, patience: float = 5.0
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    async with asyncio.timeout(20), listening(fake, 0, patience) as port:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            yield reader, writer
        finally:
            writer.close()


async def test_what_falls_is_answered_500_and_the_next_one_as_ever() -> None:
    async with wire(Fake()) as (reader, writer):
        writer.write(request("GET /fall HTTP/1.1") + ASKED + LAST)
        said = await reader.read()
    assert [part[:3] for part in said.split(b"HTTP/1.1 ")[1:]] == [b"500", b"200", b"200"]
    assert said.endswith(b"\r\n\r\n3")


async def test_empty_lines_between_requests_are_none() -> None:
    fake = Fake()
    body = request("POST /late HTTP/1.1", "Content-Length: 2", body=b"{}\r\n")
    async with wire(fake) as (reader, writer):
        fake.may_answer.set()
        writer.write(b"\r\n\n\r\n" + ASKED + body + b"\r\n" + LAST)
        said = await reader.read()
    assert [part[:3] for part in said.split(b"HTTP/1.1 ")[1:]] == [b"200"] * 3


async def test_requests_behind_one_that_takes_a_while_are_answered_after_it_in_turn() -> None:
    fake = Fake()
    async with wire(fake) as (reader, writer):
        writer.write(BODY + ASKED)
        await asyncio.sleep(0.05)
        writer.write(BODY.replace(b"/late", b"/late-fall"))
        writer.write(BODY.replace(b"/late", b"/late-refusal") + LAST)
        assert fake.asked == 1
        fake.may_answer.set()
        said = await reader.read()
    answers = [part.split(b"\r\n\r\n") for part in said.split(b"HTTP/1.1 ")[1:]]
    assert [(head[:3], body) for head, body in answers] == [
        (b"200", b"{}"),
        (b"200", b"2"),
        (b"500", b""),
        (b"503", b""),
        (b"200", b"5"),
    ]
    assert fake.bodies.held == 0


async def test_thousands_of_requests_on_one_connection_hold_up_no_other() -> None:
    fake = Fake()
    async with listening(fake, 0, 5.0) as port:
        many, one = [await asyncio.open_connection(HOST, port) for _ in range(2)]
        many[1].write(ASKED * 4000)
        await many[0].readuntil(b"\r\n\r\n")
        one[1].write(ASKED)
        await one[0].readuntil(b"\r\n\r\n")
        assert fake.asked < 2000
        for _, writer in (many, one):
            writer.close()


async def test_a_body_in_the_smallest_chunks_holds_up_no_other() -> None:
    fake = Fake()
    async with listening(fake, 0, 5.0) as port:
        many, one = [await asyncio.open_connection(HOST, port) for _ in range(2)]
        many[1].write(request("POST /late HTTP/1.1", "Transfer-Encoding: chunked"))
        many[1].write(b"1\r\na\r\n" * 20_000)
        await many[1].drain()
        one[1].write(ASKED)
        await one[0].readuntil(b"\r\n\r\n")
        assert fake.bodies.held < 10_000
        for _, writer in (many, one):
            writer.close()


async def test_who_reads_no_answers_is_cut_off_after_a_while() -> None:
    fake = Fake(padding=b" " * 100_000)
    async with listening(fake, 0, 0.2) as port:
        with socket.socket() as deaf:
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.connect((HOST, port))
            deaf.setblocking(False)
            loop = asyncio.get_running_loop()
            async with asyncio.timeout(20):
                try:
                    while True:
                        await loop.sock_sendall(deaf, ASKED * 100)
                except OSError:
                    pass
        assert fake.asked


async def test_garbage_in_the_middle_of_a_body_is_told_once() -> None:
    head = request("POST /webhook HTTP/1.1", "Transfer-Encoding: chunked", body=b"zz\r\n")
    async with Endpoint(TOKEN, SECRET) as endpoint:
        assert (await raw(endpoint, head)).startswith(b"HTTP/1.1 400 ")
        told = await next_of(endpoint)
        assert isinstance(told, Rejected)
        assert told.reason == "malformed"
        assert len(endpoint.received) == 0


async def test_a_client_that_asks_first_is_told_to_go_on() -> None:
    head = request("POST /webhook HTTP/1.1", "Content-Length: 2", "Expect: 100-continue")
    async with Endpoint(TOKEN, SECRET) as endpoint, dial(endpoint, head) as (reader, writer):
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 100 Continue")
        writer.write(b"{}")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 401 ")
