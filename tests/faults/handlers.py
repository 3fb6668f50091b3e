"""Handlers as libraries and tutorials write them: sound, with another token, or without a branch
for it."""

from __future__ import annotations

from tests.faults.endpoints import Case, html, never
from tests.faults.hosting import BODY, JSON, MISMATCH, NOT_FOUND, other, saying_so
from tests.faults.server import TOKEN, Answerer, Asked, Callback, page

ERROR = "webhook.server_error"
TEXT = "Content-Type: text/plain; charset=utf-8"

NO_BRANCH = {
    "FastAPI": page("null", "200 OK", JSON),
    "Go": page(),
    "Spring": page("", "200 OK", "Vary: Origin"),
    "a Lambda": page("null"),
    "Azure Functions": b"HTTP/1.1 204 No Content\r\n\r\n",
    "Elysia": page("undefined", "200 OK", TEXT),
    "PHP, with a newline at the end": page("\n", "200 OK", "Content-Type: text/html"),
}
"""What frameworks send where a handler returns nothing."""
NO_BRANCH_500 = {
    "Flask": html("500 Internal Server Error", "500 X", body="<p>The server encountered an error"
                  " and was unable to complete your request.</p>"),
    "Django": html("Server Error (500)", "500 X"),
    "aiohttp": page("500 Internal Server Error\n\nServer got itself in trouble", "500 X", TEXT),
    "Next.js": page("", "500 Internal Server Error"),
    "a Worker": page("error code: 1101", "500 X", "Server: cloudflare"),
    "API Gateway": page('{"message":"Internal Server Error"}', "500 X", JSON),
}  # fmt: skip
WORDS = {
    "Meta's first sample": page("Error, wrong validation token"),
    "heyoo": page("Invalid verification token"),
    "a Cloud Function": page("Invalid Request or Verification Token", "403 X"),
    "a sentence with 200": page("Verification failed"),
    "in JSON with 200": page('{"error":"Verification failed"}', "200 OK", JSON),
    "in Spanish": page("Token no válido".encode(), "403 X", TEXT),
    "in Portuguese": page("Token inválido".encode(), "401 X", TEXT),
    "a library's error": page('{"error":{"code":"WEBHOOK_VERIFY","message":"token mismatch"}}',
                              "403 X", JSON),
    "Spring's": page('{"timestamp":"x","status":403,"error":"Forbidden","path":"/webhook"}',
                     "403 X", JSON),
    "Strapi's": page('{"data":null,"error":{"status":401,"name":"UnauthorizedError","message":'
                     '"Invalid token"}}', "401 X", JSON),
    "Express's": page("Forbidden", "403 Forbidden", "X-Powered-By: Express", TEXT),
    "Rails's": page("", "401 X", "Cache-Control: no-cache", "X-Request-Id: 1"),
    "with 409": page("", "409 Conflict"),
    "with 412": page("", "412 Precondition Failed"),
}  # fmt: skip
CONTENT_WITH_ALL = {
    "Make": "Accepted",
    "n8n": '{"message":"Workflow was started"}',
    "Zapier": '{"attempt":"01","id":"01","request_id":"01","status":"success"}',
    "a queue": '{"queued":true}',
    "an old bot": "EVENT_RECEIVED",
}


def telling(answer: bytes) -> Answerer:
    return lambda _: answer


def content(said: str) -> Callback:
    """Says this to every call of its own path."""
    kind = JSON if said[:1] == "{" else TEXT
    same = telling(page(said, "200 OK", kind))
    return Callback(same, same, same, same)


STRANGERS = {
    "404": telling(page("", "404 Not Found")),
    "500": telling(page("", "500 Internal Server Error")),
    "a page with 500": telling(NO_BRANCH_500["Flask"]),
    "a redirect": telling(page("", "302 Found", "Location: /")),
    "silence": never,
}
"""What a made-up token gets where the right one is not known here."""

FAULTS = [
    *(Case(f"no branch for another token: {who}", MISMATCH, other(telling(answer)),
           says=("verify token",)) for who, answer in NO_BRANCH.items()),
    *(Case(f"no branch for another token: {who}, with 500", ERROR,
           other(telling(answer)), says=("same verify token",))
      for who, answer in NO_BRANCH_500.items()),
    *(Case(f"another token, in the words of {who}", MISMATCH,
           other(telling(answer)), says=("verify token",))
      for who, answer in WORDS.items()),
    Case("another token is sent elsewhere", "webhook.redirect",
         other(telling(page("", "302 Found", "Location: /"))), says=("same verify token",)),
    Case("another token is thrown at", MISMATCH,
         other(telling(page("<pre>Error: Invalid verify token<br> at verify</pre>", "500 X")))),
    Case("a crash that names the token", ERROR, other(telling(
        page("<pre>NameError: name 'verify_token' is not defined</pre>", "500 X")))),
    Case("no branch for another token: Koa", NOT_FOUND,
         other(lambda _: page("Not Found", "404 Not Found", TEXT)), says=("verify token",)),
    Case("no branch for another token: Express", "webhook.timeout", other(never), limit=0.4,
         says=("verify token",)),
    Case("no token known, and there is nothing", NOT_FOUND, Callback(path="/moved"), token=None),
    Case("no token known, and it crashes", ERROR,
         Callback(get=STRANGERS["500"], post=STRANGERS["500"]), token=None),
    Case("no token known, and all is redirected", "webhook.redirect",
         Callback(get=STRANGERS["a redirect"], post=STRANGERS["a redirect"]), token=None),
    Case("no token known, and nobody answers", "webhook.timeout",
         Callback(get=never, post=never), token=None, limit=0.3),
    *(Case(f"content with every call: {who}", BODY, content(said))
      for who, said in CONTENT_WITH_ALL.items()),
    Case("content with every GET, and messages go elsewhere", BODY,
         Callback(get=lambda _: page("Webhook endpoint active", "200 OK", TEXT))),
]  # fmt: skip


WARNED = [
    *(Case(f"no token known, and another gets {what}", "webhook.token_untested",
           Callback(wrong=wrong), token=None, limit=0.4 if what == "silence" else 3.0)
      for what, wrong in STRANGERS.items()),
    Case("no token known, no secret known, and another gets 404", "webhook.token_untested",
         Callback(wrong=STRANGERS["404"]), token=None, secret=None),
]  # fmt: skip


def sample(asked: Asked) -> bytes:
    """Meta's sample: 400 without the parameters, 403 for another token."""
    if not asked.hub("mode"):
        return page("", "400 Bad Request")
    good = asked.hub("mode") == "subscribe" and asked.hub("verify_token") == TOKEN
    return page(asked.challenge) if good else page("Forbidden", "403 Forbidden")


def first_letters(asked: Asked) -> bytes:
    """Compares without looking at capitals, which lets the right one in."""
    good = asked.hub("verify_token").lower() == TOKEN.lower() and asked.hub("mode") == "subscribe"
    return page(asked.challenge) if good else page("", "403 Forbidden")


_SAYING = {who: WORDS[who] for who in ("Meta's first sample", "in JSON with 200", "Strapi's")}
HEALTHY = [
    Case("Meta's sample", "webhook.verified", Callback(right=sample, wrong=sample)),
    Case("capitals don't matter to it", "webhook.verified",
         Callback(right=first_letters, wrong=first_letters)),
    *(Case(f"another token is answered as {who} does", "webhook.verified",
           Callback(wrong=telling(answer)))
      for who, answer in {**NO_BRANCH, "Flask": NO_BRANCH_500["Flask"], **_SAYING}.items()),
    Case("another token gets no response", "webhook.verified", Callback(wrong=never), limit=0.4),
    Case("another token is sent elsewhere", "webhook.verified",
         Callback(wrong=lambda _: page("", "302 Found", "Location: /"))),
    Case("messages are answered in JSON", "webhook.verified",
         Callback(taken=lambda _: page('{"success":true,"queued":1}', "200 OK", JSON))),
    Case("messages are answered with TwiML", "webhook.verified",
         Callback(taken=lambda _: page("<Response/>", "200 OK", "Content-Type: text/xml"))),
    Case("messages are answered with a page", "webhook.verified",
         Callback(taken=lambda _: html("Thank you"))),
    Case("an unsigned message is answered 400", "webhook.verified",
         Callback(unsigned=lambda _: page("Missing signature", "400 Bad Request"))),
    Case("an unsigned message is answered 403 in JSON", "webhook.verified",
         Callback(unsigned=lambda _: page('{"error":"signature mismatch"}', "403 X", JSON))),
    Case("an unsigned message is answered 404 by a guard", "webhook.verified",
         Callback(unsigned=lambda _: html("Not Found", "404 Not Found"))),
    Case("a 500 for any other path", "webhook.verified",
         Callback(elsewhere=lambda _: page("", "500 Internal Server Error"))),
    Case("an app of one page for any other path", "webhook.verified",
         Callback(elsewhere=lambda _: html("My shop", body='<div id="root"></div>'))),
    Case("content with any other path", "webhook.verified",
         Callback(elsewhere=saying_so("OK"))),
]  # fmt: skip
