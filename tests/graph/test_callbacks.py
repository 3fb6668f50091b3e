"""Graph's record of webhooks, and Meta's verdict on a callback."""

from __future__ import annotations

import pytest

from tests.graph.conftest import APP_ID, APP_SECRET, NUMBER_ID, TOKEN, WABA_ID, Connect, reply
from tests.loopback import Serve
from wizard.graph import GraphError, Reason
from wizard.graph.callbacks import SubscribedApp, Subscription, Verdict, verdict
from wizard.graph.errors import error_from

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
    record = await connect(server.url).callbacks.of_app(APP_ID, APP_SECRET)
    url = "https://a.example/webhook"
    assert record == Subscription(
        "whatsapp_business_account", url, active=True, fields=frozenset({"messages"})
    )


@pytest.mark.parametrize("data", [[], [PAGE], [None, "odd"]])
async def test_an_app_without_a_webhook_for_whatsapp_has_none(
    data: list[object], serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"data": data}))
    assert await connect(server.url).callbacks.of_app(APP_ID, APP_SECRET) is None


async def test_fields_may_be_plain_names_and_a_hook_may_be_switched_off(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"data": [OURS | {"fields": ["messages"], "active": False}]}))
    record = await connect(server.url).callbacks.of_app(APP_ID, APP_SECRET)
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
    assert await connect(server.url).callbacks.apps_of(WABA_ID, TOKEN) == (
        SubscribedApp(APP_ID, "my-app"),
        SubscribedApp("9", "other", "https://b.example/hook"),
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"webhook_configuration": {"application": "https://a"}}, {"application": "https://a"}),
        ({"id": NUMBER_ID}, {}),
        ({"webhook_configuration": "odd"}, {}),
    ],
)
async def test_the_callbacks_in_force_are_told_by_level(
    body: dict[str, object], expected: dict[str, str], serve: Serve, connect: Connect
) -> None:
    server = await serve(reply(body))
    assert await connect(server.url).callbacks.in_force(NUMBER_ID, TOKEN) == expected


async def test_a_list_without_data_is_no_answer_of_graphs(serve: Serve, connect: Connect) -> None:
    server = await serve(reply({"subscriptions": []}))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).callbacks.of_app(APP_ID, APP_SECRET)
    assert caught.value.reason is Reason.NOT_JSON


HEAD = "(#2200) Callback verification failed with the following errors: "
SAID = {
    HEAD + "HTTP Status Code = 403; HTTP Message = Forbidden": Verdict(status=403),
    HEAD + "HTTP Status Code = 502; HTTP Message = Bad Gateway": Verdict(status=502),
    HEAD + "curl_errno = 28; curl_error = Operation timed out after 6000 milliseconds with 0 bytes"
    " received; HTTP Status Code = 200; HTTP Message = Connection established": Verdict(
        curl=28, curl_text="Operation timed out after 6000 milliseconds with 0 bytes received"
    ),
    HEAD + "curl_errno = 47; curl_error = Maximum (2) redirects followed; HTTP Status Code = 302;"
    " HTTP Message = Found": Verdict(curl=47, curl_text="Maximum (2) redirects followed"),
    HEAD + "curl_errno = 56; curl_error = Received HTTP code 403 from proxy after CONNECT; HTTP"
    " Status Code = 403; HTTP Message = Forbidden": Verdict(
        curl=56, curl_text="Received HTTP code 403 from proxy after CONNECT"
    ),
    '(#2201) response does not match challenge, expected value="1158201444", received="<html>'
    '"oops"</html>"': Verdict(received='<html>"oops"</html>'),
    '(#2201) response does not match challenge, expected value="1158201444", received=""': Verdict(
        received=""
    ),
    "(#2200) Something that nobody recorded": Verdict(),
}


@pytest.mark.parametrize("message", SAID)
def test_metas_verdict_is_read_from_its_sentence(message: str) -> None:
    code = int(message[2:6])
    error = error_from(400, {"message": message, "type": "OAuthException", "code": code})
    assert error.reason is Reason.CALLBACK_REFUSED
    assert verdict(error) == SAID[message]


def test_another_error_is_no_verdict_on_a_callback() -> None:
    assert verdict(error_from(400, {"message": "(#100) No", "code": 100})) is None
