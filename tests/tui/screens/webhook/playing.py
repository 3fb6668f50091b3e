"""Tunnels that fail, the portal's part, and what Meta delivers."""

import json
from typing import Any

import httpx
from textual import events

from tests.loopback import Request, http_client
from tests.tui.conftest import Direct, Wizard
from wizard.graph import Graph
from wizard.settings import GRAPH_VERSION
from wizard.simulator import Meta
from wizard.simulator.calls_out import payloads
from wizard.simulator.world.objects import Kind
from wizard.simulator.world.people import HIDDEN, Customer
from wizard.simulator.world.state import DAY
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.tunnel.tunnel import Reason, TunnelError
from wizard.values.credentials import Secret, Values, plain
from wizard.webhook.probe import USER_AGENT
from wizard.webhook.signature import sign

AUTHTOKEN = "a-made-up-authtoken-for-tests"


class Needy(Direct):
    """ngrok without an authtoken of its own."""

    async def open(self, port: int) -> str:
        if self.way.kind == "ngrok" and self.way.authtoken is None:
            raise TunnelError(Reason.AUTHTOKEN_MISSING)
        return await super().open(port)


class Blocked(Direct):
    """A tunnel that its network does not let through."""

    async def open(self, port: int) -> str:
        raise TunnelError(Reason.BLOCKED, "no route to its servers")


class Pretended:
    """The portal's button and a customer's phone."""

    def __init__(self, base_url: str, meta: Meta) -> None:
        self._base_url = base_url
        self._meta = meta
        self._callback_url = ""

    @property
    def recipient(self) -> str:
        return Customer().wa_id

    async def verify_and_save(self, callback_url: str, verify_token: Secret) -> None:
        graph = Graph(self._base_url, GRAPH_VERSION)
        app = self._meta.app
        try:
            await graph.callbacks.set_app_subscription(
                app.id, app.secret, callback_url, verify_token
            )
        finally:
            await graph.close()
        self._callback_url = callback_url

    async def generate_token(self, *, permanent: bool = False) -> Secret:
        kind = Kind.SYSTEM_USER if permanent else Kind.USER
        return self._meta.issue(self._meta.app, kind, lifetime=0 if permanent else DAY).text

    async def write_to_us(self, text: str) -> None:
        await post(self._callback_url, message(text), self._meta.app.secret)

    async def write_without_number(self, text: str) -> None:
        self._meta.dispatcher.inbound_message(payloads.text(text), sender=HIDDEN)


class Mistyping(Pretended):
    """Somebody who does not paste the token."""

    async def verify_and_save(self, callback_url: str, verify_token: Secret) -> None:
        await super().verify_and_save(callback_url, Secret("another-token-altogether"))


def challenge_of(request: Request) -> bytes:
    """What a callback answers that takes any token."""
    said = request.query["hub.challenge"]
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(said)}\r\n\r\n{said}".encode()


async def opened(w: Wizard) -> None:
    """Goes to the webhook and opens it."""
    await w.press("escape", "w")
    await w.until(lambda: isinstance(w.app.screen, WebhookScreen))
    await w.press("w")
    await w.until(lambda: w.webhook.is_open and w.webhook.job is None)
    await w.until(lambda: "test passed" in w.text())


async def metas_handshake(w: Wizard, token: str | None = None) -> int:
    """Meta's call, as the button Verify and save makes it; the status that it met."""
    query = {
        "hub.mode": "subscribe",
        "hub.verify_token": token or plain(w.onboarding.values.verify_token or ""),
        "hub.challenge": "1158201444",
    }
    await w.until(lambda: not w.onboarding.testing)
    async with http_client() as client:
        url = w.webhook.callback_url or ""
        answer = await client.get(url, params=query, headers={"User-Agent": USER_AGENT})
        return answer.status_code


def message(text: str, name: str = "Ayu") -> dict[str, Any]:
    contact = {"profile": {"name": name}, "wa_id": "6281234567890"}
    said = {"from": "6281234567890", "id": f"wamid.{text}", "type": "text", "text": {"body": text}}
    return {"contacts": [contact], "messages": [said]}


async def deliver(w: Wizard, value: dict[str, Any], key: Secret | None = None) -> int:
    """A post as Meta makes it, signed with this key or not at all; the status that it met."""
    return await post(w.webhook.callback_url or "", value, key)


async def post(url: str, value: dict[str, Any], key: Secret | None) -> int:
    change = {"field": "messages", "value": value}
    body = json.dumps({"object": "x", "entry": [{"id": "1", "changes": [change]}]}).encode()
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["X-Hub-Signature-256"] = sign(key, body)
    async with http_client() as client:
        return (await client.post(url, content=body, headers=headers)).status_code


async def paste(w: Wizard, text: str) -> None:
    w.app.post_message(events.Paste(text))
    await w.pilot.pause()


async def listens(url: str) -> bool:
    async with http_client() as client:
        try:
            await client.get(url)
        except httpx.ConnectError:
            return False
    return True


def secret(values: Values) -> Secret:
    assert values.app_secret is not None
    return values.app_secret
