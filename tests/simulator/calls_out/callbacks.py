"""Callbacks for Meta to call, proper and odd, and the ways to have them registered."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.loopback import Answer, Request, Server
from tests.simulator.conftest import Graph
from wizard.values.credentials import Secret

WHATSAPP = "whatsapp_business_account"
VERIFY_TOKEN = "correct0horse1battery2staple3"


@asynccontextmanager
async def calling(*answers: Answer, tls: ssl.SSLContext | None = None) -> AsyncIterator[Server]:
    """A server that gives these answers, each on a connection of its own."""
    server = Server(answers, scheme="https" if tls else "http")
    listening = await asyncio.start_server(server.talk, "127.0.0.1", 0, ssl=tls)
    server.port = listening.sockets[0].getsockname()[1]
    try:
        yield server
    finally:
        listening.close()
        await server.end()


def page(body: str = "", status: str = "200 OK", *headers: str) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"content-length: {len(body.encode())}", *headers, "", body)
    return "\r\n".join(lines).encode()


def sound(request: Request) -> bytes:
    """What a proper callback answers."""
    if request.query.get("hub.verify_token") != VERIFY_TOKEN:
        return page("", "403 Forbidden")
    return page(request.query["hub.challenge"])


def bearer(graph: Graph, token: Secret | None = None) -> dict[str, str]:
    return {"authorization": f"Bearer {(token or graph.meta.token.text).reveal()}"}


def hook_of(graph: Graph) -> str:
    return f"/v25.0/{graph.meta.app.id}/subscriptions"


def apps_of(graph: Graph) -> str:
    return f"/v25.0/{graph.meta.waba.id}/subscribed_apps"


def number_of(graph: Graph) -> str:
    return f"/v25.0/{graph.values.phone_number_id}"


def asked(server: Server, **others: str) -> dict[str, str]:
    return {
        "object": WHATSAPP,
        "callback_url": f"{server.url}/webhook",
        "verify_token": VERIFY_TOKEN,
        "fields": "messages",
        **others,
    }


async def as_app(graph: Graph, method: str, **params: str) -> httpx.Response:
    return await graph.send(method, hook_of(graph), params, graph.meta.app.token)


async def done(answer: httpx.Response) -> None:
    assert (answer.status_code, answer.json()) == (200, {"success": True})
