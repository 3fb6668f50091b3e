"""Graph's record of webhooks, and Meta's verdict on a callback."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.graph.conftest import APP_ID, APP_SECRET, NUMBER_ID, TOKEN, WABA_ID, Connect, reply
from tests.loopback import Serve
from tests.tables import each_line
from wizard.graph import (
    CallbackFailure,
    GraphError,
    Reason,
    SubscribedApp,
    Subscription,
    parse_callback_failure,
)
from wizard.graph.errors import error_from
from wizard.values.credentials import Secret

OURS = {
    "object": "whatsapp_business_account",
    "callback_url": "https://a.example/webhook",
    "active": True,
    "fields": [{"name": "messages", "version": "v25.0"}],
}
PAGE = {"object": "page", "callback_url": "https://a.example/page", "active": True, "fields": []}


async def test_of_several_subscriptions_that_of_whatsapp_counts(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"data": [PAGE, OURS]}))
    record = await connect(server.url).callbacks.get_app_subscription(APP_ID, APP_SECRET)
    url = "https://a.example/webhook"
    assert record == Subscription(
        "whatsapp_business_account", url, active=True, fields=frozenset({"messages"})
    )


@each_line("data", [[], [PAGE], [None, "odd"]])
async def test_an_app_without_a_webhook_for_whatsapp_has_none(
    data: list[object], serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"data": data}))
    assert await connect(server.url).callbacks.get_app_subscription(APP_ID, APP_SECRET) is None


async def test_fields_may_be_plain_names_and_a_hook_may_be_switched_off(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"data": [OURS | {"fields": ["messages"], "active": False}]}))
    record = await connect(server.url).callbacks.get_app_subscription(APP_ID, APP_SECRET)
    assert record is not None
    assert (record.active, record.fields) == (False, frozenset({"messages"}))


async def test_the_apps_of_an_account_come_with_their_overrides(
    serve: Serve, connect: Connect
) -> None:
    own = {"whatsapp_business_api_data": {"id": APP_ID, "name": "my-app", "link": "x"}}
    other = {
        "whatsapp_business_api_data": {"id": "9", "name": "other"},
        "override_callback_uri": "https://b.example/hook",
    }
    server = await serve(reply({"data": [own, other]}))
    assert await connect(server.url).callbacks.list_subscribed_apps(WABA_ID, TOKEN) == (
        SubscribedApp(APP_ID, "my-app"),
        SubscribedApp("9", "other", "https://b.example/hook"),
    )


@each_line(
    ("body", "expected"),
    [
        ({"webhook_configuration": {"application": "https://a"}}, {"application": "https://a"}),
        ({"webhook_configuration": {"application": "", "phone_number": None}}, {}),
        ({"id": NUMBER_ID}, {}),
        ({"webhook_configuration": "odd"}, {}),
    ],
)
async def test_the_callbacks_in_force_are_told_by_level(
    body: dict[str, object], expected: dict[str, str], serve: Serve, connect: Connect
) -> None:
    server = await serve(reply(body))
    assert (
        await connect(server.url).callbacks.get_webhook_configuration(NUMBER_ID, TOKEN) == expected
    )


async def test_a_list_without_data_is_no_answer_of_graphs(serve: Serve, connect: Connect) -> None:
    server = await serve(reply({"subscriptions": []}))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).callbacks.get_app_subscription(APP_ID, APP_SECRET)
    assert caught.value.reason is Reason.NOT_JSON


HEAD = "(#2200) Callback verification failed with the following errors: "
TAIL = "; HTTP Status Code = 200; HTTP Message = Connection established"
OTHER = '(#2201) response does not match challenge, expected value="1158201444", received='


def met(status: int, message: str) -> str:
    return f"{HEAD}HTTP Status Code = {status}; HTTP Message = {message}"


def curl(number: int, text: str, tail: str = "") -> str:
    return f"{HEAD}curl_errno = {number}; curl_error = {text}{tail}"


TIMED_OUT = "Operation timed out after 6000 milliseconds with 0 bytes received"
NO_NAME = "SSL: no alternative certificate subject name matches target host name 'www.a.example'"
FORBIDDEN = "; HTTP Status Code = 403; HTTP Message = Forbidden"
REFUSED = "Received HTTP code 403 from proxy after CONNECT"
FOUND = "; HTTP Status Code = 302; HTTP Message = Found"
SAID = {
    met(400, "Bad Request"): CallbackFailure(status=400),
    met(401, "Unauthorized"): CallbackFailure(status=401),
    met(402, "Payment Required"): CallbackFailure(status=402),
    met(403, "Forbidden"): CallbackFailure(status=403),
    met(404, "Not Found"): CallbackFailure(status=404),
    met(405, "Method Not Allowed"): CallbackFailure(status=405),
    met(500, "Internal Server Error"): CallbackFailure(status=500),
    met(502, "Bad Gateway"): CallbackFailure(status=502),
    met(301, "Moved Permanently"): CallbackFailure(status=301),
    met(404, "curl_errno = 28 does not match challenge"): CallbackFailure(status=404),
    curl(6, "Could not resolve host: a.example"): CallbackFailure(
        curl=6, curl_text="Could not resolve host: a.example"
    ),
    curl(7, "Failed to connect to a.example port 443: Connection refused"): CallbackFailure(
        curl=7, curl_text="Failed to connect to a.example port 443: Connection refused"
    ),
    curl(28, TIMED_OUT, TAIL): CallbackFailure(curl=28, curl_text=TIMED_OUT),
    curl(35, "Encountered end of file", TAIL): CallbackFailure(
        curl=35, curl_text="Encountered end of file"
    ),
    curl(51, NO_NAME, TAIL): CallbackFailure(curl=51, curl_text=NO_NAME),
    curl(60, "SSL certificate problem; chain", TAIL): CallbackFailure(
        curl=60, curl_text="SSL certificate problem; chain"
    ),
    curl(47, "Maximum (2) redirects followed", FOUND): CallbackFailure(
        curl=47, curl_text="Maximum (2) redirects followed"
    ),
    curl(56, REFUSED, FORBIDDEN): CallbackFailure(curl=56, curl_text=REFUSED),
    HEAD + "curl_errno = 7": CallbackFailure(curl=7),
    HEAD + "curl_errno=0; http status code: 503": CallbackFailure(status=503),
    OTHER + '""': CallbackFailure(received=""),
    OTHER + '"0"': CallbackFailure(received="0"),
    OTHER + '"OK"': CallbackFailure(received="OK"),
    OTHER + r'"\"1158201444\""': CallbackFailure(received='"1158201444"'),
    OTHER + '""1158201444""': CallbackFailure(received='"1158201444"'),
    OTHER + '"<html>"oops"</html>"': CallbackFailure(received='<html>"oops"</html>'),
    OTHER + r'"\u003C!DOCTYPE html>\n\u003Ch..."': CallbackFailure(
        received="<!DOCTYPE html> <h..."
    ),
    OTHER + r'"{\"version\":{\"major\":..."': CallbackFailure(received='{"version":{"major":...'),
    OTHER + r'"curl_errno = 28 \u001b[2J"': CallbackFailure(received="curl_errno = 28  [2J"),
    OTHER + r'"half a smile \ud83d..."': CallbackFailure(received="half a smile  ..."),
    OTHER + '"OK" Try again.': CallbackFailure(received="OK"),
    "(#2201) response does not match challenge": CallbackFailure(),
    "(#2200) Something that nobody recorded": CallbackFailure(),
}


@each_line("message", SAID)
def test_metas_verdict_is_read_from_its_sentence(message: str) -> None:
    code = int(message[2:6])
    error = error_from(400, {"message": message, "type": "OAuthException", "code": code})
    assert error.reason is Reason.CALLBACK_REFUSED
    assert parse_callback_failure(error) == replace(SAID[message], said=message)


def test_of_a_body_that_is_a_whole_page_the_beginning_is_kept() -> None:
    error = error_from(400, {"message": f'{OTHER}"{"<p>long</p>" * 500}"', "code": 2201})
    told = parse_callback_failure(error)
    assert told is not None
    assert (told.received or "").startswith("<p>long</p><p>long</p>")


@each_line("token", ["hunter2/hunter3", 'a"b/c<d e+f', "curl", "received", "HTTP"])
def test_a_verdict_outlives_the_loss_of_a_verify_token_that_it_repeats(token: str) -> None:
    written = json.dumps(token)[1:-1].replace("/", r"\/").replace("<", r"\u003C")
    said = {curl(28, f"no answer from /{token}", TAIL): 28, f'{OTHER}"{written}"': None}
    for message, number in said.items():
        error = error_from(400, {"message": message, "code": 2200}, [Secret(token)])
        told = parse_callback_failure(error)
        assert told is not None
        assert told.curl == number
        assert token not in f"{error} {error.evidence} {told.curl_text} {told.received}"


def test_another_error_is_no_verdict_on_a_callback() -> None:
    assert parse_callback_failure(error_from(400, {"message": "(#100) No", "code": 100})) is None


def test_an_override_without_a_subscription_has_a_reason_of_its_own() -> None:
    said = (
        "(#100) Before override the current callback uri, your app must be subscribed to receive"
        " messages for WhatsApp Business Account"
    )
    error = error_from(400, {"message": said, "type": "OAuthException", "code": 100})
    assert error.reason is Reason.NEEDS_SUBSCRIPTION
