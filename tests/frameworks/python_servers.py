"""Webhook servers on Python's frameworks, sound ones and broken ones, each at a path of its own."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from tests.faults.server import SECRET, TOKEN
from wizard.support.loopback import bind

Wsgi = Callable[..., Iterable[bytes]]
HEADER = "x-hub-signature-256"


def is_signed(body: bytes, header: str | None) -> bool:
    made = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    return header == f"sha256={made}"


def challenge_of(query: Mapping[str, str]) -> str | None:
    sound = query.get("hub.mode") == "subscribe" and query.get("hub.verify_token") == TOKEN
    return query.get("hub.challenge") if sound else None


@asynccontextmanager
async def fastapi_server() -> AsyncIterator[int]:
    # As the others it is loaded where it is used: every process of a run reads this module.
    import uvicorn

    from tests.frameworks.on_fastapi import on_fastapi

    config = uvicorn.Config(on_fastapi(), log_config=None, lifespan="off")
    with bind(0) as sock:
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve(sockets=[sock]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield sock.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            await serving


@asynccontextmanager
async def aiohttp_server() -> AsyncIterator[int]:
    from aiohttp import web

    async def verify(request: web.Request) -> web.Response:
        challenge = challenge_of(request.query)
        return web.Response(text=challenge or "", status=200 if challenge else 403)

    async def sound(request: web.Request) -> web.Response:
        good = is_signed(await request.read(), request.headers.get(HEADER))
        return web.Response(status=200 if good else 401)

    async def rewritten(request: web.Request) -> web.Response:
        body = json.dumps(await request.json(), separators=(",", ":"))
        return web.Response(
            status=200 if is_signed(body.encode(), request.headers.get(HEADER)) else 401
        )

    async def empty(request: web.Request) -> web.Response:
        return web.Response(text=request.query.get("hub_challenge", ""))

    async def unbranched(request: web.Request) -> Any:
        challenge = challenge_of(request.query)
        return web.Response(text=challenge) if challenge else None

    app = web.Application(client_max_size=4 * 1024 * 1024)
    for path, post in (("/sound", sound), ("/rewritten", rewritten)):
        app.router.add_get(path, verify)
        app.router.add_post(path, post)
    app.router.add_get("/unbranched", unbranched)
    app.router.add_post("/unbranched", sound)
    app.router.add_get("/deaf", verify)
    app.router.add_get("/empty", empty)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


def on_flask() -> Wsgi:
    from flask import Flask, request
    from flask import Response as Reply

    app = Flask("hooks")
    app.config["TRUSTED_HOSTS"] = None

    def verify() -> Reply:
        challenge = challenge_of(request.args)
        return Reply(challenge or "", 200 if challenge else 403)

    def sound() -> Reply:
        good = is_signed(request.get_data(), request.headers.get(HEADER))
        return Reply(status=200 if good else 401)

    def rewritten() -> Reply:
        good = is_signed(app.json.dumps(request.get_json()).encode(), request.headers.get(HEADER))
        return Reply(status=200 if good else 401)

    def crashes() -> Reply:
        return Reply(request.args["hub_challenge"])

    def unbranched() -> Any:
        return challenge_of(request.args)

    app.add_url_rule("/unbranched", "unbranched", unbranched, methods=["GET"])
    app.add_url_rule("/unbranched", "unbranched sound", sound, methods=["POST"])
    for path, post in (("/sound", sound), ("/rewritten", rewritten)):
        app.add_url_rule(path, f"get{path}", verify, methods=["GET"])
        app.add_url_rule(path, f"post{path}", post, methods=["POST"])
    app.add_url_rule("/deaf", "deaf", verify, methods=["GET"])
    app.add_url_rule("/crashes", "crashes", crashes, methods=["GET"])
    wsgi: Wsgi = app
    return wsgi


def on_flask_of(host: str) -> Wsgi:
    app: Any = on_flask()
    app.config["TRUSTED_HOSTS"] = [host]
    wsgi: Wsgi = app
    return wsgi


def on_django() -> Wsgi:
    from django.conf import settings
    from django.core.wsgi import get_wsgi_application
    from django.http import HttpRequest, HttpResponse
    from django.urls import path
    from django.views.decorators.csrf import csrf_exempt

    def view(request: HttpRequest) -> HttpResponse:
        if request.method == "GET":
            challenge = challenge_of(request.GET.dict())
            return HttpResponse(challenge or "", status=200 if challenge else 403)
        good = is_signed(request.body, request.headers.get(HEADER))
        return HttpResponse(status=200 if good else 401)

    def spaced(request: HttpRequest) -> HttpResponse:
        if request.method == "GET":
            return view(request)
        body = json.dumps(json.loads(request.body))
        good = is_signed(body.encode(), request.headers.get(HEADER))
        return HttpResponse(status=200 if good else 401)

    def unbranched(request: HttpRequest) -> Any:
        challenge = challenge_of(request.GET.dict())
        if request.method == "POST":
            return view(request)
        return HttpResponse(challenge) if challenge else None

    class Urls:
        urlpatterns = (
            path("sound", csrf_exempt(view)),
            path("csrf", view),
            path("spaced", csrf_exempt(spaced)),
            path("unbranched", csrf_exempt(unbranched)),
        )

    if not settings.configured:
        settings.configure(
            DEBUG=False,
            SECRET_KEY="k" * 50,
            ALLOWED_HOSTS=["127.0.0.1"],
            ROOT_URLCONF=Urls,
            MIDDLEWARE=[
                "django.middleware.common.CommonMiddleware",
                "django.middleware.csrf.CsrfViewMiddleware",
            ],
            LOGGING_CONFIG=None,
        )
    app: Wsgi = get_wsgi_application()
    return app


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Says nothing."""


class _Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def wsgi_server(app: Wsgi) -> Iterator[int]:
    with make_server("127.0.0.1", 0, app, _Threading, _Silent) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server.server_port
        server.shutdown()
