"""Each question to Graph: what goes out, and what is made of the reply."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable

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
from tests.tables import each_line
from wizard.graph import Graph, GraphError, Reason
from wizard.values.credentials import Secret

NUMBER = {
    "id": NUMBER_ID,
    "display_phone_number": "+1 555-010-0001",
    "verified_name": "Demo Shop",
    "quality_rating": "GREEN",
    "code_verification_status": "VERIFIED",
    "platform_type": "CLOUD_API",
    "status": "CONNECTED",
    "account_mode": "LIVE",
}
WABA = {"id": WABA_ID, "name": "Demo", "account_review_status": "APPROVED", "status": "ACTIVE"}
ALIVE = {
    "data": {
        "app_id": APP_ID,
        "type": "SYSTEM_USER",
        "application": "Demo App",
        "expires_at": 0,
        "is_valid": True,
        "scopes": ["whatsapp_business_management", "whatsapp_business_messaging"],
        "granular_scopes": [
            {"scope": "whatsapp_business_management", "target_ids": [WABA_ID]},
            {"scope": "whatsapp_business_messaging", "target_ids": [WABA_ID]},
        ],
    }
}
EXPIRED = {
    "data": {
        "app_id": APP_ID,
        "is_valid": False,
        "scopes": [],
        "error": {
            "code": 190,
            "subcode": 463,
            "message": "Error validating access token: Session has expired on Monday.",
        },
    }
}
NEEDS_PROOF = "API calls from the server require an appsecret_proof argument"


def no_field(name: str, kind: str) -> bytes:
    message = f"(#100) Tried accessing nonexisting field ({name}) on node type ({kind})"
    return refusal(100, message)


async def test_a_pair_of_app_id_and_secret_is_matched_without_any_token(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"access_token": "APPTOKEN-OPAQUE", "token_type": "bearer"}))
    await connect(server.url).check_app_secret(APP_ID, APP_SECRET)
    (request,) = server.requests
    assert request.path == "/v25.0/oauth/access_token"
    assert request.query == {
        "client_id": APP_ID,
        "client_secret": APP_SECRET.reveal(),
        "grant_type": "client_credentials",
    }
    assert "authorization" not in request.headers


async def test_a_match_that_brings_no_app_token_is_no_match(serve: Serve, connect: Connect) -> None:
    server = await serve(reply({"success": True}))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).check_app_secret(APP_ID, APP_SECRET)
    assert caught.value.reason is Reason.NOT_JSON


@each_line(
    ("second", "reason"),
    [
        (reply({"id": APP_ID}), None),
        (reply({"id": "999"}), Reason.REFUSED),
        (refusal(190, "Invalid OAuth access token signature."), Reason.SECRET_MISMATCH),
        (refusal(4, "Too many calls"), Reason.REFUSED),
    ],
)
async def test_where_there_is_no_such_question_the_pair_reads_the_app_instead(
    serve: Serve, connect: Connect, second: bytes, reason: Reason | None
) -> None:
    server = await serve(refusal(2500, "Unknown path components: /access_token"), second)
    asked = connect(server.url).check_app_secret(APP_ID, APP_SECRET)
    if reason is None:
        await asked
    else:
        with pytest.raises(GraphError) as caught:
            await asked
        assert caught.value.reason is reason
    assert server.requests[1].path == f"/v25.0/{APP_ID}"
    assert server.requests[1].headers["authorization"] == f"Bearer {APP_ID}|{APP_SECRET.reveal()}"


async def test_a_wrong_pair_needs_no_second_opinion(serve: Serve, connect: Connect) -> None:
    server = await serve(refusal(1, "Error validating client secret."))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).check_app_secret(APP_ID, APP_SECRET)
    assert caught.value.reason is Reason.SECRET_MISMATCH
    assert len(server.requests) == 1


async def test_a_token_is_inspected_by_its_app(serve: Serve, connect: Connect) -> None:
    server = await serve(reply(ALIVE))
    info = await connect(server.url).debug_token(TOKEN, APP_ID, APP_SECRET)
    (request,) = server.requests
    assert request.path == "/v25.0/debug_token"
    assert request.headers["authorization"] == f"Bearer {APP_ID}|{APP_SECRET.reveal()}"
    assert request.query == {"input_token": TOKEN.reveal()}
    assert info.error is None
    assert (info.app_id, info.app_name, info.kind) == (APP_ID, "Demo App", "SYSTEM_USER")
    assert info.granted == {WABA_ID}
    assert info.lifetime == "system user"


@each_line(("app_id", "secret"), [(None, APP_SECRET), (APP_ID, None), (None, None)])
async def test_without_the_whole_pair_a_token_inspects_itself(
    serve: Serve, connect: Connect, app_id: str | None, secret: Secret | None
) -> None:
    server = await serve(reply(ALIVE))
    await connect(server.url).debug_token(TOKEN, app_id, secret)
    assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN.reveal()}"


async def test_a_dead_token_is_a_fact_and_no_error(serve: Serve, connect: Connect) -> None:
    server = await serve(reply(EXPIRED))
    info = await connect(server.url).debug_token(TOKEN, APP_ID, APP_SECRET)
    assert info.error is not None
    assert info.error.reason is Reason.TOKEN_EXPIRED
    assert info.error.evidence.startswith("Graph: 190/463, Error validating")


async def test_the_app_of_a_token_is_asked_with_the_token_alone(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"id": APP_ID, "name": "Demo App"}))
    assert await connect(server.url).own_app(TOKEN) == (APP_ID, "Demo App")
    (request,) = server.requests
    assert request.path == "/v25.0/app"
    assert request.headers["authorization"] == f"Bearer {TOKEN.reveal()}"
    assert TOKEN.reveal() not in request.target


async def test_an_account_is_read_by_name_and_standing(serve: Serve, connect: Connect) -> None:
    server = await serve(reply(WABA))
    waba = await connect(server.url).waba(WABA_ID, TOKEN)
    assert (waba.id, waba.name, waba.review, waba.status) == (WABA_ID, "Demo", "APPROVED", "ACTIVE")
    assert waba.health.problems == ()
    assert server.requests[0].path == f"/v25.0/{WABA_ID}"


async def test_a_number_that_is_shown_as_an_account_is_told_apart(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply(NUMBER))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).waba(NUMBER_ID, TOKEN)
    assert caught.value.kind == "WhatsAppBusinessPhoneNumber"


async def test_the_accounts_of_a_portfolio_are_listed(serve: Serve, connect: Connect) -> None:
    server = await serve(reply({"data": [{"id": WABA_ID, "name": "Demo"}, {"id": 5}]}))
    accounts = await connect(server.url).accounts("99", TOKEN)
    assert [(account.id, account.name) for account in accounts] == [(WABA_ID, "Demo"), ("5", "")]
    assert server.requests[0].path == "/v25.0/99/owned_whatsapp_business_accounts"


async def test_a_number_is_read_with_all_that_tells_whether_it_can_send(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply(NUMBER))
    number = await connect(server.url).number(NUMBER_ID, TOKEN)
    assert number.about == "+1 555-010-0001 (Demo Shop)"
    assert (number.status, number.platform, number.verification) == (
        "CONNECTED",
        "CLOUD_API",
        "VERIFIED",
    )
    assert not number.is_test
    asked = server.requests[0].query["fields"].split(",")
    assert {"display_phone_number", "status", "platform_type", "account_mode"} <= set(asked)


async def test_an_object_without_a_phone_number_is_no_number(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"id": NUMBER_ID, "name": "A page"}))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).number(NUMBER_ID, TOKEN)
    assert caught.value.reason is Reason.NOT_FOUND


async def test_every_page_of_the_numbers_is_read(serve: Serve, connect: Connect) -> None:
    def page(request: Request) -> bytes:
        at = int(request.query.get("after", "0"))
        entries = [{**NUMBER, "id": f"{at}{n}"} for n in range(2)]
        following = f"http://elsewhere.invalid/?after={at + 1}"
        paging = {"cursors": {"after": str(at + 1)}} | ({"next": following} if at < 2 else {})
        return reply({"data": entries, "paging": paging})

    server = await serve(page)
    numbers = await connect(server.url).numbers(WABA_ID, TOKEN)
    assert [number.id for number in numbers] == ["00", "01", "10", "11", "20", "21"]
    assert [request.query.get("after") for request in server.requests] == [None, "1", "2"]


async def test_a_list_that_never_ends_is_left_after_a_while(serve: Serve, connect: Connect) -> None:
    paging = {"cursors": {"after": "again"}, "next": "http://elsewhere.invalid/"}
    server = await serve(reply({"data": [NUMBER], "paging": paging}))
    numbers = await connect(server.url).numbers(WABA_ID, TOKEN)
    assert len(numbers) == len(server.requests) < 100


@each_line(
    "paging", [{}, {"next": "x"}, {"cursors": {"after": "x"}}, {"cursors": "x"}, None, "odd"]
)
async def test_a_list_without_a_way_on_ends_there(
    serve: Serve, connect: Connect, paging: object
) -> None:
    server = await serve(reply({"data": [NUMBER], "paging": paging}))
    assert len(await connect(server.url).numbers(WABA_ID, TOKEN)) == 1
    assert len(server.requests) == 1


async def test_a_list_of_no_numbers_is_empty(serve: Serve, connect: Connect) -> None:
    server = await serve(reply({"data": []}))
    assert await connect(server.url).numbers(WABA_ID, TOKEN) == ()


async def test_a_field_that_a_number_no_longer_has_is_dropped(
    serve: Serve, connect: Connect
) -> None:
    kind = "WhatsAppBusinessPhoneNumber"
    server = await serve(
        no_field("quality_rating", kind), no_field("account_mode", kind), reply(NUMBER)
    )
    number = await connect(server.url).number(NUMBER_ID, TOKEN)
    assert number.display == "+1 555-010-0001"
    first, second, third = (set(r.query["fields"].split(",")) for r in server.requests)
    assert first - second == {"quality_rating"}
    assert second - third == {"account_mode"}


async def test_a_field_that_graph_names_no_kind_for_is_dropped_as_well(
    serve: Serve, connect: Connect
) -> None:
    unnamed = refusal(100, "(#100) Tried accessing nonexisting field (status)")
    server = await serve(unnamed, reply(WABA))
    assert (await connect(server.url).waba(WABA_ID, TOKEN)).name == "Demo"
    assert "status" not in server.requests[1].query["fields"].split(",")


async def test_an_object_that_has_none_of_the_fields_is_asked_no_more_than_that(
    serve: Serve, connect: Connect
) -> None:
    def complain(request: Request) -> bytes:
        return no_field(request.query["fields"].split(",")[0], "WhatsAppBusinessAccount")

    server = await serve(complain)
    with pytest.raises(GraphError) as caught:
        await connect(server.url).waba(WABA_ID, TOKEN)
    assert caught.value.reason is Reason.WRONG_KIND
    assert len(server.requests) < 10


async def test_a_missing_field_on_another_kind_of_object_is_the_answer(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(no_field("display_phone_number", "WhatsAppBusinessAccount"))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).number(WABA_ID, TOKEN)
    error = caught.value
    assert error.reason is Reason.WRONG_KIND
    assert (error.kind, error.field) == ("WhatsAppBusinessAccount", "display_phone_number")
    assert len(server.requests) == 1


async def test_a_complaint_about_a_field_nobody_asked_for_does_not_go_round_in_circles(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(no_field("surprise", "WhatsAppBusinessPhoneNumber"))
    with pytest.raises(GraphError):
        await connect(server.url).number(NUMBER_ID, TOKEN)
    assert len(server.requests) == 1


async def test_the_proof_is_sent_where_the_app_demands_one(serve: Serve, connect: Connect) -> None:
    server = await serve(refusal(100, NEEDS_PROOF), reply(NUMBER))
    await connect(server.url, secret=APP_SECRET).number(NUMBER_ID, TOKEN)
    key, message = APP_SECRET.reveal().encode(), TOKEN.reveal().encode()
    proof = hmac.new(key, message, hashlib.sha256).hexdigest()
    without, with_ = server.requests
    assert "appsecret_proof" not in without.query
    assert with_.query["appsecret_proof"] == proof
    assert with_.query["fields"] == without.query["fields"]


async def test_without_a_secret_the_demand_for_a_proof_is_the_answer(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(refusal(100, NEEDS_PROOF))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).waba(WABA_ID, TOKEN)
    assert caught.value.reason is Reason.PROOF_REQUIRED
    assert len(server.requests) == 1


async def test_a_wrong_proof_is_told_as_a_wrong_secret(serve: Serve, connect: Connect) -> None:
    wrong = refusal(100, "Invalid appsecret_proof provided in the API argument")
    server = await serve(refusal(100, NEEDS_PROOF), wrong)
    with pytest.raises(GraphError) as caught:
        await connect(server.url, secret=APP_SECRET).waba(WABA_ID, TOKEN)
    assert caught.value.reason is Reason.SECRET_MISMATCH
    assert len(server.requests) == 2


async def test_a_ping_is_content_with_any_envelope(serve: Serve, connect: Connect) -> None:
    server = await serve(refusal(104, "An access token is required to request this resource."))
    graph = connect(server.url)
    await graph.ping()
    assert graph.first_response is not None
    assert (graph.first_response.asked, graph.first_response.served) == ("v25.0", "v25.0")
    assert "authorization" not in server.requests[0].headers


async def test_a_ping_that_meets_something_else_says_what(serve: Serve, connect: Connect) -> None:
    server = await serve(reply(b"<html>Log in to the hotel</html>", content_type="text/html"))
    with pytest.raises(GraphError) as caught:
        await connect(server.url).ping()
    assert caught.value.reason is Reason.NOT_JSON


async def test_the_version_that_served_is_told_apart_from_the_one_asked(
    serve: Serve, connect: Connect
) -> None:
    server = await serve(reply({"id": APP_ID}, facebook_api_version="v26.0"))
    graph = connect(server.url)
    await graph.own_app(TOKEN)
    assert graph.first_response is not None
    assert (graph.first_response.asked, graph.first_response.served) == ("v25.0", "v26.0")
    assert graph.first_response.milliseconds >= 0


async def test_the_first_answer_is_the_one_remembered(serve: Serve, connect: Connect) -> None:
    server = await serve(
        refusal(190, "Malformed access token"),
        reply({"id": APP_ID}, facebook_api_version="v99.0"),
    )
    graph = connect(server.url)
    with pytest.raises(GraphError):
        await graph.own_app(TOKEN)
    first = graph.first_response
    await graph.own_app(TOKEN)
    assert graph.first_response is first


Ask = Callable[[Graph], Awaitable[object]]


@each_line(
    "ask",
    [
        lambda graph: graph.check_app_secret(APP_ID, APP_SECRET),
        lambda graph: graph.debug_token(TOKEN, APP_ID, APP_SECRET),
        lambda graph: graph.own_app(TOKEN),
        lambda graph: graph.waba(WABA_ID, TOKEN),
        lambda graph: graph.number(NUMBER_ID, TOKEN),
        lambda graph: graph.numbers(WABA_ID, TOKEN),
        lambda graph: graph.accounts("99", TOKEN),
    ],
    ids=["check_app_secret", "debug_token", "own_app", "waba", "number", "numbers", "accounts"],
)
@each_line(
    "body", [{}, {"data": None}, {"data": 1}, {"data": "x"}, {"id": None}, {"data": {"x": 1}}]
)
async def test_json_that_is_no_reply_of_graphs_is_said_to_be_none(
    serve: Serve, connect: Connect, ask: Ask, body: object
) -> None:
    server = await serve(reply(body))
    with pytest.raises(GraphError) as caught:
        await ask(connect(server.url))
    assert caught.value.reason is Reason.NOT_JSON


async def test_questions_put_side_by_side_share_one_client(serve: Serve, connect: Connect) -> None:
    server = await serve(reply({"id": APP_ID, "name": "Demo"}))
    graph = connect(server.url)
    answers = await asyncio.gather(*(graph.own_app(TOKEN) for _ in range(5)))
    assert answers == [(APP_ID, "Demo")] * 5
    assert len(server.requests) == 5
