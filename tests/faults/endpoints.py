"""Callbacks that are broken in one way each, with the finding that must name it, and odd ones
that nothing is wrong with."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.server import CRLF, PATH, SECRET, TOKEN, Answerer, Asked, Callback, page


@dataclass(frozen=True)
class Case:
    """A server, what it is asked with, and the id that must come out."""

    name: str
    expected: str
    callback: Answerer = field(default_factory=Callback)
    token: str | None = TOKEN
    secret: str | None = SECRET
    path: str = PATH
    tls: dict[str, Any] | None = None
    scheme: str = "http"
    limit: float = 3.0
    pause: float = 0.05
    may_deliver: bool = True
    is_verified: bool = False
    says: tuple[str, ...] = ()
    """Words that the finding's evidence or its first two lines of the fix must bear."""


HANGS = 0.4
"""The limit, in seconds, where an answer is not to come in time."""

HTML = "<!DOCTYPE html><html><head><title>{0}</title></head><body><h1>{0}</h1>{1}</body></html>"
TYPED = "Content-Type: text/html; charset=utf-8"


def always(answer: bytes) -> Callback:
    return Callback(get=lambda _: answer, post=lambda _: answer)


def html(title: str, status: str = "200 OK", *headers: str, body: str = "") -> bytes:
    return page(HTML.format(title, body), status, TYPED, *headers)


def saying(make: Callable[[str], str | bytes], *headers: str, status: str = "200 OK") -> Callback:
    """Answers the right handshake with what is made of the challenge."""
    return Callback(right=lambda asked: page(make(asked.challenge), status, *headers))


def status(line: str, *headers: str, body: str = "") -> Callback:
    """Answers the right handshake like this, and everything else as it should."""
    return Callback(right=lambda _: page(body, line, *headers))


def raw(make: Callable[[str], bytes]) -> Callback:
    return Callback(get=lambda asked: make(asked.challenge))


def head(*lines: str) -> bytes:
    return CRLF.join(line.encode() for line in (*lines, "", ""))


async def never(_asked: Asked) -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


async def drips(asked: Asked) -> AsyncIterator[bytes]:
    for byte in page(asked.challenge):
        yield bytes([byte])
        await asyncio.sleep(0.05)


async def head_alone(asked: Asked) -> AsyncIterator[bytes]:
    yield head("HTTP/1.1 200 OK", f"Content-Length: {len(asked.challenge)}")
    await asyncio.Event().wait()


async def endless(_asked: Asked) -> AsyncIterator[bytes]:
    yield head("HTTP/1.1 200 OK", "Content-Type: text/html")
    while True:
        yield b"<p>" * 4096


async def slowly(asked: Asked) -> AsyncIterator[bytes]:
    await asyncio.sleep(0.3)
    yield page(asked.challenge)


async def very_slowly(asked: Asked) -> AsyncIterator[bytes]:
    await asyncio.sleep(1.05)
    yield page(asked.challenge)


class Caching:
    """Gives the first challenge to everybody."""

    def __init__(self) -> None:
        self.kept = ""

    def __call__(self, asked: Asked) -> bytes:
        self.kept = self.kept or asked.challenge
        return page(self.kept)


class EverySecond:
    """One of two servers behind the address is down."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, asked: Asked) -> bytes:
        self.count += 1
        return page("", "502 Bad Gateway") if self.count % 2 == 0 else page(asked.challenge)


def chunked(body: str, *trailers: str) -> bytes:
    cut = len(body) // 2
    pieces = b"".join(f"{len(p):x}\r\n{p}\r\n".encode() for p in (body[:cut], body[cut:]))
    return pieces + b"0\r\n" + b"".join(f"{t}\r\n".encode() for t in trailers) + CRLF


WRONG_BODY = "webhook.wrong_body"
BODIES = {
    "quoted": lambda c: f'"{c}"',
    "in single quotes": lambda c: f"'{c}'",
    "quoted twice": lambda c: f'"\\"{c}\\""',
    "a JSON object": lambda c: f'{{"hub.challenge": "{c}"}}',
    "a JSON object with a number": lambda c: f'{{"challenge":{c}}}',
    "a JSON list": lambda c: f"[{c}]",
    "a JSON object without it": lambda _: '{"status":"ok"}',
    "a newline after it": lambda c: f"{c}\n",
    "a Windows line break after it": lambda c: f"{c}\r\n",
    "a space before it": lambda c: f" {c}",
    "a byte order mark": lambda c: b"\xef\xbb\xbf" + c.encode(),
    "UTF-16": lambda c: c.encode("utf-16"),
    "UTF-16 without a mark": lambda c: c.encode("utf-16-le"),
    "empty": lambda _: "",
    "whitespace": lambda _: " \n",
    "HTML around it": lambda c: f"<html><body>{c}</body></html>",
    "an HTML page": lambda _: HTML.format("Welcome to nginx!", ""),
    "an app's page": lambda _: HTML.format("My shop", '<div id="root"></div>'),
    "XML": lambda c: f'<?xml version="1.0"?><string>{c}</string>',
    "another challenge": lambda _: "1158201444",
    "an old challenge that begins alike": lambda c: str(int(c) ^ 1),
    "cut short": lambda c: c[:6],
    "a float": lambda c: f"{c}.0",
    "an exponent": lambda c: f"{int(c):e}",
    "separators": lambda c: f"{int(c):,}",
    "true": lambda _: "true",
    "OK": lambda _: "OK",
    "undefined": lambda _: "undefined",
    "the mode": lambda _: "subscribe",
    "the token": lambda _: TOKEN,
    "a sentence with the token": lambda _: f"You sent {TOKEN[:-2]} to us",
    "a sentence": lambda _: "Webhook is running",
    "named": lambda c: f"hub.challenge={c}",
    "Python's bytes": lambda c: f"b'{c}'",
    "Python's list": lambda c: f"['{c}']",
    "twice": lambda c: c + c,
    "packed and not said so": lambda c: gzip.compress(c.encode()),
    "huge": lambda _: "x" * 300_000,
}
FAULTS = [
    *(Case(f"body: {name}", WRONG_BODY, saying(make)) for name, make in BODIES.items()),
    Case("body: a packing nobody asked for", WRONG_BODY,
         saying(lambda _: b"\x8b\x04\x80\x31\x03", "Content-Encoding: br")),
    Case("body: no packing where one is named", WRONG_BODY,
         saying(lambda c: c, "Content-Encoding: gzip")),
    Case("parameters that Meta does not send", "webhook.wrong_status", always(page(
        '{"detail":[{"loc":["query","hub_mode"],"msg":"Field required"}]}', "422 X"))),
    Case("token: another, access denied", "webhook.token_mismatch", Callback(
        token="x", wrong=lambda _: page('{"error":"Access denied"}', "403 Forbidden"))),
    Case("wall: a firewall with 503", "webhook.unauthorized",
         always(html("Just a moment...", "503 X", "Server: cloudflare"))),
    Case("body: endless", WRONG_BODY, Callback(get=endless)),
    Case("body: the first one's, from a cache", WRONG_BODY, Callback(right=Caching())),
    Case("body: no token known, an app's page", WRONG_BODY, always(html("My shop")), token=None),
    *(
        Case(f"status: {line}", "webhook.wrong_status", saying(lambda c: c, status=line))
        for line in ("201 Created", "202 Accepted", "203 Odd", "206 Partial Content",
                     "400 Bad Request", "418 I'm a teapot", "422 Unprocessable Entity",
                     "429 Too Many Requests", "304 Not Modified")
    ),
    Case("status: 204", "webhook.wrong_status", Callback(right=lambda _: head("HTTP/1.1 204 No"))),
    *(
        Case(f"status: {line}", "webhook.server_error", status(line))
        for line in ("500 Internal Server Error", "503 Service Unavailable", "599 Odd")
    ),
    Case("a traceback", "webhook.server_error",
         status("500 E", TYPED, body=HTML.format("KeyError", ""))),
    Case("nginx, and nobody behind it", "webhook.server_error",
         always(html("502 Bad Gateway", "502 Bad Gateway", "Server: nginx/1.25"))),
    Case("Cloudflare, and nobody behind it", "webhook.server_error",
         always(html("521: Web server is down", "521 X", "Server: cloudflare", "CF-RAY: 1"))),
    Case("Amazon's balancer, and nobody behind it", "webhook.server_error",
         always(html("504", "504 Gateway Time-out", "Server: awselb/2.0"))),
    Case("every second call fails", "webhook.server_error", Callback(right=EverySecond())),
    *(
        Case(f"redirect: {name}", "webhook.redirect", status(line, f"Location: {to}"))
        for name, line, to in (
            ("moved", "301 Moved Permanently", "/hook"),
            ("found", "302 Found", "https://example.com/webhook"),
            ("see other", "303 See Other", "/"),
            ("temporary", "307 Temporary Redirect", "/webhook/"),
            ("permanent", "308 Permanent Redirect", "/webhook/"),
            ("to no URL", "302 Found", "http://[::1"),
            ("to a login", "302 Found", "https://team.cloudflareaccess.com/cdn-cgi/access/login"),
            ("with the token in it", "302 Found", f"/x?hub.verify_token={TOKEN}"),
        )
    ),
    Case("redirect to nowhere", "webhook.redirect", status("302 Found")),
    Case("no such path", "webhook.not_found", Callback(path="/hook")),
    Case("a slash too few", "webhook.not_found", Callback(path="/webhook/")),
    Case("a slash too many", "webhook.not_found", path="/webhook/"),
    Case("gone", "webhook.not_found", status("410 Gone")),
    Case("no GET", "webhook.method_not_allowed",
         Callback(get=lambda _: page("", "405 Method Not Allowed", "Allow: POST"))),
    Case("no GET in Python's server", "webhook.method_not_allowed",
         Callback(get=lambda _: html("Error", "501 Unsupported method ('GET')",
                                     body="Message: Unsupported method ('GET')."))),
    *(
        Case(f"wall: {name}", "webhook.unauthorized", always(answer))
        for name, answer in {
            "a password": page("", "401 Unauthorized", 'WWW-Authenticate: Basic realm="x"'),
            "a bearer": page('{"detail":"x"}', "403 Forbidden", "WWW-Authenticate: Bearer"),
            "a login page": html("Sign in", "401 X", body='<input type="password">'),
            "not authenticated": page('{"detail":"Not authenticated"}', "403 Forbidden"),
            "Cloudflare": html("Attention Required! | Cloudflare", "403 X", "Server: cloudflare"),
            "Cloudflare's challenge": html("Just a moment...", "403 X", "cf-mitigated: challenge"),
            "access denied": html("Access Denied", "403 Forbidden"),
            "nginx": html("403 Forbidden", "403 X", body="<hr><center>nginx</center>"),
            "a proxy's password": page("", "407 Proxy Authentication Required"),
            "no mark at all": page("", "401 Unauthorized"),
            "no mark at all, with 403": page("", "403 Forbidden"),
        }.items()
    ),
    Case("wall: a firewall that dislikes the agent", "webhook.unauthorized", Callback(
        right=lambda a: page(a.challenge) if "Mozilla" in a.headers["user-agent"]
        else page("", "403 Forbidden"))),
    Case("wall: a password, no token known", "webhook.unauthorized",
         always(page("", "401 Unauthorized", "WWW-Authenticate: Basic")), token=None),
    Case("page: ngrok, offline", "tunnel.offline",
         always(html("ngrok", "404 X", "Ngrok-Error-Code: ERR_NGROK_3200"))),
    Case("page: ngrok, offline, without its header", "tunnel.offline",
         always(html("ngrok", "404 X", body="The endpoint is offline. ERR_NGROK_3200"))),
    Case("page: ngrok, nothing behind it", "tunnel.upstream_down",
         always(html("ngrok", "502 X", "ngrok-error-code: ERR_NGROK_8012"))),
    Case("page: ngrok's warning", "webhook.interstitial",
         always(html("ngrok", "200 OK", "ngrok-error-code: ERR_NGROK_6024"))),
    Case("page: ngrok's warning, without its header", "webhook.interstitial",
         always(html("ngrok", body="You are about to visit x.ngrok-free.app"))),
    Case("page: ngrok's quota", "tunnel.quota",
         always(html("ngrok", "429 X", "ngrok-error-code: ERR_NGROK_734"))),
    Case("page: ngrok's placeholder", "webhook.placeholder",
         always(html("Your new ngrok Cloud Endpoint!"))),
    Case("page: ngrok, a code nobody knows", "tunnel.upstream_down",
         always(html("ngrok", "502 X", "ngrok-error-code: ERR_NGROK_99999"))),
    Case("page: Cloudflare's tunnel", "tunnel.offline",
         always(page("error code: 1033", "530 X", "Server: cloudflare"))),
    Case("page: localtunnel's reminder", "webhook.interstitial",
         always(html("Tunnel website ahead!", "511 Network Authentication Required"))),
    Case("page: localtunnel, offline", "tunnel.offline",
         always(html("503 - Tunnel Unavailable", "503 X"))),
    Case("token: another", "webhook.token_mismatch", Callback(token="Another0one")),
    Case("token: another, told by 401", "webhook.token_mismatch",
         Callback(token="Another0one", wrong=lambda _: page("", "401 Unauthorized"))),
    Case("token: another, no secret known", "webhook.token_mismatch",
         Callback(token="Another0one"), secret=None),
    Case("token: another, in a framework's page", "webhook.token_mismatch",
         Callback(token="Another0one", wrong=lambda _: html("403 Forbidden", "403 FORBIDDEN",
                  body="<p>You don&#39;t have the permission to access the requested resource."))),
    Case("token: another, told in words with 200", "webhook.token_mismatch",
         Callback(token="Another0one", wrong=lambda _: page("Error, wrong validation token"))),
    Case("token: another, told in words with 400", "webhook.token_mismatch",
         Callback(token="x", wrong=lambda _: page("Verify token mismatch", "400 Bad Request"))),
    Case("token: another, and any path asks for it", "webhook.token_mismatch",
         Callback(token="x", elsewhere=lambda _: page("", "403 Forbidden"))),
    *(
        Case(f"token: {name}", "webhook.token_whitespace", Callback(token=theirs), token=ours)
        for name, theirs, ours in (
            ("a newline here", TOKEN, f"{TOKEN}\n"),
            ("a space here", TOKEN, f" {TOKEN}"),
            ("a newline there", f"{TOKEN}\n", TOKEN),
            ("a line end of Windows there", f"{TOKEN}\r\n", TOKEN),
            ("a space there", f"{TOKEN} ", TOKEN),
            ("a space before it there", f" {TOKEN}", TOKEN),
            ("a tab there", f"{TOKEN}\t", TOKEN),
            ("a space inside it", TOKEN, f"{TOKEN[:7]} {TOKEN[7:]}"),
            ("a + that became a space", "one two", "one+two"),
            ("a mark without width", TOKEN, f"{TOKEN}\u200b"),
        )
    ),
    *(
        Case(f"token: {name}", "webhook.token_case", Callback(token=theirs), token=ours)
        for name, theirs, ours in (
            ("small there", TOKEN.lower(), TOKEN),
            ("capital there", TOKEN.upper(), TOKEN),
            ("a capital at its beginning there", TOKEN, TOKEN[0].lower() + TOKEN[1:]),
            ("swapped", TOKEN.swapcase(), TOKEN),
        )
    ),
    Case("token: quotes there", "webhook.token_mismatch", Callback(token=f'"{TOKEN}"')),
    Case("path: a +", "webhook.plus_in_path", Callback(path="/web+hook"), path="/web+hook"),
    Case("path: a +, and all is served", "webhook.plus_in_path",
         Callback(path="/web hook"), path="/web+hook"),
    Case("time: never", "webhook.timeout", Callback(get=never), limit=HANGS),
    Case("time: byte by byte", "webhook.timeout", Callback(get=drips), limit=HANGS),
    Case("time: a head without a body", "webhook.timeout", Callback(get=head_alone), limit=HANGS),
    Case("time: a body shorter than promised", "webhook.connect",
         raw(lambda c: head("HTTP/1.1 200 OK", "Content-Length: 500") + c.encode())),
    Case("line: closed without a word", "webhook.connect", raw(lambda _: b"")),
    Case("line: garbage", "webhook.connect", raw(lambda _: b"\x00\xff\x17garbage\r\n\r\n")),
    Case("line: the body alone", "webhook.connect", raw(lambda c: c.encode() + CRLF)),
    Case("line: SSH", "webhook.connect", raw(lambda _: b"SSH-2.0-OpenSSH_9.6\r\n")),
    Case("line: half a head", "webhook.connect", raw(lambda _: b"HTTP/1.1 200 OK\r\nContent-")),
    Case("line: a head without end", "webhook.connect",
         raw(lambda _: b"HTTP/1.1 200 OK\r\n" + b"X-Long: y\r\n" * 30_000)),
    Case("line: broken chunks", "webhook.connect",
         raw(lambda _: head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + b"zz\r\n")),
    Case("line: TLS behind http", "webhook.connect", tls={}, scheme="http"),
    Case("tls: self-signed", "webhook.tls_untrusted", tls={"trusted": False}, scheme="https"),
    Case("tls: self-signed for localhost", "webhook.tls_untrusted",
         tls={"trusted": False, "host": "localhost"}, scheme="https"),
    Case("tls: ended", "webhook.tls_expired", tls={"days": (-30, -2)}, scheme="https"),
    Case("tls: ended, and self-signed", "webhook.tls_expired",
         tls={"days": (-30, -2), "trusted": False}, scheme="https"),
    Case("tls: not begun", "webhook.tls_expired", tls={"days": (2, 30)}, scheme="https"),
    Case("tls: another host's", "webhook.tls_hostname", tls={"host": "a.example"}, scheme="https"),
    Case("tls: another host's, and self-signed", "webhook.tls_hostname",
         tls={"host": "a.example", "trusted": False}, scheme="https"),
    Case("tls: plain HTTP behind https", "webhook.tls_failed", scheme="https", limit=1.0),
    Case("post: 404", "webhook.post_rejected", Callback(post=lambda _: page("", "404 Not Found"))),
    Case("post: 405", "webhook.post_rejected", Callback(post=lambda _: page("", "405 No"))),
    Case("post: 405, no secret known", "webhook.post_rejected",
         Callback(post=lambda _: page("", "405 No")), secret=None),
    Case("post: 500", "webhook.post_rejected", Callback(taken=lambda _: page("", "500 E"))),
    Case("post: 400", "webhook.post_rejected", Callback(taken=lambda _: page("", "400 Bad"))),
    Case("post: a redirect", "webhook.post_rejected",
         Callback(post=lambda _: page("", "302 Found", "Location: /login"))),
    Case("post: forged forms", "webhook.post_rejected",
         Callback(post=lambda _: html("403", "403 X", body="CSRF verification failed."))),
    Case("post: closed without a word", "webhook.post_rejected", Callback(post=lambda _: b"")),
    Case("post: never", "webhook.timeout", Callback(post=never), limit=0.6),
    Case("post: another secret", "webhook.signature_mismatch", Callback(secret="f" * 32)),
    Case("post: another secret, told by 403", "webhook.signature_mismatch",
         Callback(secret="f" * 32, unsigned=lambda _: page("", "403 Forbidden"))),
    Case("post: another secret, told in words", "webhook.signature_mismatch",
         Callback(secret="f" * 32, unsigned=lambda _: page("Bad signature", "400 Bad Request"))),
]  # fmt: skip
