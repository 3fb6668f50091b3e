"""The bytes of an answer, as h11 writes them."""

from __future__ import annotations

from functools import lru_cache
from http import HTTPStatus

import h11

from wizard.webhook.request import Answer, Headers

_REQUEST = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"


def answer_bytes(http: h11.Connection, answer: Answer) -> bytes:
    """All of an answer to the request that stands on this connection. Raises
    `h11.LocalProtocolError` where none does."""
    said = http.send(_head(answer.status, len(answer.body), answer.headers)) or b""
    if answer.body:
        said += http.send(h11.Data(data=answer.body)) or b""
    return said + (http.send(h11.EndOfMessage()) or b"")


@lru_cache(maxsize=64)
def usual_bytes(answer: Answer) -> bytes | None:
    """The same for any POST that has come to its end, on a connection that is kept: these are
    always alike, and take h11 as long to write as a small body takes to be read. `None` where the
    answer itself ends the connection.
    """
    http = h11.Connection(h11.SERVER)
    http.receive_data(_REQUEST)
    while http.next_event() is not h11.NEED_DATA:
        pass
    said = answer_bytes(http, answer)
    return said if http.our_state is h11.DONE else None


@lru_cache(maxsize=64)
def _head(status: int, length: int, headers: Headers) -> h11.Response:
    own = (b"content-length", str(length).encode())
    phrase = HTTPStatus(status).phrase.encode()
    return h11.Response(status_code=status, headers=[*headers, own], reason=phrase)
