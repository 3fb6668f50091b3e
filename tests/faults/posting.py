"""Callbacks that take the handshake and are wrong, or odd, about messages."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.faults.endpoints import Case, html, never
from tests.faults.server import SECRET, Answerer, Asked, Callback, Said, page

Writer = Callable[[Any], str]


def _compact(parsed: Any, **how: Any) -> str:
    return json.dumps(parsed, separators=(",", ":"), **how)


def javascript(parsed: Any) -> str:
    """JSON.stringify: compact, and every letter as it is."""
    return _compact(parsed, ensure_ascii=False)


def dotnet(parsed: Any) -> str:
    """System.Text.Json: escapes in upper-case hex."""
    upper = re.sub(r"\\u([0-9a-f]{4})", lambda m: f"\\u{m[1].upper()}", _compact(parsed))
    return upper.replace("'", "\\u0027").replace("<", "\\u003C").replace("+", "\\u002B")


def php(parsed: Any) -> str:
    """json_encode: the same escapes as Meta's."""
    return _compact(parsed).replace("/", "\\/")


WRITERS: dict[str, Writer] = {
    "as Express does": javascript,
    "as Flask does": _compact,
    "as Python does by itself": json.dumps,
    "as Python does without escapes": lambda parsed: json.dumps(parsed, ensure_ascii=False),
    "as .NET does": dotnet,
    "as Go does with a map": lambda parsed: _compact(parsed, sort_keys=True, ensure_ascii=False),
    "as Rails does": lambda parsed: javascript(parsed).replace("<", "\\u003c"),
    "in a nice form": lambda parsed: json.dumps(parsed, indent=2),
    "as PHP does without its escapes of letters":
        lambda parsed: javascript(parsed).replace("/", "\\/"),
}  # fmt: skip
RIGHT_WRITERS: dict[str, Writer] = {
    "as PHP does": php,
    "as one does who knows Meta's escapes": lambda parsed: re.sub(
        r"[^\x00-\x7f]",
        lambda m: "".join(f"\\u{unit:04x}" for unit in _units(m[0])),
        javascript(parsed).replace("/", "\\/"),
    ),
}


def _units(letter: str) -> list[int]:
    raw = letter.encode("utf-16-be")
    return [int.from_bytes(raw[at : at + 2]) for at in range(0, len(raw), 2)]


@dataclass(frozen=True)
class Rewriting(Callback):
    """Checks the signature over what it has parsed and written anew."""

    write: Writer = javascript

    def _delivered(self, asked: Asked) -> Said:
        try:
            body = self.write(json.loads(asked.body)).encode()
        except ValueError:
            return page("", "400 Bad Request")
        return super()._delivered(replace(asked, body=body))


class Limited:
    """So many calls, then this answer, until a pause has passed without one more than that."""

    def __init__(
        self,
        behind: Answerer,
        refusal: bytes = page("Too Many Requests", "429 Too Many Requests"),
        *,
        at_once: int = 1,
        every: float = 0.04,
        methods: tuple[str, ...] = ("GET", "POST"),
    ) -> None:
        self.behind = behind
        self.refusal = refusal
        self.at_once = at_once
        self.every = every
        self.methods = methods
        self.calls: list[float] = []

    def __call__(self, asked: Asked) -> Said:
        import time

        if asked.method not in self.methods:
            return self.behind(asked)
        now = time.monotonic()
        self.calls = [at for at in self.calls if now - at < self.every]
        if len(self.calls) >= self.at_once:
            return self.refusal
        self.calls.append(now)
        return self.behind(asked)


class Forgetting:
    """Takes each message once, and refuses a second of the same ID."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, asked: Asked) -> bytes:
        ids = set(re.findall(r'"id":"(wamid[^"]*)"', asked.body.decode()))
        if ids & self.seen:
            return page("duplicate", "409 Conflict")
        self.seen |= ids
        return page()


def signed(asked: Asked) -> bool:
    made = hmac.new(SECRET.encode(), asked.body, hashlib.sha256).hexdigest()
    return asked.headers.get("x-hub-signature-256") == f"sha256={made}"


def any_post(answer: bytes) -> Callback:
    """A POST is refused so, at whichever path."""
    return Callback(post=lambda _: answer)


def here(answer: bytes) -> Callback:
    """A POST is refused so at the callback's path alone."""
    return Callback(taken=lambda _: answer, unsigned=lambda _: answer)


def above(size: int, answer: bytes) -> Callback:
    """Refuses what is larger."""
    return Callback(taken=lambda asked: answer if len(asked.body) > size else page())


def no_emoji(asked: Asked) -> bytes:
    refused = b"\\ud83d" in asked.body
    return page("Incorrect string value", "500 Internal Server Error") if refused else page()


NGINX_413 = html("413 Request Entity Too Large", "413 X", "Server: nginx/1.24.0")
NGINX_503 = html("503 Service Temporarily Unavailable", "503 X", "Server: nginx/1.24.0",
                 body="<hr><center>nginx/1.24.0</center>")  # fmt: skip
UNAUTHORIZED = page('{"message":"Unauthorized","statusCode":401}', "401 Unauthorized")
REJECTED, REWRITTEN = "webhook.post_rejected", "webhook.signature_rewritten"
MISMATCH = "webhook.signature_mismatch"
FORBIDDEN = page('{"status":403,"error":"Forbidden","path":"/webhook"}', "403 Forbidden")
DJANGO_CSRF = html("403 Forbidden", "403 Forbidden", body="<p>CSRF verification failed.</p>")

FAULTS = [
    *(Case(f"rewritten: {how}", REWRITTEN, Rewriting(write=write))
      for how, write in WRITERS.items()),
    Case("rewritten: as Express does, told by 403", REWRITTEN, Rewriting(
        write=javascript, unsigned=lambda _: page("Bad signature", "403 Forbidden"))),
    Case("rewritten: as Express does, told by 400", REWRITTEN, Rewriting(
        write=javascript, unsigned=lambda _: page('{"error":"Invalid signature"}', "400 Bad"))),
    Case("rewritten: as Go does, and dropped without a word", REWRITTEN, Rewriting(
        write=javascript, taken=lambda _: page("EVENT_RECEIVED"),
        unsigned=lambda _: page("invalid"))),
    Case("an emoji breaks the database", REJECTED, Callback(taken=no_emoji), says=("emoji",)),
    Case("guard: before all paths", REJECTED, any_post(UNAUTHORIZED), says=("path beside",)),
    Case("guard: before all paths, with 403", REJECTED, any_post(FORBIDDEN)),
    Case("guard: before all paths, empty", REJECTED, any_post(page("", "403 Forbidden"))),
    Case("guard: an API key", REJECTED,
         any_post(page('{"detail":"Missing API key"}', "401 X")), says=("Missing API key",)),
    Case("guard: a login, no secret known", REJECTED,
         any_post(page("", "401 X", "WWW-Authenticate: Bearer")), secret=None),
    Case("guard: on this route alone, or another secret", MISMATCH, here(UNAUTHORIZED),
         says=("guard", "App Secret")),
    Case("another secret, and all paths are served", MISMATCH,
         lambda asked: Callback(path=asked.path, secret="f" * 32)(asked)),
    Case("another secret, told in JSON", MISMATCH,
         here(page('{"error":"Invalid signature"}', "401 X")), says=("Invalid signature",)),
    Case("forged forms: Laravel", REJECTED, here(html("Page Expired", "419 unknown status")),
         says=("CSRF",)),
    Case("forged forms: Rails", REJECTED, here(html(
        "The change you wanted was rejected (422)", "422 Unprocessable Content"))),
    Case("forged forms: Express", REJECTED,
         here(page("ForbiddenError: invalid csrf token", "403 Forbidden")), says=("CSRF",)),
    Case("forged forms: Django, no secret known", REJECTED, here(DJANGO_CSRF), secret=None,
         says=("CSRF",)),
    Case("forged forms: Flask, no secret known", REJECTED,
         here(html("400 Bad Request", "400 X", body="The CSRF token is missing.")), secret=None),
    Case("the content is not liked", REJECTED,
         Callback(taken=lambda _: page('{"detail":"field required"}', "422 X")),
         says=("field required",)),
    Case("a limit on each POST", REJECTED,
         Callback(post=lambda _: page("slow down", "429 Too Many Requests")), says=("limit",)),
    Case("Meta verified it, and a secret is wrong", MISMATCH,
         Callback(token="x", secret="f" * 32), is_verified=True),
    Case("Meta verified it, and now a login is in front", "webhook.unauthorized",
         lambda _: page("", "401 X", "WWW-Authenticate: Basic"), is_verified=True),
    Case("Meta verified it, and now it quotes the challenge", "webhook.wrong_body",
         Callback(right=lambda a: page(f'"{a.challenge}"')), is_verified=True),
    Case("Meta verified it, and now there is nothing", "webhook.not_found",
         Callback(path="/moved"), is_verified=True),
]  # fmt: skip

WARNED = [
    *(Case(f"a message is answered {line}", "webhook.post_status",
           Callback(taken=lambda _, line=line: page("", line)))  # type: ignore[misc]
      for line in ("201 Created", "202 Accepted", "208 Already Reported")),
    Case("a message is answered 204", "webhook.post_status",
         Callback(taken=lambda _: b"HTTP/1.1 204 No Content\r\n\r\n")),
    Case("nginx takes 1 MB", "webhook.post_too_large", above(1024 * 1024, NGINX_413),
         says=("client_max_body_size",)),
    Case("Express takes 100 kB", "webhook.post_too_large",
         above(102_400, page("PayloadTooLargeError: request entity too large", "413 X")),
         says=("express.json",)),
    Case("a body of 1.5 MB breaks it", "webhook.post_too_large",
         above(102_400, page("", "500 Internal Server Error"))),
    Case("few calls a minute", "webhook.rate_limited",
         Limited(Callback(), at_once=1, every=60, methods=("POST", "GET"))),
    Case("Meta verified it with a token of its own", "webhook.token_mismatch",
         Callback(token="x"), is_verified=True),
    Case("Meta verified it with a token of its own, no secret known", "webhook.token_mismatch",
         Callback(token="x"), is_verified=True, secret=None),
    Case("Meta verified it with a token of its own, told by 400", "webhook.token_mismatch",
         Callback(token="x", wrong=lambda _: page("", "400 X")), is_verified=True),
    Case("Meta verified it with a token of its own, not delivered", "webhook.token_mismatch",
         Callback(token="x"), is_verified=True, may_deliver=False),
    Case("Meta verified it with a token of its own, told by 404", "webhook.not_found",
         Callback(token="x", wrong=lambda _: page("", "404 X")), is_verified=True),
    *(Case(f"Meta verified it with a token of its own, told by {line}", id_,
           Callback(token="x", wrong=lambda _, line=line: page("", line)), is_verified=True)  # type: ignore[misc]
      for line, id_ in (("500 X", "webhook.server_error"),
                        ("405 X", "webhook.method_not_allowed"))),
    Case("Meta verified it with a token of its own, told by silence", "webhook.timeout",
         Callback(token="x", wrong=never), is_verified=True, limit=0.3),
    Case("Meta verified it, and the token has a blank", "webhook.token_whitespace",
         Callback(token="Correct0horse1battery2staple "), is_verified=True),
]  # fmt: skip

HEALTHY = [
    *(Case(f"writes anew {how}", "webhook.verified", Rewriting(write=write))
      for how, write in RIGHT_WRITERS.items()),
    Case("one call at a time, 429", "webhook.verified", Limited(Callback())),
    Case("one call at a time, nginx", "webhook.verified", Limited(Callback(), NGINX_503)),
    Case("three calls at a time", "webhook.verified", Limited(Callback(), at_once=3)),
    Case("two messages at a time", "webhook.verified",
         Limited(Callback(), at_once=2, methods=("POST",))),
    Case("one GET at a time", "webhook.verified", Limited(Callback(), methods=("GET",))),
    Case("busy, and says when to come back", "webhook.verified", Limited(
        Callback(), page("", "503 Service Unavailable", "Retry-After: 0"))),
    Case("busy, in words", "webhook.verified", Limited(
        Callback(), page("Rate limit exceeded", "503 Service Unavailable"))),
    Case("each message once", "webhook.verified", Callback(taken=Forgetting())),
    Case("401 for a wrong signature, 400 for none", "webhook.verified", Callback(
        unsigned=lambda a: page("", "401 X" if "x-hub-signature-256" in a.headers else "400 X"))),
    Case("200 for all, and drops what is not signed", "webhook.verified", Callback(
        taken=lambda _: page('{"success":true}'),
        unsigned=lambda _: page('{"success":false,"error":"invalid signature"}'))),
    Case("404 for a message without a signature", "webhook.verified",
         Callback(unsigned=lambda _: page("", "404 Not Found"))),
    Case("a login for all but the callback", "webhook.verified",
         Callback(elsewhere=lambda _: page("", "401 X", "WWW-Authenticate: Basic"))),
    Case("a page for every other path", "webhook.verified",
         Callback(elsewhere=lambda _: html("My shop"))),
    Case("no test messages asked for", "webhook.verified",
         Callback(post=lambda _: page("", "500 E")), may_deliver=False),
    Case("no secret known, 403 without a signature", "webhook.verified",
         Callback(unsigned=lambda _: page("Forbidden", "403 X")), secret=None),
    Case("no secret known, 500 without a signature", "webhook.verified",
         Callback(unsigned=lambda _: page("", "500 E")), secret=None),
    Case("takes 3 MB and no more", "webhook.verified", above(3 * 1024 * 1024, NGINX_413)),
    Case("Meta verified it, and our token is right", "webhook.verified", is_verified=True),
    Case("400 for a body without messages", "webhook.verified", Callback(
        taken=lambda a: page() if b'"messages":[' in a.body else page("", "400 X"))),
    Case("500 for a status", "webhook.verified", Callback(
        taken=lambda a: page("", "500 X") if b'"statuses":[' in a.body else page())),
    Case("speaks of CSRF when all is well", "webhook.verified",
         Callback(taken=lambda _: page('{"ok":true,"csrf":"disabled"}'))),
]  # fmt: skip
