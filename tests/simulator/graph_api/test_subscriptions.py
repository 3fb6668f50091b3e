"""Writing down who is called where: for an app, for a WABA, for a number."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.loopback import Request, Server
from tests.simulator.calls_out.callbacks import (
    VERIFY_TOKEN,
    WHATSAPP,
    apps_of,
    as_app,
    asked,
    bearer,
    calling,
    done,
    hook_of,
    number_of,
    page,
    sound,
)
from tests.simulator.conftest import Graph, error
from tests.tables import each_line
from wizard.simulator.world.objects import SubscribedApp, Subscription

pytestmark = pytest.mark.asyncio(loop_scope="session")

ELSEWHERE = "https://elsewhere.example/webhook"


def override(server: Server) -> dict[str, str]:
    return {"override_callback_uri": f"{server.url}/own", "verify_token": VERIFY_TOKEN}


async def recorded(graph: Graph) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await as_app(graph, "GET")).json()["data"]
    return found


async def in_force(graph: Graph) -> dict[str, str]:
    body = await graph.read(number_of(graph), fields="webhook_configuration")
    found: dict[str, str] = body.get("webhook_configuration", {})
    return found


async def test_an_apps_callback_is_called_then_stands_on_record(graph: Graph) -> None:
    async with calling(sound) as server:
        await done(await as_app(graph, "POST", **asked(server, fields="messages, account_update")))
    assert len(server.requests) == 1
    version = graph.meta.newest_version
    assert await recorded(graph) == [
        {
            "object": WHATSAPP,
            "callback_url": f"{server.url}/webhook",
            "active": True,
            "fields": [
                {"name": "messages", "version": version},
                {"name": "account_update", "version": version},
            ],
        }
    ]
    assert await in_force(graph) == {"application": f"{server.url}/webhook"}


async def test_meta_answers_others_while_it_calls(graph: Graph) -> None:
    """Whoever is behind the callback may ask Graph something before it answers."""
    called, asked_too = asyncio.Event(), asyncio.Event()

    async def slow(request: Request) -> AsyncIterator[bytes]:
        called.set()
        await asked_too.wait()
        yield sound(request)

    async with calling(slow) as server:
        setting = asyncio.create_task(as_app(graph, "POST", **asked(server)))
        await called.wait()
        assert await recorded(graph) == []
        asked_too.set()
        await done(await setting)


@each_line("name", ["object", "callback_url", "verify_token", "fields"])
async def test_each_part_of_a_subscription_is_required(graph: Graph, name: str) -> None:
    async with calling(sound) as server:
        params = asked(server)
        del params[name]
        answer = await as_app(graph, "POST", **params)
    assert answer.status_code == 400
    assert error(answer) == {
        "message": f"(#100) The parameter {name} is required",
        "type": "OAuthException",
        "code": 100,
    }
    assert server.requests == []


@pytest.mark.parametrize(
    ("params", "named"),
    [
        ({"fields": "messages,message"}, "Param fields[1] must be one of {account_alerts, "),
        ({"object": "page"}, f"Param object must be one of {{{WHATSAPP}}}"),
    ],
)
async def test_an_unknown_name_is_answered_with_the_known_ones(
    graph: Graph, params: dict[str, str], named: str
) -> None:
    async with calling(sound) as server:
        found = error(await as_app(graph, "POST", **asked(server, **params)))
    assert found["code"] == 100
    assert found["message"].startswith(f"(#100) {named}")
    assert server.requests == []
    assert graph.meta.app.subscriptions == []


async def test_a_new_callback_takes_the_place_of_the_old_one(graph: Graph) -> None:
    graph.meta.app.subscriptions.append(Subscription(ELSEWHERE, ("calls",), active=False))
    async with calling(sound) as server:
        await done(await as_app(graph, "POST", **asked(server)))
    (row,) = await recorded(graph)
    assert (row["callback_url"], row["active"]) == (f"{server.url}/webhook", True)
    assert [field["name"] for field in row["fields"]] == ["messages"]


async def test_a_callback_that_fails_leaves_the_old_one(graph: Graph) -> None:
    graph.meta.app.subscriptions.append(Subscription(ELSEWHERE, ("calls",)))
    async with calling(page("", "403 Forbidden")) as server:
        assert error(await as_app(graph, "POST", **asked(server)))["code"] == 2200
    assert [row["callback_url"] for row in await recorded(graph)] == [ELSEWHERE]


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_an_apps_subscriptions_want_its_own_token(graph: Graph, method: str) -> None:
    graph.meta.app.subscriptions.append(Subscription(ELSEWHERE, ("messages",)))
    async with calling(sound) as server:
        by_user = await graph.send(method, hook_of(graph), asked(server))
        other = graph.meta.other_app.token
        by_other = await graph.send(method, hook_of(graph), asked(server), other)
        graph.meta.app.native = True
        native = await as_app(graph, method, **asked(server))
    assert error(by_user)["code"] == 15
    assert (error(by_other)["code"], error(by_other)["error_subcode"]) == (100, 33)
    assert error(native)["code"] == 104
    assert server.requests == []
    assert [hook.callback_url for hook in graph.meta.app.subscriptions] == [ELSEWHERE]


@each_line(
    ("params", "left"),
    [
        ({}, ()),
        ({"object": WHATSAPP}, ()),
        ({"object": "page"}, ("messages", "calls")),
        ({"object": WHATSAPP, "fields": "calls"}, ("messages",)),
        ({"object": WHATSAPP, "fields": "calls,messages"}, ()),
    ],
)
async def test_subscriptions_are_removed_whole_or_in_part(
    graph: Graph, params: dict[str, str], left: tuple[str, ...]
) -> None:
    graph.meta.app.subscriptions.append(Subscription(ELSEWHERE, ("messages", "calls")))
    await done(await as_app(graph, "DELETE", **params))
    fields = [tuple(field["name"] for field in row["fields"]) for row in await recorded(graph)]
    assert fields == ([left] if left else [])


async def test_an_account_subscribes_the_app_of_the_token(graph: Graph) -> None:
    graph.meta.waba.subscribed.clear()
    for _ in range(2):
        await done(await graph.ask(apps_of(graph), method="POST"))
    await done(await graph.ask(apps_of(graph), method="POST", token=graph.meta.other_token.text))
    apps = [entry.app for entry in graph.meta.waba.subscribed]
    assert apps == [graph.meta.app, graph.meta.other_app]
    await done(await graph.ask(apps_of(graph), method="DELETE"))
    assert [entry.app for entry in graph.meta.waba.subscribed] == [graph.meta.other_app]


async def test_an_account_has_a_callback_of_its_own_until_a_plain_call(graph: Graph) -> None:
    graph.meta.app.subscriptions.append(Subscription(ELSEWHERE, ("messages",)))
    async with calling(sound) as server:
        await done(await graph.send("POST", apps_of(graph), override(server)))
    (row,) = (await graph.read(apps_of(graph)))["data"]
    assert row["override_callback_uri"] == f"{server.url}/own"
    assert await in_force(graph) == {
        "application": ELSEWHERE,
        "whatsapp_business_account": f"{server.url}/own",
    }
    await done(await graph.ask(apps_of(graph), method="POST"))
    assert await in_force(graph) == {"application": ELSEWHERE}


async def test_an_override_wants_the_app_subscribed_before(graph: Graph) -> None:
    graph.meta.waba.subscribed[:] = [SubscribedApp(graph.meta.other_app)]
    async with calling(sound) as server:
        answer = await graph.send("POST", apps_of(graph), override(server))
    assert error(answer) == {
        "message": "(#100) Before override the current callback uri, your app must be subscribed"
        " to receive messages for WhatsApp Business Account",
        "type": "OAuthException",
        "code": 100,
    }
    assert server.requests == []
    assert len(graph.meta.waba.subscribed) == 1


async def test_an_override_that_fails_leaves_the_one_before(graph: Graph) -> None:
    graph.meta.waba.subscribed[0].override_callback_uri = ELSEWHERE
    async with calling(page("OK")) as server:
        answer = await graph.send("POST", apps_of(graph), override(server))
    assert error(answer)["code"] == 2201
    assert graph.meta.waba.subscribed[0].override_callback_uri == ELSEWHERE


@pytest.mark.parametrize("level", ["waba", "phone"])
async def test_an_override_is_short_and_has_a_verify_token(graph: Graph, level: str) -> None:
    async with calling(sound) as server:
        limit = 200 - len(f"{server.url}/")
        for url, token, said in (
            (f"{server.url}/{'a' * (limit + 1)}", VERIFY_TOKEN, "at most 200 characters"),
            (server.url, "", "The parameter verify_token is required"),
        ):
            assert said in error(await set_at(graph, level, url, token))["message"]
        assert server.requests == []
        await done(await set_at(graph, level, f"{server.url}/{'a' * limit}", VERIFY_TOKEN))


async def set_at(graph: Graph, level: str, url: str, token: str) -> httpx.Response:
    parts = {"override_callback_uri": url, "verify_token": token}
    if level == "waba":
        return await graph.send("POST", apps_of(graph), parts)
    return await graph.send("POST", number_of(graph), {"webhook_configuration": json.dumps(parts)})


@each_line("form", ["json", "form", "text in a form", "query"])
async def test_a_number_has_a_callback_of_its_own_until_an_empty_one(
    graph: Graph, form: str
) -> None:
    async with calling(sound) as server:
        await done(await configure(graph, form, override(server)))
    assert len(server.requests) == 1
    assert await in_force(graph) == {"phone_number": f"{server.url}/own"}
    other = f"/v25.0/{graph.meta.own_number.id}"
    assert "webhook_configuration" not in await graph.read(other)
    await done(await configure(graph, form, {"override_callback_uri": ""}))
    assert await in_force(graph) == {}


async def configure(graph: Graph, form: str, parts: dict[str, str]) -> httpx.Response:
    name = "webhook_configuration"
    pairs = {f"{name}[{part}]": text for part, text in parts.items()}
    ways: dict[str, dict[str, Any]] = {
        "json": {"json": {name: parts}},
        "form": {"data": pairs},
        "text in a form": {"data": {name: json.dumps(parts)}},
        "query": {"params": pairs},
    }
    return await graph.stage.client.post(number_of(graph), headers=bearer(graph), **ways[form])


@each_line(
    ("params", "said"),
    [
        ({}, "The parameter webhook_configuration is required"),
        ({"webhook_configuration": "{}"}, "The parameter webhook_configuration is required"),
        ({"webhook_configuration": "[1]"}, "Param webhook_configuration must be an object."),
        ({"webhook_configuration": "{"}, "Param webhook_configuration must be an object."),
    ],
)
async def test_a_numbers_configuration_has_to_be_one(
    graph: Graph, params: dict[str, str], said: str
) -> None:
    answer = await graph.send("POST", number_of(graph), params)
    assert (answer.status_code, error(answer)["message"]) == (400, f"(#100) {said}")
