"""Our client, driven once through all that it can ask."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache

from tests.loopback import http_client
from tests.simulator.calls_out.callbacks import VERIFY_TOKEN, calling, sound
from wizard.graph import Graph, GraphError, Request
from wizard.simulator import Meta, create_app, serve
from wizard.simulator.graph_api.recorder import Exchange, record_exchanges
from wizard.simulator.world.flows import Flow
from wizard.simulator.world.objects import BUSINESS, MANAGEMENT, MESSAGING, Subscription
from wizard.simulator.world.state import DAY
from wizard.values.credentials import Secret

VERSION = "v26.0"
PIN = Secret("123456")
STRANGER = "6281255501234"
NOBODY = "999999999999999"
WRONG = Secret("0" * 32)


@dataclass
class Side:
    """A world with all in order, our client, and a callback that answers as it should."""

    meta: Meta
    graph: Graph
    base: str
    callback_url: str
    token: Secret = field(init=False)

    def __post_init__(self) -> None:
        meta = self.meta
        self.token = meta.issue(
            meta.app, scopes=(MANAGEMENT, MESSAGING, BUSINESS), lifetime=DAY
        ).text
        meta.app.subscriptions.append(Subscription(self.callback_url, ("messages",)))
        meta.dispatcher.inbound_text("halo")

    @property
    def waba(self) -> str:
        return self.meta.waba.id

    @property
    def number(self) -> str:
        return self.meta.test_number.id

    @property
    def app(self) -> tuple[str, Secret]:
        return self.meta.app.id, self.meta.app.secret

    @property
    def verify(self) -> Secret:
        return Secret(VERIFY_TOKEN)

    @property
    def to(self) -> str:
        return self.meta.dispatcher.sending_rules.allowed_recipients[0]

    async def read(self, path: str, fields: str = "", token: Secret | None = None) -> None:
        """As `GET` with `fields`, whatever comes."""
        query = {"fields": fields} if fields else {}
        await self.graph.request_raw(Request("GET", path, query, token or self.token))

    async def elsewhere(
        self, method: str, path: str, body: object = None, token: Secret | None = None
    ) -> None:
        """By another client, without a token unless one or a `body` is given."""
        sent = token or (self.token if body else None)
        headers = {"authorization": f"Bearer {sent.reveal()}"} if sent else {}
        async with http_client(base_url=f"{self.base}/{VERSION}", headers=headers) as other:
            await other.request(method, path, json=body)

    async def upload(self, content: bytes, mime_type: str) -> None:
        """Media for the test number."""
        headers = {"authorization": f"Bearer {self.token.reveal()}"}
        files = {"file": ("a", content, mime_type)}
        form = {"messaging_product": "whatsapp"}
        url = f"{self.base}/{VERSION}/{self.number}/media"
        async with http_client(headers=headers) as other:
            await other.post(url, data=form, files=files)

    @property
    def media(self) -> str:
        """One that was uploaded."""
        kept = self.meta.media
        return kept.add(self.number, "image/jpeg", b"x", self.meta.now() + DAY).id

    @property
    def flow(self) -> str:
        """A draft."""
        flows = self.meta.waba.flows
        if not flows:
            flows.append(Flow(self.meta.digits("flow", 16), "a flow"))
        return flows[0].id


Ask = Callable[[Side], Awaitable[object]]


@dataclass(frozen=True)
class Asked:
    """The operation behind a method of our client, and how that is granted and refused."""

    operation: str
    good: Ask
    bad: Ask


def _app_as(side: Side, secret: Secret) -> Request:
    token = Secret(f"{side.meta.app.id}|{secret.reveal()}")
    return Request("GET", side.meta.app.id, {"fields": "id,name"}, token)


async def _register_twice(side: Side) -> None:
    side.meta.dispatcher.sending_rules.pins[side.number] = "654321"
    await side.graph.messages.register(side.number, side.token, PIN)


CALLS: Mapping[str, Asked] = {
    "Graph.ping": Asked("getOwnApp", lambda s: s.read("app"), lambda s: s.graph.ping()),
    "Graph.own_app": Asked(
        "getOwnApp", lambda s: s.graph.own_app(s.token), lambda s: s.graph.own_app(Secret("EAA!"))
    ),
    "Graph.check_app_secret": Asked(
        "getAccessToken",
        lambda s: s.graph.check_app_secret(*s.app),
        lambda s: s.graph.check_app_secret(s.meta.app.id, WRONG),
    ),
    "Graph.request_raw": Asked(
        "getApp",
        lambda s: s.graph.request_raw(_app_as(s, s.meta.app.secret)),
        lambda s: s.graph.request_raw(_app_as(s, WRONG)),
    ),
    "Graph.exchange_token": Asked(
        "getAccessToken",
        lambda s: s.graph.exchange_token(*s.app, s.token, system_user=True),
        lambda s: s.graph.exchange_token(*s.app, s.meta.other_token.text),
    ),
    "Graph.debug_token": Asked(
        "debugToken",
        lambda s: s.graph.debug_token(s.token, *s.app),
        lambda s: s.graph.debug_token(s.meta.other_token.text, *s.app),
    ),
    "Graph.waba": Asked(
        "getWhatsAppBusinessAccountDetails",
        lambda s: s.graph.waba(s.waba, s.token),
        lambda s: s.graph.waba("hidden.market", s.token),
    ),
    "Graph.number": Asked(
        "getPhoneNumberById",
        lambda s: s.graph.number(s.number, s.token),
        lambda s: s.graph.number(s.meta.other_number.id, s.token),
    ),
    "Graph.numbers": Asked(
        "getWhatsAppBusinessAccountPhoneNumbers",
        lambda s: s.graph.numbers(s.waba, s.token),
        lambda s: s.graph.numbers(NOBODY, s.token),
    ),
    "Graph.portfolios": Asked(
        "getBusinesses",
        lambda s: s.graph.portfolios(s.token),
        lambda s: s.graph.portfolios(s.meta.token.text),
    ),
    "Graph.accounts": Asked(
        "getOwnedWhatsAppBusinessAccounts",
        lambda s: s.graph.accounts(s.meta.business.id, s.token),
        lambda s: s.graph.accounts(s.meta.business.id, s.meta.token.text),
    ),
    "Graph.accounts, shared": Asked(
        "getClientWhatsAppBusinessAccounts",
        lambda s: s.graph.accounts(s.meta.business.id, s.token, shared=True),
        lambda s: s.graph.accounts(NOBODY, s.token, shared=True),
    ),
    "Callbacks.get_app_subscription": Asked(
        "getAppSubscriptions",
        lambda s: s.graph.callbacks.get_app_subscription(*s.app),
        lambda s: s.graph.callbacks.get_app_subscription(s.meta.app.id, WRONG),
    ),
    "Callbacks.list_app_subscriptions": Asked(
        "getAppSubscriptions",
        lambda s: s.graph.callbacks.list_app_subscriptions(*s.app),
        lambda s: s.graph.callbacks.list_app_subscriptions(s.meta.app.id, WRONG),
    ),
    "Callbacks.set_app_subscription": Asked(
        "setAppSubscription",
        lambda s: s.graph.callbacks.set_app_subscription(*s.app, s.callback_url, s.verify),
        lambda s: s.graph.callbacks.set_app_subscription(*s.app, s.callback_url, WRONG),
    ),
    "Callbacks.delete_app_subscription": Asked(
        "removeAppSubscription",
        lambda s: s.graph.callbacks.delete_app_subscription(*s.app),
        lambda s: s.graph.callbacks.delete_app_subscription(s.meta.app.id, WRONG),
    ),
    "Callbacks.list_subscribed_apps": Asked(
        "getAllSubscriptionsForAWaba",
        lambda s: s.graph.callbacks.list_subscribed_apps(s.waba, s.token),
        lambda s: s.graph.callbacks.list_subscribed_apps(s.number, s.token),
    ),
    "Callbacks.subscribe": Asked(
        "subscribeToWabaWebhooks",
        lambda s: s.graph.callbacks.subscribe(s.waba, s.token, s.callback_url, s.verify),
        lambda s: s.graph.callbacks.subscribe(s.waba, s.token, s.callback_url, WRONG),
    ),
    "Callbacks.get_webhook_configuration": Asked(
        "getPhoneNumberById",
        lambda s: s.graph.callbacks.get_webhook_configuration(s.number, s.token),
        lambda s: s.graph.callbacks.get_webhook_configuration(s.meta.other_number.id, s.token),
    ),
    "Callbacks.set_phone_override": Asked(
        "updatePhoneNumberStatus",
        lambda s: s.graph.callbacks.set_phone_override(s.number, s.token, s.callback_url, s.verify),
        lambda s: s.graph.callbacks.set_phone_override(s.number, s.token, s.callback_url, WRONG),
    ),
    "Callbacks.clear_phone_override": Asked(
        "updatePhoneNumberStatus",
        lambda s: s.graph.callbacks.clear_phone_override(s.number, s.token),
        lambda s: s.graph.callbacks.clear_phone_override(NOBODY, s.token),
    ),
    "Messages.send_template": Asked(
        "sendMessage",
        lambda s: s.graph.messages.send_template(s.number, s.token, s.to, "hello_world", "en_US"),
        lambda s: s.graph.messages.send_template(s.number, s.token, s.to, "hello_world", "id"),
    ),
    "Messages.send_text": Asked(
        "sendMessage",
        lambda s: s.graph.messages.send_text(s.number, s.token, s.to, "halo"),
        lambda s: s.graph.messages.send_text(s.number, s.token, STRANGER, "halo"),
    ),
    "Messages.register": Asked(
        "registerWhatsAppBusinessPhoneNumber",
        lambda s: s.graph.messages.register(s.number, s.token, PIN),
        _register_twice,
    ),
    "Messages.templates": Asked(
        "getTemplateByNameDefaultFields",
        lambda s: s.graph.messages.templates(s.waba, s.token),
        lambda s: s.graph.messages.templates(NOBODY, s.token),
    ),
}


@asynccontextmanager
async def side() -> AsyncIterator[Side]:
    meta = Meta()
    async with calling(sound) as callback, serve(create_app(meta)) as base:
        graph = Graph(base, VERSION)
        try:
            yield Side(meta, graph, base, f"{callback.url}/webhook")
        finally:
            await graph.close()
            await meta.close()


@dataclass(frozen=True)
class Driven:
    """What was exchanged when a method was asked, and the error that it raised."""

    exchanges: tuple[Exchange, ...]
    error: GraphError | None


async def ask(what: Ask) -> Driven:
    """In a world of its own."""
    heard: list[Exchange] = []
    error: GraphError | None = None
    async with side() as there:
        with record_exchanges(heard.append):
            try:
                await what(there)
            except GraphError as caught:
                error = caught
    return Driven(tuple(heard), error)


@cache
def driven() -> Mapping[str, tuple[Driven, Driven]]:
    """Each method asked once so that all is well, and once so that it is refused."""

    async def drive() -> Mapping[str, tuple[Driven, Driven]]:
        return {name: (await ask(one.good), await ask(one.bad)) for name, one in CALLS.items()}

    return asyncio.run(drive())
