"""What is written at Graph: sent once, in the body, and within its limit."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.graph.conftest import (
    APP_ID,
    APP_SECRET,
    NUMBER_ID,
    TOKEN,
    WABA_ID,
    Connect,
    refusal,
    reply,
)
from tests.loopback import Request, Serve
from wizard.credentials import Secret
from wizard.graph import Graph, GraphError, Reason

URL = "https://calm-otter.example/webhook"
VERIFY = Secret("verifyTokenOfTheTests")
DONE = reply({"success": True})
APP_TOKEN = f"Bearer {APP_ID}|{APP_SECRET.reveal()}"
USER_TOKEN = f"Bearer {TOKEN.reveal()}"

Write = Callable[[Graph], Awaitable[None]]
WRITES: dict[str, tuple[Write, str, str, str, dict[str, str]]] = {
    "set_app": (
        lambda graph: graph.callbacks.set_app(APP_ID, APP_SECRET, URL, VERIFY),
        "POST",
        f"/v25.0/{APP_ID}/subscriptions",
        APP_TOKEN,
        {
            "object": "whatsapp_business_account",
            "callback_url": URL,
            "fields": "messages",
            "verify_token": VERIFY.reveal(),
        },
    ),
    "subscribe": (
        lambda graph: graph.callbacks.subscribe(WABA_ID, TOKEN),
        "POST",
        f"/v25.0/{WABA_ID}/subscribed_apps",
        USER_TOKEN,
        {},
    ),
    "override": (
        lambda graph: graph.callbacks.subscribe(WABA_ID, TOKEN, URL, VERIFY),
        "POST",
        f"/v25.0/{WABA_ID}/subscribed_apps",
        USER_TOKEN,
        {"override_callback_uri": URL, "verify_token": VERIFY.reveal()},
    ),
    "set_number": (
        lambda graph: graph.callbacks.set_number(NUMBER_ID, TOKEN, URL, VERIFY),
        "POST",
        f"/v25.0/{NUMBER_ID}",
        USER_TOKEN,
        {
            "webhook_configuration[override_callback_uri]": URL,
            "webhook_configuration[verify_token]": VERIFY.reveal(),
        },
    ),
    "clear_number": (
        lambda graph: graph.callbacks.clear_number(NUMBER_ID, TOKEN),
        "POST",
        f"/v25.0/{NUMBER_ID}",
        USER_TOKEN,
        {"webhook_configuration[override_callback_uri]": ""},
    ),
}


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_says_all_in_its_body_and_who_asks_in_its_header(
    name: str, serve: Serve, connect: Connect
) -> None:
    write, method, path, token, form = WRITES[name]
    server = await serve(DONE)
    await write(connect(server.url))
    (request,) = server.requests
    assert (request.method, request.target) == (method, path)
    assert request.headers["authorization"] == token
    assert request.form == form


async def test_a_callback_is_taken_away_by_a_delete(serve: Serve, connect: Connect) -> None:
    server = await serve(DONE)
    await connect(server.url).callbacks.remove_app(APP_ID, APP_SECRET)
    (request,) = server.requests
    assert request.method == "DELETE"
    assert request.query == {"object": "whatsapp_business_account"}


async def test_the_fields_of_a_subscription_are_one_list(serve: Serve, connect: Connect) -> None:
    server = await serve(DONE)
    fields = ("account_alerts", "messages")
    await connect(server.url).callbacks.set_app(APP_ID, APP_SECRET, URL, VERIFY, fields)
    assert server.requests[0].form["fields"] == "account_alerts,messages"


@pytest.mark.parametrize("answer", [refusal(2, "Try later.", 500), b""])
async def test_a_write_is_never_sent_twice(answer: bytes, serve: Serve, connect: Connect) -> None:
    server = await serve(answer)
    with pytest.raises(GraphError):
        await connect(server.url).callbacks.subscribe(WABA_ID, TOKEN)
    assert len(server.requests) == 1


async def test_a_write_waits_for_the_call_that_meta_makes_meanwhile(
    serve: Serve, connect: Connect
) -> None:
    async def late(_: Request) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.4)
        yield DONE

    server = await serve(late)
    await connect(server.url, limit=0.2).callbacks.subscribe(WABA_ID, TOKEN)


async def test_an_app_that_demands_a_proof_gets_one_with_a_write_too(
    serve: Serve, connect: Connect
) -> None:
    demand = refusal(100, "API calls from the server require an appsecret_proof argument")
    server = await serve(demand, DONE)
    graph = connect(server.url, secret=APP_SECRET)
    await graph.callbacks.subscribe(WABA_ID, TOKEN, URL, VERIFY)
    key, text = APP_SECRET.reveal().encode(), TOKEN.reveal().encode()
    expected = hmac.new(key, text, hashlib.sha256).hexdigest()
    assert server.requests[1].form["appsecret_proof"] == expected
    assert server.requests[1].form["override_callback_uri"] == URL


@pytest.mark.parametrize("name", WRITES)
async def test_no_secret_stands_in_an_address_or_an_error(
    name: str, serve: Serve, connect: Connect
) -> None:
    write, *_ = WRITES[name]
    said = f"No {VERIFY.reveal()} {TOKEN.reveal()} {APP_SECRET.reveal()}"
    server = await serve(refusal(2200, said))
    with pytest.raises(GraphError) as caught:
        await write(connect(server.url))
    secrets = [VERIFY.reveal(), TOKEN.reveal(), APP_SECRET.reveal()]
    sent = server.requests[0].form.values()
    shown = [str(caught.value), repr(caught.value), caught.value.evidence]
    assert not [value for value in secrets if value in server.requests[0].target]
    used = [value for value in secrets if value in sent or value in WRITES[name][3]]
    assert not [value for value in used if any(value in text for text in shown)]
    assert caught.value.reason is Reason.CALLBACK_REFUSED
