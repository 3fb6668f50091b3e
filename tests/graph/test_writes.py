"""What is written at Graph: sent once, in the body, and within its limit."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import quote

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
from tests.loopback import Answer, Request, Serve
from tests.tables import each_line
from wizard.graph import Graph, GraphError, Reason, parse_callback_failure
from wizard.graph.transport import Transport
from wizard.values.credentials import Secret

URL = "https://calm-otter.example/webhook"
VERIFY = Secret("verifyTokenOfTheTests")
DONE = reply({"success": True})
APP_TOKEN = f"Bearer {APP_ID}|{APP_SECRET.reveal()}"
USER_TOKEN = f"Bearer {TOKEN.reveal()}"

Write = Callable[[Graph], Awaitable[None]]
HOOK = {"override_callback_uri": URL, "verify_token": VERIFY.reveal()}
APP_HOOK = {
    "object": "whatsapp_business_account",
    "callback_url": URL,
    "fields": "messages",
    "verify_token": VERIFY.reveal(),
}


@dataclass(frozen=True)
class Wanted:
    """What a write is to send, and to whom."""

    write: Write
    path: str
    token: str
    form: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict)


WRITES = {
    "set_app": Wanted(
        lambda graph: graph.callbacks.set_app_subscription(APP_ID, APP_SECRET, URL, VERIFY),
        f"/v25.0/{APP_ID}/subscriptions",
        APP_TOKEN,
        form=APP_HOOK,
    ),
    "remove_app": Wanted(
        lambda graph: graph.callbacks.delete_app_subscription(APP_ID, APP_SECRET),
        f"/v25.0/{APP_ID}/subscriptions",
        APP_TOKEN,
        method="DELETE",
        query={"object": "whatsapp_business_account"},
    ),
    "subscribe": Wanted(
        lambda graph: graph.callbacks.subscribe(WABA_ID, TOKEN),
        f"/v25.0/{WABA_ID}/subscribed_apps",
        USER_TOKEN,
        body={},
    ),
    "override": Wanted(
        lambda graph: graph.callbacks.subscribe(WABA_ID, TOKEN, URL, VERIFY),
        f"/v25.0/{WABA_ID}/subscribed_apps",
        USER_TOKEN,
        body=HOOK,
    ),
    "set_number": Wanted(
        lambda graph: graph.callbacks.set_phone_override(NUMBER_ID, TOKEN, URL, VERIFY),
        f"/v25.0/{NUMBER_ID}",
        USER_TOKEN,
        body={"webhook_configuration": HOOK},
    ),
    "clear_number": Wanted(
        lambda graph: graph.callbacks.clear_phone_override(NUMBER_ID, TOKEN),
        f"/v25.0/{NUMBER_ID}",
        USER_TOKEN,
        body={"webhook_configuration": {"override_callback_uri": ""}},
    ),
}
EVERY = pytest.mark.parametrize("wanted", WRITES.values(), ids=WRITES)


@EVERY
async def test_a_write_says_all_in_its_body_and_who_asks_in_its_header(
    wanted: Wanted, serve: Serve, connect: Connect
) -> None:
    server = await serve(DONE)
    await wanted.write(connect(server.url))
    (request,) = server.requests
    assert (request.method, request.target.partition("?")[0]) == (wanted.method, wanted.path)
    assert request.headers["authorization"] == wanted.token
    assert request.query == wanted.query
    if wanted.body is None:
        assert request.form == wanted.form
    else:
        assert request.headers["content-type"] == "application/json"
        assert json.loads(request.body) == wanted.body


async def test_the_fields_of_a_subscription_are_one_list(serve: Serve, connect: Connect) -> None:
    server = await serve(DONE)
    fields = ("account_alerts", "messages")
    await connect(server.url).callbacks.set_app_subscription(
        APP_ID, APP_SECRET, URL, VERIFY, fields
    )
    assert server.requests[0].form["fields"] == "account_alerts,messages"


@EVERY
@pytest.mark.parametrize("answer", [refusal(2, "Try later.", 500), b""])
async def test_a_write_is_never_sent_twice(
    wanted: Wanted, answer: bytes, serve: Serve, connect: Connect
) -> None:
    server = await serve(answer)
    with pytest.raises(GraphError):
        await wanted.write(connect(server.url))
    assert len(server.requests) == 1


async def test_a_write_waits_for_the_call_that_meta_makes_meanwhile(
    serve: Serve, connect: Connect
) -> None:
    async def late(_: Request) -> AsyncIterator[bytes]:
        await asyncio.sleep(0.4)
        yield DONE

    server = await serve(late)
    await connect(server.url, limit=0.2).callbacks.subscribe(WABA_ID, TOKEN)
    assert len(server.requests) == 1


async def test_a_write_waits_ten_seconds_longer_than_a_question_and_no_more(
    serve: Serve, connect: Connect
) -> None:
    async def never(_: Request) -> AsyncIterator[bytes]:
        await asyncio.Event().wait()
        yield DONE

    server = await serve(never)
    with pytest.raises(GraphError) as caught:
        await connect(server.url, limit=-9.75).callbacks.subscribe(WABA_ID, TOKEN)
    assert caught.value.reason is Reason.TIMEOUT
    assert caught.value.message == "No response within 0.25 seconds."


@EVERY
async def test_an_app_that_demands_a_proof_gets_one_with_a_write_too(
    wanted: Wanted, serve: Serve, connect: Connect
) -> None:
    demand = refusal(100, "API calls from the server require an appsecret_proof argument")
    server = await serve(demand, DONE)
    await wanted.write(connect(server.url, secret=APP_SECRET))
    key, token = APP_SECRET.reveal().encode(), wanted.token.removeprefix("Bearer ").encode()
    proof = {"appsecret_proof": hmac.new(key, token, hashlib.sha256).hexdigest()}
    _, request = server.requests
    if wanted.body is not None:
        assert json.loads(request.body) == {**cast("dict[str, object]", wanted.body), **proof}
    elif wanted.method == "POST":
        assert request.form == {**wanted.form, **proof}
    else:
        assert request.query == {**wanted.query, **proof}


ODD = Secret('ab/cd"ef<gh+ij kl')
TELLING: dict[str, Write] = {
    "set_app": lambda graph: graph.callbacks.set_app_subscription(APP_ID, APP_SECRET, URL, ODD),
    "override": lambda graph: graph.callbacks.subscribe(WABA_ID, TOKEN, URL, ODD),
    "set_number": lambda graph: graph.callbacks.set_phone_override(NUMBER_ID, TOKEN, URL, ODD),
}


def heard(request: Request) -> str:
    """All that the server knows: the body as it came and as it was meant, and the token."""
    bearer = request.headers["authorization"].removeprefix("Bearer ")
    meant = [ODD.reveal(), quote(ODD.reveal(), safe=""), json.dumps(ODD.reveal())]
    escaped = json.dumps(ODD.reveal()).replace("/", r"\/").replace("<", r"\u003C")
    return " ".join([request.body.decode(), *request.form.values(), bearer, *meant, escaped])


ECHOES: dict[str, Answer] = {
    "message": lambda request: refusal(2200, heard(request)),
    "body": lambda request: refusal(2201, f'no match, received="{heard(request)}"'),
    "words for people": lambda request: refusal(100, "Bad", error_user_msg=heard(request)),
    "page": lambda request: reply(heard(request).encode(), content_type="text/html"),
    "redirect": lambda request: reply(b"", 302, location=f"/{heard(request)}"),
    "header": lambda request: refusal(2200, "No", www_authenticate=heard(request)),
}
SECRETS = (
    *(TOKEN.reveal(), APP_SECRET.reveal(), ODD.reveal()),
    *('ab/cd"', r"ab\/cd", r"cd\"ef", "ab%2Fcd", "gh+ij kl", "gh%2Bij"),
)


@each_line("write", TELLING.values(), ids=TELLING)
@each_line("echo", ECHOES.values(), ids=ECHOES)
async def test_what_a_server_echoes_of_a_write_stays_out_of_addresses_errors_and_logs(
    write: Write,
    echo: Answer,
    serve: Serve,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
) -> None:
    for logger in ("", "httpx", "httpcore", "wizard", "asyncio"):
        caplog.set_level(logging.DEBUG, logger=logger)
    server = await serve(echo)
    with pytest.raises(GraphError) as caught:
        await write(connect(server.url))
    error = caught.value
    told = "".join(traceback.format_exception(error))
    shown = " ".join([str(error), repr(error), repr(vars(error)), error.evidence, told])
    shown += f"{caplog.text} {server.requests[0].target} {parse_callback_failure(error)}"
    assert not [secret for secret in SECRETS if secret in shown]


async def test_a_write_that_succeeds_leaves_no_secret_in_the_log(
    serve: Serve, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    server = await serve(DONE)
    for write in TELLING.values():
        await write(connect(server.url))
    assert len(server.requests) == len(TELLING)
    assert not [secret for secret in SECRETS if secret in caplog.text]


async def test_what_is_posted_as_json_may_hold_secrets_anywhere(serve: Serve) -> None:
    server = await serve(refusal(100, f"No {VERIFY.reveal()}"))
    transport = Transport(server.url, "v25.0")
    body = {"to": "15550100", "list": [{"token": VERIFY}, 7], "flag": True}
    with pytest.raises(GraphError) as caught:
        await transport.post("1/messages", json=body, token=TOKEN)
    await transport.close()
    (request,) = server.requests
    sent = {"to": "15550100", "list": [{"token": VERIFY.reveal()}, 7], "flag": True}
    assert json.loads(request.body) == sent
    assert VERIFY.reveal() not in caught.value.evidence


async def test_a_delete_may_hold_secrets(serve: Serve) -> None:
    server = await serve(DONE)
    transport = Transport(server.url, "v25.0")
    await transport.delete("1/list", {"a": "b"}, token=TOKEN, secrets={"c": VERIFY})
    await transport.close()
    assert server.requests[0].query == {"a": "b", "c": VERIFY.reveal()}
