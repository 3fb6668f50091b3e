"""Callbacks that nothing is wrong with, however odd, and those that deserve a warning."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from dataclasses import replace

from tests.faults.endpoints import TYPED, Case, chunked, head, saying, slowly, very_slowly
from tests.faults.server import TOKEN, Callback, page

SOUND = Callback()
WARNED = [
    Case("any token", "webhook.accepts_any_token", replace(SOUND, wrong=SOUND.right)),
    Case("any mode", "webhook.accepts_any_mode", replace(
        SOUND, wrong=lambda a: page(a.challenge) if a.hub("verify_token") == TOKEN
        else page("", "403 Forbidden"))),
    Case("no signature", "webhook.signature_unchecked", replace(SOUND, unsigned=SOUND.taken)),
    Case("no signature, no secret known", "webhook.signature_unchecked",
         replace(SOUND, unsigned=SOUND.taken), secret=None),
    Case("slow", "webhook.slow", replace(SOUND, right=very_slowly)),
    Case("no token known", "webhook.token_untested", SOUND, token=None),
    Case("neither token nor secret known", "webhook.token_untested", SOUND, None, None),
    Case("on loopback", "webhook.local_only", SOUND),
]  # fmt: skip


def wire(make: Callable[[str], bytes]) -> Callback:
    """Answers the right handshake with these bytes on the wire."""
    return Callback(right=lambda asked: make(asked.challenge))


HEALTHY = [
    Case("plain", "webhook.verified"),
    Case("chunked", "webhook.verified", wire(
        lambda c: head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + chunked(c))),
    Case("chunked, with a trailer", "webhook.verified", wire(
        lambda c: head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Trailer: X-Sum")
        + chunked(c, "X-Sum: 1"))),
    Case("HTTP/1.0", "webhook.verified", wire(lambda c: head("HTTP/1.0 200 OK") + c.encode())),
    Case("until it closes", "webhook.verified", wire(
        lambda c: head("HTTP/1.1 200 OK", "Connection: close") + c.encode())),
    Case("no reason", "webhook.verified", wire(
        lambda c: head("HTTP/1.1 200", "Content-Length: 10") + c.encode())),
    Case("another reason", "webhook.verified", saying(lambda c: c, status="200 Very well")),
    Case("small letters in the head", "webhook.verified", wire(
        lambda c: head("HTTP/1.1 200 OK", "content-length: 10", "connection: close") + c.encode())),
    Case("line ends without a return", "webhook.verified", wire(
        lambda c: f"HTTP/1.1 200 OK\nContent-Length: 10\n\n{c}".encode())),
    Case("an early hint", "webhook.verified", wire(
        lambda c: head("HTTP/1.1 103 Early Hints", "Link: </x>; rel=preload") + page(c))),
    Case("100 Continue", "webhook.verified", wire(
        lambda c: head("HTTP/1.1 100 Continue") + page(c))),
    Case("text/html", "webhook.verified", saying(lambda c: c, TYPED)),
    Case("a JSON number", "webhook.verified",
         saying(lambda c: c, "Content-Type: application/json")),
    Case("an odd charset", "webhook.verified",
         saying(lambda c: c, "Content-Type: text/plain; charset=ISO-8859-1")),
    Case("no type that exists", "webhook.verified", saying(lambda c: c, "Content-Type: x")),
    Case("bytes", "webhook.verified",
         saying(lambda c: c, "Content-Type: application/octet-stream")),
    Case("cookies", "webhook.verified",
         saying(lambda c: c, "Set-Cookie: a=1", "Set-Cookie: b=2; HttpOnly")),
    Case("many headers", "webhook.verified",
         saying(lambda c: c, *(f"X-Header-{n}: {'v' * 200}" for n in range(60)))),
    Case("headers of a firewall", "webhook.verified",
         saying(lambda c: c, "Server: cloudflare", "CF-RAY: 1", "Via: 1.1 varnish")),
    Case("gzip", "webhook.verified",
         saying(lambda c: gzip.compress(c.encode()), "Content-Encoding: gzip")),
    Case("deflate", "webhook.verified",
         saying(lambda c: zlib.compress(c.encode()), "Content-Encoding: deflate")),
    Case("identity", "webhook.verified", saying(lambda c: c, "Content-Encoding: identity")),
    Case("keep-alive", "webhook.verified", wire(
        lambda c: head("HTTP/1.1 200 OK", "Content-Length: 10", "Connection: keep-alive",
                       "Keep-Alive: timeout=5") + c.encode())),
    Case("slow, but in time", "webhook.verified", Callback(right=slowly)),
    Case("400 for a wrong token", "webhook.verified",
         Callback(wrong=lambda _: page("", "400 Bad Request"))),
    Case("404 for a wrong token", "webhook.verified",
         Callback(wrong=lambda _: page("", "404 Not Found"))),
    Case("200 without the challenge for a wrong token", "webhook.verified",
         Callback(wrong=lambda _: page("no"))),
    Case("a body with the 200 for a message", "webhook.verified",
         Callback(taken=lambda _: page('{"status":"EVENT_RECEIVED"}'))),
    Case("500 for a message without a signature", "webhook.verified",
         Callback(unsigned=lambda _: page("", "500 E"))),
    Case("closed for a message without a signature", "webhook.verified",
         Callback(unsigned=lambda _: b"")),
    Case("a query in the URL", "webhook.verified", path="/webhook?shop=1"),
    Case("the root", "webhook.verified", Callback(path="/"), path="/"),
    Case("a percent sign in the path", "webhook.verified", Callback(path="/web hook"),
         path="/web%20hook"),
    Case("a token with signs in it", "webhook.verified", Callback(token="a+b/c=&d é%20"),
         token="a+b/c=&d é%20"),
    Case("a certificate that is trusted", "webhook.verified", tls={}, scheme="https"),
    Case("no secret known", "webhook.verified", secret=None),
]  # fmt: skip
