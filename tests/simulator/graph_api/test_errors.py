"""The error envelopes, letter for letter."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.conftest import Graph, error
from tests.tables import each_line
from wizard.simulator.world.objects import (
    APP_REMOVED,
    BUSINESS,
    CHECKPOINT,
    LOGGED_OUT,
    MESSAGING,
    PASSWORD_CHANGED,
    Ended,
)
from wizard.values.credentials import Secret

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANUAL = "Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api"


def oauth(code: int, message: str, **more: Any) -> dict[str, Any]:
    return {"message": message, "type": "OAuthException", "code": code, **more}


def hidden(object_id: str | None, method: str = "get") -> dict[str, Any]:
    return {
        "message": (
            f"Unsupported {method} request. Object with ID '{object_id}' does not exist, cannot be"
            " loaded due to missing permissions, or does not support this operation. " + MANUAL
        ),
        "type": "GraphMethodException",
        "code": 100,
        "error_subcode": 33,
    }


async def test_a_token_that_cannot_be_parsed(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/me", token=Secret("nonsense"))
    sentence = "Invalid OAuth access token - Cannot parse access token"
    assert (answer.status_code, error(answer)) == (401, oauth(190, sentence))
    assert answer.headers["www-authenticate"] == (
        f'OAuth "Facebook Platform" "invalid_token" "{sentence}"'
    )


async def test_a_token_with_a_stray_sign_is_repeated_to_the_sender(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/me", token=Secret("EAAdemo_demo"))
    assert (answer.status_code, error(answer)) == (
        400,
        oauth(190, "Malformed access token EAAdemo_demo"),
    )


async def test_a_line_break_in_a_token_does_not_break_the_header(graph: Graph) -> None:
    answer = await graph.stage.client.get("/me", params={"access_token": "EAAdemo\r\nX: y"})
    assert answer.headers["www-authenticate"].endswith('"Malformed access token EAAdemoX: y"')


async def test_an_expired_token_says_when_in_pacific_time(graph: Graph) -> None:
    graph.meta.token.expires_at = graph.meta.now() - 3600
    answer = await graph.ask(f"/v25.0/{graph.values.phone_number_id}")
    sentence = (
        "Error validating access token: Session has expired on Monday, 03-Nov-25 04:00:00 PST."
        " The current time is Monday, 03-Nov-25 05:00:00 PST."
    )
    assert (answer.status_code, error(answer)) == (401, oauth(190, sentence, error_subcode=463))
    assert sentence in answer.headers["www-authenticate"]


@each_line(
    ("ended", "subcode", "words"),
    [
        (APP_REMOVED, 458, "The user has not authorized application {app_id}."),
        (CHECKPOINT, 459, "You cannot access the app till you log in to www.facebook.com"),
        (PASSWORD_CHANGED, 460, "The session has been invalidated because the user changed"),
        (LOGGED_OUT, 467, "The session is invalid because the user logged out."),
    ],
)
async def test_a_revoked_token_says_why(
    graph: Graph, ended: Ended, subcode: int, words: str
) -> None:
    graph.meta.token.ended = ended
    answer = await graph.ask("/v25.0/app")
    found = error(answer)
    assert (answer.status_code, found["code"], found["error_subcode"]) == (401, 190, subcode)
    words = words.format(app_id=graph.values.app_id)
    assert found["message"].startswith(f"Error validating access token: {words}")


async def test_a_wrong_pair_of_app_id_and_secret(graph: Graph) -> None:
    for pair in (f"{graph.values.app_id}|no", "123|no"):
        answer = await graph.ask("/v25.0/app", token=Secret(pair))
        assert answer.status_code == 400
        assert error(answer) == oauth(190, "Invalid OAuth access token signature.")


async def test_no_token_at_all(graph: Graph) -> None:
    client = graph.stage.client
    for headers in ({}, {"authorization": "Bearer"}):
        answer = await client.get(f"/v25.0/{graph.values.waba_id}", headers=headers)
        assert answer.status_code == 400
        assert error(answer) == oauth(104, "An access token is required to request this resource.")
    answer = await client.get("/v25.0/me")
    assert error(answer) == oauth(
        2500, "An active access token must be used to query information about the current user."
    )


async def test_a_native_apps_own_token_is_as_good_as_none(graph: Graph) -> None:
    graph.meta.app.native = True
    path, token = f"/v25.0/{graph.values.app_id}/subscriptions", graph.meta.app.token
    assert error(await graph.ask(path, token=token))["code"] == 104
    found = error(await graph.inspect(graph.meta.token.text.reveal()))
    assert found["message"].startswith("(#100) You must provide an app access token")


async def test_a_blocked_token(graph: Graph) -> None:
    graph.meta.token.blocked = True
    answer = await graph.ask("/v25.0/me")
    assert (answer.status_code, error(answer)) == (403, oauth(200, "API access blocked."))


async def test_the_unseen_and_the_absent_look_alike(graph: Graph) -> None:
    absent = "100000000000001"
    for object_id in (absent, graph.meta.other_waba.id, graph.meta.other_number.id):
        answer = await graph.ask(f"/v25.0/{object_id}")
        assert (answer.status_code, error(answer)) == (400, hidden(object_id))
        answer = await graph.ask(f"/v25.0/{object_id}/phone_numbers")
        assert (answer.status_code, error(answer)) == (400, hidden(object_id))


async def test_an_app_token_sees_no_account(graph: Graph) -> None:
    answer = await graph.ask(f"/v25.0/{graph.values.waba_id}", token=graph.meta.app.token)
    assert error(answer) == hidden(graph.values.waba_id)


async def test_another_app_is_out_of_sight(graph: Graph) -> None:
    answer = await graph.ask(f"/v25.0/{graph.meta.other_app.id}")
    assert error(answer) == hidden(graph.meta.other_app.id)


async def test_meta_may_also_say_that_the_grant_is_missing(graph: Graph) -> None:
    graph.meta.hides_unseen = False
    answer = await graph.ask(f"/v25.0/{graph.meta.other_waba.id}")
    assert (answer.status_code, error(answer)["code"]) == (403, 200)


async def test_a_phone_number_in_place_of_an_id(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/+6281234567890")
    assert error(answer) == hidden("+6281234567890")


async def test_a_name_in_place_of_an_id(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/hidden.market")
    sentence = "(#803) Some of the aliases you requested do not exist: hidden.market"
    assert (answer.status_code, error(answer)) == (404, oauth(803, sentence))


@each_line(
    ("thing", "node_type"),
    [
        ("waba", "WhatsAppBusinessAccount"),
        ("business", "Business"),
        ("app", "Application"),
        ("user", "User"),
    ],
)
async def test_a_numbers_field_on_another_kind_of_object(
    graph: Graph, thing: str, node_type: str
) -> None:
    path = f"/v25.0/{getattr(graph.meta, thing).id}"
    answer = await graph.ask(path, fields="id,display_phone_number")
    sentence = (
        "(#100) Tried accessing nonexisting field (display_phone_number) on node type"
        f" ({node_type})"
    )
    assert (answer.status_code, error(answer)) == (400, oauth(100, sentence))


async def test_a_field_that_no_object_has(graph: Graph) -> None:
    path = f"/v25.0/{graph.values.waba_id}"
    for fields, node_type in (
        ("colour", "WhatsAppBusinessAccount"),
        ("phone_numbers{id,colour}", "WhatsAppBusinessPhoneNumber"),
    ):
        assert error(await graph.ask(path, fields=fields))["message"] == (
            f"(#100) Tried accessing nonexisting field (colour) on node type ({node_type})"
        )


async def test_an_accounts_list_on_another_kind_of_object(graph: Graph) -> None:
    meta = graph.meta
    for object_id, node_type in (
        (meta.test_number.id, "WhatsAppBusinessPhoneNumber"),
        (meta.business.id, "Business"),
        (meta.app.id, "Application"),
    ):
        answer = await graph.ask(f"/v25.0/{object_id}/phone_numbers")
        assert error(answer)["message"] == (
            f"(#100) Tried accessing nonexisting field (phone_numbers) on node type ({node_type})"
        )


async def test_fields_that_make_no_sense(graph: Graph) -> None:
    answer = await graph.ask(f"/v25.0/{graph.values.waba_id}", fields="id}")
    sentence = 'Syntax error "Expected end of string instead of "}"." at character 2: id}'
    assert (answer.status_code, error(answer)) == (400, oauth(2500, sentence))


async def test_a_missing_permission_is_named(graph: Graph) -> None:
    path = f"/v25.0/{graph.meta.business.id}/owned_whatsapp_business_accounts"
    answer = await graph.ask(path)
    sentence = f"(#200) Requires {BUSINESS} permission"
    assert (answer.status_code, error(answer)) == (403, oauth(200, sentence))
    graph.meta.token.scopes = (MESSAGING,)
    answer = await graph.ask(f"/v25.0/{graph.values.phone_number_id}")
    assert error(answer)["message"] == "(#200) Requires whatsapp_business_management permission"


async def test_an_apps_webhooks_are_not_for_user_tokens(graph: Graph) -> None:
    answer = await graph.ask(f"/v25.0/{graph.values.app_id}/subscriptions")
    sentence = "(#15) This method must be called with an app access_token."
    assert (answer.status_code, error(answer)) == (400, oauth(15, sentence))


async def test_a_wrong_or_missing_proof(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/me", appsecret_proof="0" * 64)
    method = {"type": "GraphMethodException", "code": 100}
    sentence = "Invalid appsecret_proof provided in the API argument"
    assert (answer.status_code, error(answer)) == (400, {"message": sentence, **method})
    graph.meta.app.requires_proof = True
    answer = await graph.ask("/v25.0/me")
    sentence = "API calls from the server require an appsecret_proof argument"
    assert (answer.status_code, error(answer)) == (400, {"message": sentence, **method})
    assert "www-authenticate" not in answer.headers


async def test_the_header_comes_with_dead_tokens_and_unknown_objects_alone(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/999999999999999")
    assert answer.headers["www-authenticate"].startswith(
        'OAuth "Facebook Platform" "invalid_request" "Unsupported get request.'
    )
    for path in ("some_name", f"{graph.values.app_id}/subscriptions"):
        refused = await graph.ask(f"/v25.0/{path}")
        assert "error" in refused.json()
        assert "www-authenticate" not in refused.headers


async def test_paths_that_do_not_exist(graph: Graph) -> None:
    waba = graph.values.waba_id
    for path, rest in (
        (f"/v25.0/{waba}/template_library", "/template_library"),
        (f"/v25.0/{waba}/phone_numbers/deep", "/phone_numbers/deep"),
    ):
        answer = await graph.ask(path)
        assert answer.status_code == 400
        assert error(answer) == oauth(2500, f"Unknown path components: {rest}")


async def test_nothing_is_asked_for(graph: Graph) -> None:
    assert error(await graph.ask("/v25.0/")) == {
        "message": f"Unsupported get request. {MANUAL}",
        "type": "GraphMethodException",
        "code": 100,
    }


@each_line("method", ["POST", "DELETE", "PUT"])
async def test_what_only_reads_takes_no_writing(graph: Graph, method: str) -> None:
    account = graph.values.waba_id
    answer = await graph.ask(f"/v25.0/{account}/subscribed_apps/x", method=method)
    assert (answer.status_code, error(answer)["code"]) == (400, 2500)
    answer = await graph.ask(f"/v25.0/{account}/solutions", method=method)
    # The account is there: its ID is never the fault where the operation is what is lacking.
    assert error(answer)["message"] == f"Unsupported {method.lower()} request. {MANUAL}"
    answer = await graph.ask("/v25.0/debug_token", method=method)
    assert error(answer)["message"] == f"Unsupported {method.lower()} request. {MANUAL}"
