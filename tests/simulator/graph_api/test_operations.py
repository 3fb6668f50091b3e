"""The operations that Meta's description leaves out are answered as the simulator's file says."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.simulator.calls_out.callbacks import VERIFY_TOKEN, WHATSAPP, calling, sound
from tests.simulator.conftest import Graph, error
from tests.tables import each_line
from wizard.simulator.graph_api import operations
from wizard.simulator.world.objects import BUSINESS, MANAGEMENT
from wizard.values.credentials import Secret

PATHS: dict[str, Any] = operations.document()["paths"]
EVERY = [one for path in PATHS.values() for one in path.values()]
ON_STAGE = pytest.mark.asyncio(loop_scope="session")
PUBLIC = r"https://(developers\.facebook|github)\.com/\S+"


@each_line("one", EVERY, ids=lambda one: one["operationId"])
def test_an_operation_names_its_public_sources(one: dict[str, Any]) -> None:
    sources = [one["externalDocs"]["url"], *one.get("x-sources", [])]
    assert all(re.fullmatch(PUBLIC, source) for source in sources)


def test_the_proof_names_its_source() -> None:
    proof = operations.document()["components"]["parameters"][operations.PROOF]
    assert re.fullmatch(PUBLIC, proof["externalDocs"]["url"])


@pytest.mark.parametrize("left_out", operations.required("setAppSubscription"))
@ON_STAGE
async def test_a_subscription_asks_for_what_it_needs(graph: Graph, left_out: str) -> None:
    async with calling(sound) as server:
        form = {
            "object": WHATSAPP,
            "callback_url": f"{server.url}/hook",
            "fields": "messages",
            "verify_token": VERIFY_TOKEN,
        }
        form.pop(left_out)
        path = f"/v25.0/{graph.meta.app.id}/subscriptions"
        answer = await graph.send("POST", path, form, graph.meta.app.token)
        assert server.requests == []
    assert error(answer)["message"] == f"(#100) The parameter {left_out} is required"
    assert graph.meta.app.subscriptions == []


@ON_STAGE
async def test_every_field_of_a_webhook_can_be_subscribed_to(graph: Graph) -> None:
    async with calling(sound) as server:
        form = {
            "object": WHATSAPP,
            "callback_url": f"{server.url}/hook",
            "fields": ",".join(operations.subscribable()),
            "verify_token": VERIFY_TOKEN,
        }
        path = f"/v25.0/{graph.meta.app.id}/subscriptions"
        answer = await graph.send("POST", path, form, graph.meta.app.token)
    assert answer.json() == {"success": True}
    assert graph.meta.app.subscriptions[0].fields == operations.subscribable()


@pytest.mark.parametrize("left_out", operations.required("debugToken"))
@ON_STAGE
async def test_an_inspection_asks_for_what_it_needs(graph: Graph, left_out: str) -> None:
    answer = await graph.ask("/v25.0/debug_token", token=graph.meta.app.token)
    assert error(answer)["message"] == f"(#100) The parameter {left_out} is required"


@pytest.mark.parametrize("grant", operations.grants())
@ON_STAGE
async def test_a_grant_asks_for_what_it_needs(graph: Graph, grant: str) -> None:
    meta = graph.meta
    pair = {"client_id": meta.app.id, "client_secret": meta.app.secret.reveal()}
    asked = {**pair, "grant_type": grant}
    for name in operations.grants()[grant]:
        answer = await graph.send("GET", "/v25.0/oauth/access_token", asked, Secret(""))
        assert error(answer)["message"] == f"{name} parameter not specified"
        asked[name] = meta.token.text.reveal()
    answer = await graph.send("GET", "/v25.0/oauth/access_token", asked, Secret(""))
    assert answer.json()["token_type"] == "bearer"


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("app", "Application"),
        ("{app_id}", "Application"),
        ("me", "User"),
        ("{business}", "Business"),
    ],
)
@ON_STAGE
async def test_an_object_comes_with_its_fields(graph: Graph, path: str, schema: str) -> None:
    meta = graph.meta
    meta.token.scopes = (MANAGEMENT, BUSINESS)
    where = "/v25.0/" + path.format(app_id=meta.app.id, business=meta.business.id)
    assert set(await graph.read(where)) == set(operations.default(schema))
    own = [name for name in operations.fields(schema) if name != "subscriptions"]
    assert set(await graph.read(where, fields=",".join(own))) <= set(own)


@ON_STAGE
async def test_portfolios_are_listed_for_who_may_manage_them(graph: Graph) -> None:
    refused = await graph.ask("/v25.0/me/businesses")
    graph.meta.token.scopes = (MANAGEMENT, BUSINESS)
    (listed,) = (await graph.read("/v25.0/me/businesses", fields="id"))["data"]
    assert error(refused)["code"] == 200
    assert listed == {"id": graph.meta.business.id}
