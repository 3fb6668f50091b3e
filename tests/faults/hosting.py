"""Who answers: the app, or a platform, a framework or a proxy in its place."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from tests.faults.endpoints import Case, always, html, raw
from tests.faults.server import TOKEN, Answerer, Asked, Callback, Said, page

JSON = "Content-Type: application/json"
NOT_FOUND, NO_APP = "webhook.not_found", "webhook.no_deployment"
UNAUTHORIZED, HOST = "webhook.unauthorized", "webhook.host_refused"
MISMATCH, STATUS, BODY = "webhook.token_mismatch", "webhook.wrong_status", "webhook.wrong_body"


def repeating(form: str, *headers: str, escape: str = "&") -> Callback:
    """A framework's answer to a path it does not have, with the URL in it."""

    def get(asked: Asked) -> bytes:
        body = form.replace("URL", asked.target.replace("&", escape))
        return page(body, "404 Not Found", *headers)

    return Callback(get=get)


REPEATING = {
    "NestJS": repeating('{"message":"Cannot GET URL","error":"Not Found","statusCode":404}', JSON),
    "Fastify": repeating(
        '{"message":"Route GET:URL not found","error":"Not Found","statusCode":404}', JSON),
    "h3": repeating('{"error":true,"url":"URL","statusMessage":"Cannot find any path like URL."}',
                    JSON),
    "Express": repeating("<!DOCTYPE html><html><body><pre>Cannot GET URL</pre></body></html>",
                         "Content-Type: text/html", escape="&amp;"),
    "Rails": repeating("<h1>Routing Error</h1><h2>No route matches [GET] &quot;URL&quot;</h2>",
                       "Content-Type: text/html", escape="&amp;"),
    "a log viewer": Callback(get=lambda _: page(
        '{"error":"no route","query":{"hub.mode":"subscribe","hub.verify_token":"'
        + TOKEN + '","hub.challenge":"1"}}', "404 Not Found")),
    "Symfony": repeating("No route found for \\u0022GET URL\\u0022", escape="\\u0026"),
}  # fmt: skip


def on_host(name: str, answer: bytes, behind: Answerer | None = None) -> Answerer:
    """Answers well to this host name alone."""

    def answered(asked: Asked) -> Said:
        known = asked.headers["host"].partition(":")[0] == name
        return (behind or Callback())(asked) if known else answer

    return answered


VITE = (
    'Blocked request. This host ("shop.example") is not allowed.\n'
    "To allow this host, add it to `server.allowedHosts` in vite.config.js."
)
_MAY_NEED = "Invalid HTTP_HOST header: 'x'. You may need to add 'x' to ALLOWED_HOSTS."
DJANGO = html("DisallowedHost at /webhook", "400 Bad Request", body=_MAY_NEED)
HOSTS = {
    "Django, DEBUG": (DJANGO, "ALLOWED_HOSTS"),
    "Django": (html("Bad Request (400)", "400 Bad Request"), "ALLOWED_HOSTS"),
    "Starlette": (page("Invalid host header", "400 Bad Request"), "TrustedHostMiddleware"),
    "Rails in development": (html("Blocked hosts: shop.example", "403 Forbidden"), "config.hosts"),
    "Sinatra": (page("Host not permitted", "403 Forbidden"), "host_authorization"),
    "Vite": (page(VITE, "403 Forbidden"), "allowedHosts"),
    "webpack": (page("Invalid Host header", "403 Forbidden"), "devServer.allowedHosts"),
    "Flask": (html("400 Bad Request", "400 X", body="<p>Host &#39;x&#39; is not trusted.</p>"),
              "TRUSTED_HOSTS"),
    "ASP.NET": (html("Bad Request", "400 X", body="<h2>Bad Request - Invalid Hostname</h2>"),
                "AllowedHosts"),
    "Symfony": (html("Untrusted Host &quot;x&quot;.", "400 Bad Request"), "trusted_hosts"),
    "nobody's": (page('{"error":"Host shop.example is not in the allowed list"}', "403 X"), ""),
    "nobody's, 421": (page("Unknown host", "421 Misdirected Request"), ""),
}  # fmt: skip
SILENT_HOSTS = {
    "Rails": page("", "403 Forbidden"),
    "a framework without a word": page("", "400 Bad Request"),
    "nobody's code": page('{"ok":false}', "403 Forbidden"),
}

NO_APPS = {
    "Vercel": html("404: NOT_FOUND", "404 Not Found", "X-Vercel-Error: DEPLOYMENT_NOT_FOUND"),
    "Vercel, in words": page("The deployment could not be found on Vercel.\n\nDEPLOYMENT_NOT_FOUND",
                             "404 Not Found"),
    "Vercel, paused": page("", "503 X", "X-Vercel-Error: DEPLOYMENT_PAUSED"),
    "Railway": page('{"status":"error","code":404,"message":"Application not found"}',
                    "404 Not Found", "X-Railway-Fallback: true"),
    "Render": page("Not Found\n", "404 Not Found", "x-render-routing: no-server"),
    "Render, suspended": html("Service Suspended", "503 X", "x-render-routing: suspend-by-user"),
    "Netlify": page("Not Found - Request ID: 01HX", "404 Not Found", "Server: Netlify"),
    "Netlify's page": html("Site not found", "404 Not Found"),
    "Heroku": html("No such app", "404 Not Found", body=(
        '<iframe src="//www.herokucdn.com/error-pages/no-such-app.html"></iframe>')),
    "Firebase": html("Site Not Found", "404 Not Found", body="Why am I seeing this?"),
    "Azure, stopped": html("Web App - Unavailable", "403 Site Disabled",
                           body="Error 403 - This web app is stopped."),
    "Azure's containers": html("Azure Container App - Unavailable", "404 Not Found"),
    "Azure's welcome": html("Microsoft Azure App Service - Welcome",
                            body="Your web app is running and waiting for your content"),
    "GitHub Pages": html("Site not found · GitHub Pages", "404 Not Found",
                         body="There isn't a GitHub Pages site here."),
    "Cloudflare Pages": html("Nothing is here yet", "404 Not Found"),
    "Cloudflare, no host": page("error code: 1001", "409 Conflict", "Server: cloudflare"),
    "Amazon S3": page("<?xml version='1.0'?><Error><Code>NoSuchBucket</Code></Error>", "404 X"),
    "Kubernetes": page("default backend - 404", "404 Not Found"),
    "Traefik": page("no available server", "503 Service Unavailable"),
    "OpenShift": html("Application is not available", "503 Service Unavailable"),
    "Koyeb": html("404: No active service", "404 Not Found"),
    "Replit": html("Hmm... we couldn't reach this app", "404 Not Found"),
    "a parked domain": html("shop.example", body="This domain is parked free of charge."),
    "nobody's: no project": html("No project is deployed at this address", "404 Not Found"),
    "nobody's: does not exist": html("This application does not exist", "404 Not Found"),
    "nobody's: paused": html("This site has been paused by its owner", "503 X"),
    "nobody's: in JSON": page('{"error":"no such deployment"}', "404 Not Found"),
}  # fmt: skip

GOOGLE = (
    "<html><head><title>403 Forbidden</title></head><body><h1>Error: Forbidden</h1><h2>Your client"
    " does not have permission to get URL <code>URL</code> from this server.</h2></body></html>"
)
CLOUDS: dict[str, Answerer] = {
    "Google Cloud": lambda asked: page(GOOGLE.replace("URL", asked.target), "403 Forbidden"),
    "Google Cloud Run": lambda _: page(
        "The request was not authenticated. Either allow unauthenticated invocations", "403 X"),
    "Amazon's function": lambda _: page(
        '{"Message":"Forbidden"}', "403 X", "x-amzn-ErrorType: AccessDeniedException"),
    "Amazon's gateway and its key": lambda _: page(
        '{"message":"Forbidden"}', "403 X", "x-amzn-ErrorType: ForbiddenException"),
    "Azure": lambda _: page("You do not have permission to view this directory or page.", "401 X"),
    "Azure's gateway": lambda _: page(
        '{"statusCode":401,"message":"Access denied due to missing subscription key."}', "401 X"),
    "Supabase": lambda _: page('{"code":401,"message":"Missing authorization header"}', "401 X"),
    "Vercel's protection": lambda _: html(
        "Authentication Required", "401 X", body='<a href="https://vercel.com/sso-api">'),
    "nobody's cloud": lambda _: page(
        '{"error":{"message":"The caller does not have permission"}}', "403 X"),
    "a mesh": lambda _: page("RBAC: access denied", "403 Forbidden"),
}  # fmt: skip


def other(wrong: Answerer, **more: Answerer) -> Callback:
    """Another verify token stands there, and this is what it is answered."""
    return replace(Callback(token="Another0one", wrong=wrong), **more)  # type: ignore[arg-type]


def saying_so(said: str) -> Answerer:
    return lambda _: page(said)


async def nothing(_asked: Asked) -> AsyncIterator[bytes]:
    await asyncio.Event().wait()
    yield b""


LIBRARIES = {
    "400, empty": other(lambda _: page("", "400 Bad Request")),
    "400, a word": other(lambda _: page("Bad Request", "400 Bad Request")),
    "200, empty": other(lambda _: page()),
    "200, a sentence": other(lambda _: page("Not verified")),
    "200, JSON": other(lambda _: page('{"success": false}', "200 OK", JSON)),
    "200, false": other(lambda _: page("false", "200 OK", JSON)),
    "204": other(lambda _: b"HTTP/1.1 204 No Content\r\n\r\n"),
    "422": other(lambda _: page('{"detail":"not valid"}', "422 X", JSON)),
    "406": other(lambda _: page("", "406 Not Acceptable")),
    "200, empty, and all paths are served": other(
        lambda _: page("no"), elsewhere=lambda a: page("no" if a.method == "GET" else "")),
}  # fmt: skip


def named(form: str) -> Callback:
    """Reads the parameters by other names."""

    def get(asked: Asked) -> bytes:
        from urllib.parse import parse_qs, urlsplit

        query = parse_qs(urlsplit(asked.target).query)
        token, challenge = (
            query.get(form.format(n), [""])[0] for n in ("verify_token", "challenge")
        )
        return page(challenge) if token == TOKEN else refusal(asked)

    refusal: Callable[[Asked], bytes] = lambda _: page("Forbidden", "403 Forbidden")  # noqa: E731
    return Callback(get=get)


class Sleeping:
    """Takes the first connection and says nothing; is awake from then on."""

    def __init__(self) -> None:
        self.is_awake = False

    def __call__(self, asked: Asked) -> Said:
        if self.is_awake:
            return Callback()(asked)
        self.is_awake = True
        return nothing(asked)


class Waking(Sleeping):
    """As Render says it."""

    def __call__(self, asked: Asked) -> Said:
        if self.is_awake:
            return Callback()(asked)
        self.is_awake = True
        return page("", "503 Service Unavailable", "x-render-routing: hibernate-wake-error")


CADDY = "Server: Caddy"
HAPROXY = (
    "<html><body><h1>503 Service Unavailable</h1>\n"
    "No server is available to handle this request.\n</body></html>"
)
API_GATEWAY = page('{"message":"Missing Authentication Token"}', "403 Forbidden",
                   "x-amzn-ErrorType: MissingAuthenticationTokenException")  # fmt: skip

FAULTS = [
    *(Case(f"repeats the URL: {who}", NOT_FOUND, callback) for who, callback in REPEATING.items()),
    *(Case(f"host: {who}", HOST, on_host("shop.local", answer), says=(setting,))
      for who, (answer, setting) in HOSTS.items()),
    *(Case(f"host: {who}, seen by the local name", HOST, on_host("localhost", answer))
      for who, answer in SILENT_HOSTS.items()),
    *(Case(f"no app: {who}", NO_APP, always(answer)) for who, answer in NO_APPS.items()),
    *(Case(f"no app: {who}, nothing known", NO_APP, always(NO_APPS[who]), token=None, secret=None)
      for who in ("Vercel", "Railway", "nobody's: no project")),
    *(Case(f"cloud: {who}", UNAUTHORIZED, answer) for who, answer in CLOUDS.items()),
    *(Case(f"cloud: {who}, no secret known", UNAUTHORIZED, answer, secret=None)
      for who, answer in CLOUDS.items()),
    Case("API Gateway, no such route", NOT_FOUND, always(API_GATEWAY), says=("API Gateway",)),
    Case("API Gateway, no such route, no header", NOT_FOUND,
         always(page('{"message":"Missing Authentication Token"}', "403 Forbidden"))),
    Case("API Gateway for HTTP, no such route", NOT_FOUND,
         always(page('{"message":"Not Found"}', "404 Not Found"))),
    Case("Vercel, no such path", NOT_FOUND,
         always(page("", "404 Not Found", "X-Vercel-Error: NOT_FOUND"))),
    Case("Vercel, the function fails", "webhook.server_error",
         always(page("", "500 X", "X-Vercel-Error: FUNCTION_INVOCATION_FAILED"))),
    Case("Railway, the app does not answer", "webhook.server_error",
         always(page('{"message":"Application failed to respond"}', "502 X",
                     "X-Railway-Fallback: true")), says=("Railway",)),
    Case("Heroku, the app has crashed", "webhook.server_error", always(html(
        "Application Error", "503 X",
        body='<iframe src="//www.herokucdn.com/error-pages/application-error.html">'))),
    *(Case(f"Cloudflare: {code}", "webhook.server_error",
           always(html(str(code), f"{code} X", "Server: cloudflare")), says=says)
      for code, says in ((520, ()), (522, ()), (525, ("SSL/TLS mode",)), (526, ("SSL/TLS mode",)))),
    Case("HAProxy, nobody behind it", "webhook.server_error",
         always(page(HAPROXY, "503 Service Unavailable")), says=("HAProxy",)),
    Case("HAProxy, in time", "webhook.server_error",
         always(page("<h1>504 Gateway Time-out</h1>\nThe server didn't respond in time.", "504 X")),
         says=("HAProxy",)),
    Case("nginx's limit, for ever", "webhook.server_error", always(html(
        "503 Service Temporarily Unavailable", "503 X", "Server: nginx")), says=("limit",)),
    Case("Caddy, no such site", NOT_FOUND, always(page("", "200 OK", CADDY)), says=("Caddy",)),
    Case("Caddy, no such route", NOT_FOUND,
         Callback(path="/a", elsewhere=lambda _: page("", "200 OK", CADDY)), says=("Caddy",)),
    *(Case(f"token: another, told by {how}", MISMATCH, callback, says=("verify token",))
      for how, callback in LIBRARIES.items()),
    *(Case(f"content with any handshake: {said}", BODY, other(saying_so(said)),
           says=("verify token",))
      for said in ("Hello from the bot", "OK", '{"status":"ok"}', "Bot is running")),
    Case("a page of a site, and no endpoint", BODY,
         Callback(get=lambda a: html("My shop") if a.path == "/webhook" else page("", "404 X"),
                  post=lambda _: page("", "405 No"))),
    Case("token: another, and no answer at all", "webhook.timeout", other(nothing), limit=0.4,
         says=("verify token",)),
    Case("token: another, no answer at all, and no secret known", "webhook.timeout",
         other(nothing), limit=0.4, secret=None, says=("verify token",)),
    Case("token: another, told by 404", NOT_FOUND, other(lambda _: page("", "404 Not Found")),
         says=("verify token",)),
    *(Case(f"parameters: {form}", STATUS, named(form), says=(form.format("mode"),))
      for form in ("hub_{}", "hub[{}]", "{}")),
    Case("parameters: missing", STATUS, Callback(get=lambda _: page(
        '{"error":"hub_mode is required"}', "400 X", JSON)), says=("hub_mode",)),
    Case("the challenge as the status line", STATUS,
         raw(lambda c: f"HTTP/1.1 {c} Unknown\r\nContent-Length: 0\r\n\r\n".encode()),
         says=("status line",)),
    Case("the challenge as the status line of HTTP/1.0", STATUS,
         raw(lambda c: f"HTTP/1.0 {c}\r\n\r\n".encode()), says=("status line",)),
    Case("the challenge as the status, and Node refuses", "webhook.server_error", Callback(
        right=lambda a: page(f"RangeError: Invalid status code: {a.challenge}", "500 X")),
        says=("status",)),
    Case("HTTP/2 alone", "webhook.connect",
         lambda _: bytes.fromhex("000012040000000000000300000064000400100000000600010000"),
         says=("HTTP/2",)),
    Case("a reason in JSON", "webhook.server_error", Callback(right=lambda _: page(
        '{"message":"VERIFY_SECRET is not set"}', "500 X", JSON)), says=("is not set",)),
    Case("a reason in JSON, with the token in it", STATUS, Callback(right=lambda _: page(
        f'{{"message":"{TOKEN} came","hint":"x"}}', "409 X", JSON))),
    Case("a reason in nested JSON", BODY, Callback(right=lambda _: page(
        '{"error":{"code":7,"message":"Bot is paused"}}', "200 OK", JSON)), says=("is paused",)),
]  # fmt: skip

WARNED = [
    Case("asleep at first", "webhook.slow", Sleeping(), limit=0.4, says=("sleep",)),
    Case("asleep at first, as Render says it", "webhook.slow", Waking(), limit=0.4,
         says=("sleep",)),
]  # fmt: skip

HEALTHY = [
    Case("behind Railway", "webhook.verified", Callback(
        right=lambda a: page(a.challenge, "200 OK", "Server: railway-edge"))),
    Case("behind Vercel", "webhook.verified", Callback(
        right=lambda a: page(a.challenge, "200 OK", "x-vercel-id: fra1::x", "Server: Vercel"))),
    Case("behind Caddy", "webhook.verified", Callback(
        right=lambda a: page(a.challenge, "200 OK", CADDY),
        elsewhere=lambda _: page("", "200 OK", CADDY))),
    Case("behind Render", "webhook.verified", Callback(
        right=lambda a: page(a.challenge, "200 OK", "rndr-id: x", "x-render-origin-server: x"))),
    Case("its 404 speaks of a site", "webhook.verified",
         Callback(elsewhere=lambda _: page("Site not found", "404 Not Found"))),
    Case("a check of the host that likes ours", "webhook.verified",
         on_host("127.0.0.1", page("Invalid host header", "400 Bad Request"))),
    Case("400 in JSON for a wrong token", "webhook.verified",
         Callback(wrong=lambda _: page('{"success":false}', "400 X", JSON))),
    Case("200 and nothing for a wrong token", "webhook.verified",
         Callback(wrong=lambda _: page())),
]  # fmt: skip
