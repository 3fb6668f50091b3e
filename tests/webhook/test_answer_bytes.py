"""What is kept of h11's answers is what h11 writes, for whichever client it is kept."""

from __future__ import annotations

import asyncio

import h11

from tests.tables import each_line
from tests.webhook.meta import SECRET, TOKEN, dial, headers, request, written
from wizard.support.loopback import HOST
from wizard.webhook.answer_bytes import answer_bytes, usual_bytes
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.errors import RefusedError
from wizard.webhook.event_queue import Received
from wizard.webhook.request import Answer, Outcome, Request
from wizard.webhook.server import listening

KIND = (b"content-type", b"text/plain")
CLOSE = (b"connection", b"close")
ANSWERS = (
    Answer(200, headers=(KIND,)),
    Answer(200, b"1158201444", (KIND,)),
    Answer(403, b"\xff" * 70_000),
    Answer(500),
)
KEPT = {
    "curl": request("POST /webhook HTTP/1.1", "Accept: */*", "Content-Length: 2", body=b"{}"),
    "asks first": request("POST / HTTP/1.1", "Expect: 100-continue", "Content-Length: 0"),
    "in chunks": request(
        "POST / HTTP/1.1", "Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\nA: b\r\n\r\n"
    ),
    "nginx": request("POST / HTTP/1.1", "Connection: Keep-Alive", "Content-Length: 0"),
    "with more behind it": request("POST / HTTP/1.1", "Content-Length: 0", body=b"GET / HT"),
    "a verification": request("GET /webhook?hub.mode=subscribe HTTP/1.1"),
    "a later HTTP": request("PUT / HTTP/1.9", "Content-Length: 0"),
}
ENDED = {
    "an older HTTP": request("POST / HTTP/1.0", "Content-Length: 0"),
    "nginx by default": request("POST / HTTP/1.1", "Connection: close", "Content-Length: 0"),
    "another protocol": request("POST / HTTP/1.1", "Upgrade: h2c", "Content-Length: 0"),
}


class Greeter:
    """A service that says hello to whoever asks."""

    garbage = 0

    def answer(self, _request: Request) -> Outcome:
        return Outcome(Answer(200, b"hello", (KIND,)))

    def answer_body(self, _request: Request, _body: bytes) -> Outcome:
        raise AssertionError

    def refuse(self, _request: Request, error: RefusedError) -> Outcome:
        raise AssertionError(error)

    def tell(self, told: Received) -> None:
        raise AssertionError(told)

    def tell_garbage(self) -> None:
        self.garbage += 1


def asked(said: bytes) -> h11.Connection:
    http = h11.Connection(h11.SERVER)
    http.receive_data(said)
    while type(http.next_event()) is not h11.EndOfMessage:
        pass
    return http


@each_line("said", KEPT.values(), ids=KEPT)
def test_a_client_that_keeps_its_connection_has_what_h11_writes_it(said: bytes) -> None:
    for answer in ANSWERS:
        http = asked(said)
        assert http.their_state is h11.DONE
        assert usual_bytes(answer, b"POST") == answer_bytes(http, answer, b"POST")
        assert http.our_state is h11.DONE


@each_line("said", ENDED.values(), ids=ENDED)
def test_no_other_client_is_taken_for_one(said: bytes) -> None:
    assert asked(said).their_state is not h11.DONE


def test_nothing_is_kept_of_an_answer_that_ends_the_connection() -> None:
    assert usual_bytes(Answer(503, headers=(CLOSE,)), b"GET") is None
    assert usual_bytes(Answer(503, headers=((b"connection", b"x, Close"),)), b"GET") is None


async def test_an_answer_to_head_has_no_body_and_the_next_one_has() -> None:
    asks = request("HEAD / HTTP/1.1")
    both = ("Content-Length: 5", "Transfer-Encoding: chunked")
    last = request("HEAD / HTTP/1.1", *both, body=b"0\r\n\r\n")
    greeter = Greeter()
    async with asyncio.timeout(20), listening(greeter, 0, 5.0) as port:
        reader, writer = await asyncio.open_connection(HOST, port)
        writer.write(asks + asks.replace(b"HEAD", b"GET") + asks + last)
        said = await reader.read()
        writer.close()
    bodies = [answer.partition(b"\r\n\r\n")[2] for answer in said.split(b"HTTP/1.1 ")[1:]]
    assert bodies == [b"", b"hello", b"", b""]
    assert greeter.garbage == 1
    assert said.count(b"content-length: 5\r\n") == 3


async def test_the_last_of_many_on_a_connection_is_told_that_it_ends() -> None:
    body = written()
    lines = [f"{name}: {value}" for name, value in headers(body).items()]
    lines.append(f"Content-Length: {len(body)}")
    one = request("POST /webhook HTTP/1.1", *lines, body=body)
    last = request("POST /webhook HTTP/1.1", *lines, "Connection: close", body=body)
    async with asyncio.timeout(20), Endpoint(TOKEN, SECRET) as endpoint:
        # Each of them in one packet, cut anywhere, and all in one.
        for pieces in ([one, one, last], [one[:-7], one[-7:] + one + last[:9], last[9:]]):
            async with dial(endpoint, pieces[0]) as (reader, writer):
                for piece in pieces[1:]:
                    await asyncio.sleep(0.01)
                    writer.write(piece)
                said = await reader.read()
            answers = said.split(b"HTTP/1.1 ")[1:]
            assert [answer[:3] for answer in answers] == [b"200"] * 3
            assert [b"connection: close" in answer.lower() for answer in answers] == [
                False,
                False,
                True,
            ]
        async with dial(endpoint, one + one + last) as (reader, _):
            assert (await reader.read()).count(b"HTTP/1.1 200 ") == 3
    assert endpoint.repeated == 8
