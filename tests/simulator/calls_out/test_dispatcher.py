"""Who gets an event, where, in which order, and how often it is tried."""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio

from tests.loopback import Request, Server
from tests.simulator.calls_out.callbacks import calling
from tests.simulator.calls_out.deliveries import (
    FAILED,
    TAKEN,
    listening,
    quick,
    record,
    texts,
    value,
)
from tests.simulator.conftest import Graph
from wizard.simulator import Meta
from wizard.simulator.calls_out import payloads
from wizard.simulator.calls_out.dispatcher import EventDispatcher
from wizard.simulator.world.objects import SubscribedApp, Subscription
from wizard.simulator.world.people import Customer, OutboundMessage, SendError
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Delivery
from wizard.webhook.events import InboundMessage, StatusUpdate, WebhookEvent

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def dispatcher(graph: Graph) -> AsyncIterator[EventDispatcher]:
    async with quick(graph) as found:
        yield found


def is_signed_with(secret: Secret, request: Request) -> bool:
    made = hmac.new(secret.reveal().encode(), request.body, "sha256").hexdigest()
    return request.headers["x-hub-signature-256"] == f"sha256={made}"


async def test_what_a_customer_writes_reaches_the_apps_callback_signed(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with listening(graph) as server:
        message_id = dispatcher.inbound_text("halo", sender="6281255501234", name="Budi")
        await dispatcher.idle()
    (request,) = server.requests
    assert request.line == "POST /webhook HTTP/1.1"
    assert request.headers["content-type"] == "application/json"
    assert request.headers["user-agent"] == "facebookexternalua"
    assert is_signed_with(graph.meta.app.secret, request)
    found = value(request)
    assert found["metadata"]["phone_number_id"] == graph.meta.test_number.id
    assert found["contacts"][0]["profile"] == {"name": "Budi"}
    assert found["messages"][0]["id"] == message_id


async def test_a_customer_may_write_to_another_number(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with listening(graph) as server:
        dispatcher.inbound_text("halo", to=graph.meta.own_number)
        await dispatcher.idle()
    metadata = value(server.requests[0])["metadata"]
    assert metadata == {
        "display_phone_number": "6281234567890",
        "phone_number_id": graph.meta.own_number.id,
    }


async def test_a_callback_that_answers_sees_events_in_their_order(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    said = [str(number) for number in range(20)]
    async with listening(graph) as server:
        ids = [dispatcher.inbound_text(text) for text in said]
        await dispatcher.idle()
    assert texts(server) == said
    assert len(set(ids)) == len(said)


async def test_each_subscribed_app_gets_a_copy_signed_with_its_own_secret(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    meta = graph.meta
    meta.waba.subscribed.append(SubscribedApp(meta.other_app))
    async with listening(graph) as ours, calling(TAKEN) as theirs:
        meta.other_app.subscriptions.append(Subscription(theirs.url, ("messages",)))
        dispatcher.inbound_text("halo")
        await dispatcher.idle()
    assert ours.requests[0].body == theirs.requests[0].body
    assert is_signed_with(meta.app.secret, ours.requests[0])
    assert is_signed_with(meta.other_app.secret, theirs.requests[0])


def _set(url: str, fields: tuple[str, ...] = ("messages",), **rest: object) -> list[Subscription]:
    return [Subscription(url, fields, **rest)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        lambda meta, _: meta.waba.subscribed.clear(),
        lambda meta, _: meta.app.subscriptions.clear(),
        lambda meta, url: meta.app.subscriptions.__setitem__(0, _set(url, ("security",))[0]),
        lambda meta, url: meta.app.subscriptions.__setitem__(0, _set(url, active=False)[0]),
        lambda meta, url: meta.app.subscriptions.__setitem__(0, _set(url, object="page")[0]),
    ],
    ids=["WABA not subscribed", "no webhook", "field missing", "inactive", "another object"],
)
async def test_where_a_subscription_is_missing_nothing_comes(
    graph: Graph, dispatcher: EventDispatcher, change: Callable[[Meta, str], object]
) -> None:
    async with listening(graph) as server:
        change(graph.meta, server.url)
        dispatcher.inbound_text("halo")
        await dispatcher.idle()
    assert server.requests == []


async def test_the_nearest_callback_counts(graph: Graph, dispatcher: EventDispatcher) -> None:
    async with listening(graph) as app, calling(TAKEN) as waba, calling(TAKEN) as phone:
        dispatcher.inbound_text("one")
        graph.meta.waba.subscribed[0].override_callback_uri = waba.url
        dispatcher.inbound_text("two")
        graph.meta.test_number.override_callback_uri = phone.url
        dispatcher.inbound_text("three")
        dispatcher.inbound_text("four", to=graph.meta.own_number)
        await dispatcher.idle()
    assert (texts(app), texts(waba), texts(phone)) == (["one"], ["two", "four"], ["three"])


async def test_what_was_not_answered_with_200_comes_again(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with listening(graph, FAILED, TAKEN.replace(b"200 OK", b"204 No Content"), TAKEN) as one:
        dispatcher.inbound_text("halo")
        await dispatcher.idle()
    assert len(one.requests) == 3
    assert len({request.body for request in one.requests}) == 1
    assert all(is_signed_with(graph.meta.app.secret, request) for request in one.requests)


async def test_what_never_is_answered_with_200_is_given_up(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with listening(graph, FAILED) as server:
        dispatcher.pauses = (0, 0, 0)
        dispatcher.inbound_text("halo")
        await dispatcher.idle()
    assert len(server.requests) == 4


async def test_a_callback_where_nobody_listens_is_given_up_too(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with calling(TAKEN) as gone:
        record(graph, gone.url)
    dispatcher.inbound_text("halo")
    await dispatcher.idle()
    assert gone.requests == []


async def test_a_callback_that_hangs_holds_up_no_other_app(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    meta, came = graph.meta, asyncio.Event()

    async def hang(_: Request) -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield b""

    def take(_: Request) -> bytes:
        came.set()
        return TAKEN

    meta.waba.subscribed.append(SubscribedApp(meta.other_app))
    async with listening(graph, hang), calling(take) as other:
        meta.other_app.subscriptions.append(Subscription(other.url, ("messages",)))
        dispatcher.inbound_text("halo")
        async with asyncio.timeout(5):
            await came.wait()
        await dispatcher.close()


async def test_closing_drops_what_is_on_its_way(graph: Graph, dispatcher: EventDispatcher) -> None:
    failed = asyncio.Event()

    def fail(_: Request) -> bytes:
        failed.set()
        return FAILED

    async with listening(graph, fail) as server:
        dispatcher.pauses = (3600,)
        dispatcher.inbound_text("halo")
        async with asyncio.timeout(5):
            await failed.wait()
            await graph.meta.close()
            await dispatcher.idle()
    assert len(server.requests) == 1


async def test_the_test_button_calls_the_apps_own_callback_whatever_else_is_set(
    graph: Graph,
    dispatcher: EventDispatcher,
) -> None:
    async with listening(graph) as app, calling(TAKEN) as phone:
        graph.meta.test_number.override_callback_uri = phone.url
        graph.meta.waba.subscribed.clear()
        dispatcher.press_test()
        await dispatcher.idle()
    assert phone.requests == []
    assert is_signed_with(graph.meta.app.secret, app.requests[0])
    assert value(app.requests[0])["metadata"]["phone_number_id"] == "123456123"


async def test_the_test_button_does_nothing_without_a_callback(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    dispatcher.press_test()
    async with asyncio.timeout(5):
        await dispatcher.idle()


async def test_a_message_is_followed_to_read(graph: Graph, dispatcher: EventDispatcher) -> None:
    letter = OutboundMessage("wamid.TWO", Customer())
    async with listening(graph) as server:
        dispatcher.follow(graph.meta.test_number, letter)
        await dispatcher.idle()
    assert words(server) == ["sent", "delivered", "read"]


def words(server: Server) -> list[str]:
    return [value(request)["statuses"][0]["status"] for request in server.requests]


async def test_our_endpoint_takes_everything_that_is_sent_as_signed(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    trouble = SendError(131026, "Message undeliverable", "Message Undeliverable.")
    number = graph.meta.test_number
    parts = [
        payloads.text("halo 🌶 a/b"),
        payloads.image("the menu"),
        payloads.reaction("👍", "wamid.TWO"),
        payloads.button("Yes", "wamid.TWO", "15550142233"),
        payloads.location(-6.2, 106.8, "Pasar Baru", "Jakarta"),
        payloads.unsupported(),
    ]
    async with Endpoint(Secret("token"), graph.meta.app.secret) as endpoint:
        record(graph, endpoint.local_url)
        for part in parts:
            dispatcher.inbound_message(part)
        dispatcher.press_test()
        await dispatcher.idle()
        dispatcher.follow(number, OutboundMessage("wamid.TWO", Customer()))
        await dispatcher.idle()
        dispatcher.follow(number, OutboundMessage("wamid.THREE", Customer()), trouble)
        await dispatcher.idle()
        told = [await taken(endpoint) for _ in range(len(parts) + 5)]
    assert [kind(event) for event in told] == [
        *(part["type"] for part in parts),
        "text",
        "sent",
        "delivered",
        "read",
        "failed",
    ]
    assert endpoint.repeated == 0


async def taken(endpoint: Endpoint) -> WebhookEvent:
    async with asyncio.timeout(5):
        received = await anext(endpoint.received)
    assert isinstance(received, Delivery)
    assert received.signature == "valid"
    (event,) = received.events
    return event


def kind(event: WebhookEvent) -> str:
    assert isinstance(event, InboundMessage | StatusUpdate)
    return event.kind if isinstance(event, InboundMessage) else event.status


async def test_an_endpoint_with_another_apps_secret_takes_nothing(
    graph: Graph, dispatcher: EventDispatcher
) -> None:
    async with Endpoint(Secret("token"), graph.meta.other_app.secret) as endpoint:
        record(graph, endpoint.local_url)
        dispatcher.pauses = ()
        dispatcher.inbound_text("halo")
        await dispatcher.idle()
        async with asyncio.timeout(5):
            received = await anext(endpoint.received)
    assert not isinstance(received, Delivery)
