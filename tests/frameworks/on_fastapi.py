"""Webhook servers on FastAPI, which reads the annotations of a handler where its module stands."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.responses import PlainTextResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tests.frameworks.python_servers import HEADER, challenge_of, is_signed


def on_fastapi() -> Any:
    app = FastAPI()

    async def verify(request: Request) -> Response:
        challenge = challenge_of(request.query_params)
        return PlainTextResponse(challenge or "", 200 if challenge else 403)

    async def sound(request: Request) -> Response:
        good = is_signed(await request.body(), request.headers.get(HEADER))
        return Response(status_code=200 if good else 401)

    async def rewritten(request: Request) -> Response:
        body = json.dumps(await request.json(), separators=(",", ":"), ensure_ascii=False)
        good = is_signed(body.encode(), request.headers.get(HEADER))
        return Response(status_code=200 if good else 401)

    async def spaced(request: Request) -> Response:
        good = is_signed(json.dumps(await request.json()).encode(), request.headers.get(HEADER))
        return Response(status_code=200 if good else 403)

    def named(hub_mode: str, hub_challenge: str, hub_verify_token: str) -> Response:
        return PlainTextResponse(hub_challenge)

    def quoted(request: Request) -> str | None:
        return request.query_params.get("hub.challenge")

    def unbranched(request: Request) -> int | None:
        challenge = challenge_of(request.query_params)
        return int(challenge) if challenge else None

    app.add_api_route("/unbranched", unbranched, methods=["GET"])
    app.add_api_route("/unbranched", sound, methods=["POST"])
    for path, post in (("/sound", sound), ("/rewritten", rewritten), ("/spaced", spaced)):
        app.add_api_route(path, verify, methods=["GET"])
        app.add_api_route(path, post, methods=["POST"])
    app.add_api_route("/named", named, methods=["GET"], response_model=None)
    app.add_api_route("/quoted", quoted, methods=["GET"])
    guarded = FastAPI()
    guarded.add_api_route("/sound", verify, methods=["GET"])
    guarded.add_middleware(TrustedHostMiddleware, allowed_hosts=["shop.example"])
    app.mount("/trusted", guarded)
    return app
