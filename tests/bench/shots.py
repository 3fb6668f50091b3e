"""Requests of every kind that an endpoint on the open internet gets, and what may come back.

Each kind makes one from a seed, so a failure names the two and can be had again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias
from urllib.parse import urlencode

from tests.webhook.kinds import kinds
from tests.webhook.meta import change, message, value
from wizard.values.credentials import Secret
from wizard.webhook.body import MOST_BYTES
from wizard.webhook.envelope import MAX_DEPTH, MAX_TEXT
from wizard.webhook.events import MAX_EVENTS
from wizard.webhook.signature import sign

TOKEN = "bombarded-verify-token-0123456789"
SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
FORGED = "wamid.FORGED"
"""Stands in every body that Meta did not sign: whoever tells of it was fooled."""

_PATH = "/webhook"
_HEAD = 64 * 1024
"""Bytes that a head may have."""
_REFUSED = frozenset({400, 401, 403, 404, 405, 408, 411, 413, 415, 431, 501})
_BUSY = frozenset({503})
"""For what is too large to be read at once, while others of its kind are read."""
_KINDS = [kind.body for kind in kinds()]


@dataclass(frozen=True)
class Shot:
    """Bytes for a connection of their own, and the statuses that may come back for each request
    in them; `None` is a connection that is closed without an answer.

    `echo` is what has to be in the answer; `pieces` is in how many it is sent; with `hangs_up` it
    is not waited for.
    """

    sent: bytes = field(repr=False)
    allowed: frozenset[int | None]
    answers: int = 1
    echo: bytes = b""
    pieces: int = 1
    hangs_up: bool = False


Maker: TypeAlias = Callable[[Random], Shot]


def _only(*statuses: int | None) -> frozenset[int | None]:
    return frozenset(statuses)


def _request(
    method: str, target: str, body: bytes = b"", /, *, length: object = None, **headers: str
) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {text}" for name, text in headers.items()]
    if method not in {"GET", "HEAD"} and "Transfer_Encoding" not in headers:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("latin-1") + body


def _post(body: bytes, *, signature: str | None = "", **headers: str) -> bytes:
    """Signed as Meta does, unless another signature is given, or none."""
    if signature is not None:
        headers["X_Hub_Signature_256"] = signature or sign(Secret(SECRET), body)
    return _request("POST", _PATH, body, **({"Content_Type": "application/json"} | headers))


def _body(random: Random, id_: str | None = None) -> bytes:
    text = "".join(chr(random.choice((65, 122, 233, 0x4E00, 0x1F44D))) for _ in range(20))
    name = id_ or f"wamid.{random.getrandbits(64):x}"
    return change(value(messages=[message(name, type="text", text={"body": text})]))


# Handshakes


def _query(**parts: str) -> str:
    given = {"mode": "subscribe", "verify_token": TOKEN, "challenge": "1158201444"} | parts
    return f"{_PATH}?{urlencode({f'hub.{name}': text for name, text in given.items()})}"


def _handshake(random: Random) -> Shot:
    challenge = str(random.getrandbits(random.choice((1, 31, 64, 4000))))
    return Shot(_request("GET", _query(challenge=challenge)), _only(200), echo=challenge.encode())


def _bad_handshake(random: Random) -> Shot:
    wrong = random.choice(
        (
            {"verify_token": TOKEN.upper()},
            {"verify_token": f" {TOKEN}"},
            {"verify_token": TOKEN[:-1]},
            {"verify_token": ""},
            {"verify_token": "x" * random.randrange(1, 60_000)},
            {"mode": "unsubscribe"},
            {"challenge": ""},
        )
    )
    return Shot(_request("GET", _query(**wrong)), _only(403))


def _odd_query(random: Random) -> Shot:
    noise = bytes(random.randrange(33, 127) for _ in range(random.randrange(300)))
    target = f"{_PATH}?{noise.decode().replace('#', '%')}"
    return Shot(_request("GET", target), _only(400, 403))


# Deliveries


def _delivery(random: Random) -> Shot:
    return Shot(_post(_body(random)), _only(200))


def _every_kind(random: Random) -> Shot:
    return Shot(_post(random.choice(_KINDS)), _only(200))


def _unsigned(random: Random) -> Shot:
    return Shot(_post(_body(random, FORGED), signature=None), _only(401))


def _forged(random: Random) -> Shot:
    body = _body(random, FORGED)
    right = sign(Secret(SECRET), body)
    signature = random.choice(
        (
            sign(Secret("another secret"), body),
            sign(Secret(SECRET), body + b" "),
            right.removeprefix("sha256="),
            right.replace("sha256", "sha1"),
            right[:-1],
            right + "0",
            right[:-1] + ("0" if right[-1] != "0" else "1"),
            "sha256=",
            "sha256=" + "\xe9" * 64,
            "sha256=" + "0" * 60_000,
        )
    )
    return Shot(_post(body, signature=signature), _only(403))


def _spoilt(random: Random) -> Shot:
    """A signed body in which bytes were changed on the way."""
    body = bytearray(_body(random, FORGED))
    signature = sign(Secret(SECRET), bytes(body))
    body[random.randrange(len(body))] ^= 1 << random.randrange(8)
    return Shot(_post(bytes(body), signature=signature), _only(403))


def _signed_noise(random: Random) -> Shot:
    """What bears Meta's signature and is no JSON, or JSON with a few bytes changed."""
    body = bytearray(random.choice(_KINDS))
    for _ in range(random.randrange(1, 6)):
        at = random.randrange(len(body))
        body[at : at + random.randrange(2)] = random.randbytes(random.randrange(3))
    return Shot(_post(bytes(body)), _only(200, 400))


def _other_type(random: Random) -> Shot:
    given = ("text/plain", "", "application/jsonp", "multipart/form-data; boundary=x", "\xff")
    return Shot(_post(_body(random), Content_Type=random.choice(given)), _only(415))


# Around limits


def _dense(random: Random) -> Shot:
    piece = random.choice(('{"from":"1"}', "{}", "null", "[]", '{"id":"w"}', "1e999"))
    count = random.choice((MAX_EVENTS - 1, MAX_EVENTS, MAX_EVENTS + 1, 20_000))
    key = random.choice(("messages", "statuses", "contacts", "errors"))
    parts = ",".join([piece] * count)
    body = f'{{"entry":[{{"changes":[{{"field":"messages","value":{{"{key}":[{parts}]}}}}]}}]}}'
    return Shot(_post(body.encode()), _only(200, 400) | _BUSY)


def _deep(random: Random) -> Shot:
    depth = random.choice((MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1, 900, 20_000))
    opening, closing = random.choice((("[", "]"), ('{"a":', "}")))
    body = f'{{"entry":[{opening * depth}1{closing * depth}]}}'.encode()
    return Shot(_post(body), _only(200, 400) | _BUSY)


def _long_text(random: Random) -> Shot:
    size = random.choice((MAX_TEXT - 1, MAX_TEXT, MAX_TEXT + 1))
    body = change(value(messages=[message(type="text", text={"body": "\x1b" * size})]))
    return Shot(_post(body), _only(200) | _BUSY)


def _largest(random: Random) -> Shot:
    """A body of the most bytes that Meta sends, one fewer, or one more."""
    size = MOST_BYTES + random.choice((-1, 0, 1))
    body = _body(random)
    body = body + b" " * (size - len(body))
    return Shot(_post(body), _only(413, None) if size > MOST_BYTES else _only(200) | _BUSY)


def _declared(random: Random) -> Shot:
    """A length that is not the body's."""
    length = random.choice((MOST_BYTES + 1, 10**12, 10**30, -1, "1, 2", "0x10", "", "٣"))
    sent = _request("POST", _PATH, b"{}", length=str(length).encode().decode("latin-1"))
    return Shot(sent, _REFUSED | {None})


def _long_head(random: Random) -> Shot:
    size = _HEAD + random.randrange(-400, 400)
    sent = _request("GET", _query(), X_Padding="x" * size)
    return Shot(sent, _only(200, 400, 431, None))


def _many_headers(random: Random) -> Shot:
    names = {f"X_{number}": "y" for number in range(random.choice((50, 90, 110, 3000)))}
    return Shot(_request("GET", _query(), **names), _only(200, 400, 431))


# On the wire


def _chunked(random: Random) -> Shot:
    body = _body(random)
    cut = random.randrange(1, len(body))
    parts = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:cut], body[cut:]))
    head = _post(b"", signature=sign(Secret(SECRET), body), Transfer_Encoding="chunked")
    return Shot(head + parts + b"0\r\n\r\n", _only(200), pieces=random.randrange(1, 5))


def _bad_chunks(random: Random) -> Shot:
    size = random.choice((b"-1", b"g", b"", b"f" * 40, b"5;" + b"x" * 70_000, b"5 5"))
    head = _post(_body(random, FORGED)[:0], signature=None, Transfer_Encoding="chunked")
    return Shot(head + size + b"\r\nhello\r\n0\r\n\r\n", _REFUSED | {None})


def _both_lengths(random: Random) -> Shot:
    """Content-Length and Transfer-Encoding at once, as smugglers write it."""
    hidden = _post(_body(random, FORGED), signature=None)
    head = _request(
        "POST", _PATH, b"", Transfer_Encoding="chunked", Content_Length=str(len(hidden))
    )
    return Shot(head + b"0\r\n\r\n" + hidden, _REFUSED | {None}, answers=2)


def _pipelined(random: Random) -> Shot:
    one = _request("GET", _query()).replace(b"Connection: close\r\n", b"")
    count = random.randrange(2, 6)
    return Shot(one * (count - 1) + _request("GET", _query()), _only(200), answers=count)


def _expecting(random: Random) -> Shot:
    return Shot(_post(_body(random), Expect="100-continue"), _only(100, 200), answers=2)


def _noise(random: Random) -> Shot:
    beginning = random.choice((b"", b"GET ", b"POST /webhook HTTP/1.1\r\n", b"\x16\x03\x01", b"\0"))
    return Shot(beginning + random.randbytes(random.randrange(1, 400)), _REFUSED | {None})


def _strange_line(random: Random) -> Shot:
    line = random.choice(
        (
            "PRI * HTTP/2.0",
            "GET /webhook",
            "GET /webhook HTTP/9.9",
            "GET  /webhook HTTP/1.1",
            "get /webhook HTTP/1.1",
            "GET /webhook HTTP/1.1 x",
            "GET /web\0hook HTTP/1.1",
            "\r\n\r\n\r\nGET",
        )
    )
    return Shot(f"{line}\r\nHost: x\r\n\r\n".encode(), _REFUSED | {None})


def _other_method(random: Random) -> Shot:
    method = random.choice(("HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"))
    return Shot(_request(method, _PATH, _body(random, FORGED)), _only(405))


def _elsewhere(random: Random) -> Shot:
    target = random.choice(
        (
            "/",
            "/webhook/..",
            "/webhook//x",
            "/webhook%00",
            "/WEBHOOK",
            "/" + "x" * 60_000,
            "/.env",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/\xff\xfe",
        )
    )
    return Shot(_request("POST", target, _body(random, FORGED)), _only(404, 400))


def _in_pieces(random: Random) -> Shot:
    return Shot(_post(_body(random)), _only(200), pieces=random.randrange(2, 12))


def _hung_up(random: Random) -> Shot:
    sent = _post(_body(random))
    return Shot(sent[: random.randrange(1, len(sent))], _only(None), hangs_up=True)


def _of_json(parsed: Any) -> Shot:
    return Shot(_post(json.dumps(parsed).encode()), _only(200, 400))


MAKERS: Mapping[str, Maker] = {
    "handshake": _handshake,
    "bad handshake": _bad_handshake,
    "odd query": _odd_query,
    "delivery": _delivery,
    "every kind": _every_kind,
    "unsigned": _unsigned,
    "forged": _forged,
    "spoilt": _spoilt,
    "signed noise": _signed_noise,
    "other type": _other_type,
    "dense": _dense,
    "deep": _deep,
    "long text": _long_text,
    "largest": _largest,
    "declared": _declared,
    "long head": _long_head,
    "many headers": _many_headers,
    "chunked": _chunked,
    "bad chunks": _bad_chunks,
    "both lengths": _both_lengths,
    "pipelined": _pipelined,
    "expecting": _expecting,
    "noise": _noise,
    "strange line": _strange_line,
    "other method": _other_method,
    "elsewhere": _elsewhere,
    "in pieces": _in_pieces,
    "hung up": _hung_up,
}
"""Each kind by its name."""

COSTLY = {"largest": 60, "dense": 8, "deep": 4, "long text": 8, "long head": 4, "many headers": 4}
"""Every so many of these are what they say, the others plain deliveries: megabytes each would be
all that the time goes into."""


def shot_of(kind: str, seed: int) -> Shot:
    """The request of this kind and seed."""
    random = Random(seed)
    if seed % COSTLY.get(kind, 1):
        return _delivery(random)
    return MAKERS[kind](random)


def shot_of_json(parsed: Any) -> Shot:
    """A signed body of any JSON."""
    return _of_json(parsed)
