"""Getting tokens, and having them inspected."""

from __future__ import annotations

import pytest

from tests.simulator.conftest import NOON, Graph, error
from tests.tables import each_line
from wizard.simulator.world.objects import LOGGED_OUT
from wizard.values.credentials import Secret

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATH = "/v25.0/oauth/access_token"


def pair(graph: Graph, **other: str) -> dict[str, str]:
    app = graph.meta.app
    return {"client_id": app.id, "client_secret": app.secret.reveal(), **other}


async def test_app_id_and_secret_give_an_app_token_that_works(graph: Graph) -> None:
    params = pair(graph, grant_type="client_credentials")
    answer = await graph.stage.client.get(PATH, params=params)
    body = answer.json()
    assert (answer.status_code, set(body)) == (200, {"access_token", "token_type"})
    assert body["token_type"] == "bearer"
    app = await graph.ask("/v25.0/app", token=Secret(body["access_token"]))
    assert app.json()["id"] == graph.values.app_id
    again = await graph.stage.client.get(PATH, params=params)
    assert again.json() == body


@each_line(
    ("other", "code", "message"),
    [
        ({"client_secret": "0" * 32}, 1, "Error validating client secret."),
        (
            {"client_id": "100000000000001"},
            101,
            "Error validating application. Invalid application ID.",
        ),
        (
            {"client_id": "my-app"},
            101,
            "Error validating application. Cannot get application info due to a system error.",
        ),
        ({"client_id": ""}, 101, "Missing client_id parameter."),
        ({"grant_type": ""}, 191, "Missing redirect_uri parameter."),
        (
            {"grant_type": "fb_exchange_token"},
            1,
            "fb_exchange_token parameter not specified",
        ),
    ],
)
async def test_a_wrong_pair_is_refused(
    graph: Graph, other: dict[str, str], code: int, message: str
) -> None:
    params = {**pair(graph, grant_type="client_credentials"), **other}
    answer = await graph.stage.client.get(PATH, params=params)
    assert (answer.status_code, error(answer)) == (
        400,
        {"message": message, "type": "OAuthException", "code": code},
    )


async def exchange(graph: Graph, token: str) -> dict[str, object]:
    params = pair(graph, grant_type="fb_exchange_token", fb_exchange_token=token)
    body: dict[str, object] = (await graph.stage.client.get(PATH, params=params)).json()
    return body


async def test_a_short_token_is_exchanged_for_one_of_sixty_days(graph: Graph) -> None:
    body = await exchange(graph, graph.meta.token.text.reveal())
    longer = str(body["access_token"])
    assert (body["token_type"], body["expires_in"]) == ("bearer", 5184000)
    data = (await graph.inspect(longer)).json()["data"]
    assert (data["is_valid"], data["expires_at"], data["issued_at"]) == (
        True,
        NOON + 5184000,
        NOON,
    )
    assert (await graph.ask(f"/{graph.values.waba_id}", token=Secret(longer))).status_code == 200


async def test_neither_a_dead_nor_a_foreign_token_is_exchanged(graph: Graph) -> None:
    foreign = await exchange(graph, graph.meta.other_token.text.reveal())
    assert "does not belong to application" in str(foreign["error"])
    graph.meta.token.expires_at = NOON - 1
    dead = await exchange(graph, graph.meta.token.text.reveal())
    assert "Session has expired" in str(dead["error"])


async def test_a_living_user_token_is_described(graph: Graph) -> None:
    answer = await graph.inspect(graph.meta.token.text.reveal())
    scopes = ["whatsapp_business_management", "whatsapp_business_messaging"]
    assert answer.json() == {
        "data": {
            "app_id": graph.values.app_id,
            "type": "USER",
            "application": "my-whatsapp-webhook",
            "user_id": graph.meta.user.id,
            "is_valid": True,
            "scopes": scopes,
            "data_access_expires_at": NOON + 90 * 86400,
            "expires_at": NOON + 86400 - 420,
            "granular_scopes": [
                {"scope": scope, "target_ids": [graph.values.waba_id]} for scope in scopes
            ],
        }
    }


async def test_a_system_users_token_never_ends(graph: Graph) -> None:
    data = (await graph.inspect(graph.meta.system_token.text.reveal())).json()["data"]
    assert (data["type"], data["expires_at"], data["data_access_expires_at"]) == (
        "SYSTEM_USER",
        0,
        0,
    )


async def test_an_app_token_is_described_without_an_end(graph: Graph) -> None:
    answer = await graph.inspect(graph.meta.app.token.reveal())
    assert answer.json()["data"] == {
        "app_id": graph.values.app_id,
        "type": "APP",
        "application": "my-whatsapp-webhook",
        "is_valid": True,
        "scopes": [],
    }


async def test_a_token_for_all_accounts_names_none_of_them(graph: Graph) -> None:
    graph.meta.token.names_targets = False
    data = (await graph.inspect(graph.meta.token.text.reveal())).json()["data"]
    assert data["granular_scopes"][0] == {"scope": "whatsapp_business_management"}


async def test_a_dead_token_is_described_as_invalid_and_not_as_an_error(graph: Graph) -> None:
    graph.meta.token.ended = LOGGED_OUT
    answer = await graph.inspect(graph.meta.token.text.reveal())
    data = answer.json()["data"]
    assert (answer.status_code, data["is_valid"], data["scopes"]) == (200, False, [])
    assert data["app_id"] == graph.values.app_id
    assert (data["error"]["code"], data["error"]["subcode"]) == (190, 467)


async def test_a_garbled_token_is_described_as_invalid_too(graph: Graph) -> None:
    answer = await graph.inspect("nonsense")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "data": {
                "error": {
                    "code": 190,
                    "message": "Invalid OAuth access token - Cannot parse access token",
                },
                "is_valid": False,
                "scopes": [],
            }
        },
    )


async def test_a_developers_token_may_inspect_itself(graph: Graph) -> None:
    token = graph.meta.token.text
    assert (await graph.inspect(token.reveal(), by=token)).json()["data"]["is_valid"] is True


async def test_a_system_users_token_may_not(graph: Graph) -> None:
    token = graph.meta.system_token.text
    answer = await graph.inspect(token.reveal(), by=token)
    sentence = (
        "(#100) You must provide an app access token, or a user access token that is an owner or"
        " developer of the app"
    )
    assert (answer.status_code, error(answer)) == (
        400,
        {"message": sentence, "type": "OAuthException", "code": 100},
    )


async def test_a_stranger_to_the_app_may_not_either(graph: Graph) -> None:
    graph.meta.user.develops = []
    token = graph.meta.token.text
    assert (await graph.inspect(token.reveal(), by=token)).status_code == 400


async def test_a_token_of_another_app_is_not_shown(graph: Graph) -> None:
    answer = await graph.inspect(graph.meta.other_token.text.reveal())
    sentence = "(#100) The App_id in the input_token did not match the Viewing App"
    assert (answer.status_code, error(answer)["message"]) == (400, sentence)


async def test_a_wrong_pair_cannot_inspect(graph: Graph) -> None:
    wrong = Secret(f"{graph.values.app_id}|{'0' * 32}")
    answer = await graph.inspect(graph.meta.token.text.reveal(), by=wrong)
    assert error(answer)["message"] == "Invalid OAuth access token signature."


async def test_there_must_be_a_token_to_inspect(graph: Graph) -> None:
    answer = await graph.ask("/v25.0/debug_token", token=graph.meta.app.token)
    assert error(answer)["message"] == "(#100) The parameter input_token is required"
