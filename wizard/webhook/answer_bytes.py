"""The bytes of an answer, as h11 writes them."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus

import h11

from wizard.webhook.request import Answer, Headers

_METHOD = b"POST"
_REQUEST = _METHOD + b" / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"


def answer_bytes(http: h11.Connection, answer: Answer, method: bytes | None) -> bytes:
    """All of an answer to the request that stands on this connection, `None` where it could not be
    read. Raises `h11.LocalProtocolError` where it is answered already."""
    said = http.send(_head(answer.status, len(answer.body), answer.headers)) or b""
    if answer.body and method != b"HEAD":
        said += http.send(h11.Data(data=answer.body)) or b""
    return said + (http.send(h11.EndOfMessage()) or b"")


def usual_bytes(answer: Answer, method: bytes | None) -> bytes | None:
    """The same for any request that has come to its end, on a connection that is kept. `None` for
    HEAD, and where the answer itself ends the connection."""
    if method == b"HEAD":
        return None
    head = _usual_head(answer.status, len(answer.body), answer.headers)
    return None if head is None else head + answer.body


@lru_cache(maxsize=64)
def _usual_head(status: int, length: int, headers: Headers) -> bytes | None:
    # It is always the same, and takes h11 as long to write as a small body takes to be read.
    http = h11.Connection(h11.SERVER)
    http.receive_data(_REQUEST)
    while http.next_event() is not h11.NEED_DATA:
        pass
    said = answer_bytes(http, Answer(status, bytes(length), headers), _METHOD)
    return said[: len(said) - length] if http.our_state is h11.DONE else None


@lru_cache(maxsize=64)
def _head(status: int, length: int, headers: Headers) -> h11.Response:
    own = (b"content-length", str(length).encode())
    phrase = HTTPStatus(status).phrase.encode()
    return h11.Response(status_code=status, headers=[*headers, own], reason=phrase)
