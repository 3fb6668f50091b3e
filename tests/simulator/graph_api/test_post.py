"""Changing things: what a request says, who may, and what can not be changed."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulator.calls_out.callbacks import (
    apps_of,
    asked,
    bearer,
    calling,
    done,
    hook_of,
    number_of,
    sound,
)
from tests.simulator.conftest import Graph, error
from tests.tables import each_line
from wizard.simulator.world.objects import MANAGEMENT, MESSAGING, Subscription

pytestmark = pytest.mark.asyncio(loop_scope="session")


@each_line("form", ["query", "form", "json", "json with lists", "multipart"])
async def test_parameters_come_in_the_query_or_in_the_body(graph: Graph, form: str) -> None:
    async with calling(sound) as server:
        sent = asked(server)
        ways: dict[str, dict[str, Any]] = {
            "query": {"params": sent},
            "form": {"data": sent},
            "json": {"json": sent},
            "json with lists": {"json": {**sent, "fields": ["messages"]}},
            "multipart": {"files": {name: (None, text) for name, text in sent.items()}},
        }
        headers = bearer(graph, graph.meta.app.token)
        client = graph.stage.client
        await done(await client.post(hook_of(graph), headers=headers, **ways[form]))
    (hook,) = graph.meta.app.subscriptions
    assert hook == Subscription(f"{server.url}/webhook", ("messages",))


async def test_the_token_may_stand_in_the_body(graph: Graph) -> None:
    form = {"access_token": graph.meta.token.text.reveal()}
    graph.meta.waba.subscribed.clear()
    await done(await graph.stage.client.post(apps_of(graph), data=form))
    assert len(graph.meta.waba.subscribed) == 1


@each_line("body", [b"{", b"[]", b'"text"', b"\xff", b"[" * 100_000])
async def test_a_body_that_is_no_object_counts_as_none(graph: Graph, body: bytes) -> None:
    headers = {**bearer(graph, graph.meta.app.token), "content-type": "application/json"}
    answer = await graph.stage.client.post(hook_of(graph), content=body, headers=headers)
    assert error(answer)["message"] == "(#100) The parameter object is required"


@pytest.mark.parametrize("path", [apps_of, number_of])
async def test_writing_asks_for_the_same_permission_and_sight_as_reading(
    graph: Graph, path: Any
) -> None:
    graph.meta.token.scopes = (MESSAGING,)
    found = error(await graph.ask(path(graph), method="POST"))
    assert (found["code"], found["message"]) == (200, f"(#200) Requires {MANAGEMENT} permission")
    graph.meta.token.wabas = [graph.meta.other_waba]
    found = error(await graph.ask(path(graph), method="POST"))
    assert (found["code"], found["error_subcode"]) == (100, 33)
    assert found["message"].startswith("Unsupported post request. ")


async def test_nobody_writes_without_a_token(graph: Graph) -> None:
    for path in (hook_of(graph), apps_of(graph), number_of(graph)):
        assert error(await graph.stage.client.post(path))["code"] == 104


@each_line(
    ("method", "path"),
    [
        ("PUT", "{waba_id}/subscribed_apps"),
        ("DELETE", "{phone_number_id}"),
        ("POST", "{waba_id}/subscribed_apps/more"),
        ("POST", "{waba_id}/made_up"),
    ],
)
async def test_an_operation_that_is_lacking_is_no_fault_of_the_id(
    graph: Graph, method: str, path: str
) -> None:
    ids = {name: str(value) for name, value in graph.values.present()}
    heard: list[str] = []
    graph.meta.on_unsimulated = heard.append
    answer = await graph.ask("/v25.0/" + path.format_map(ids), method=method)
    found = error(answer)
    assert (answer.status_code, found["code"] in {100, 2500}) == (400, True)
    assert "error_subcode" not in found
    assert "does not exist" not in str(found["message"])
    assert heard == [f"{method} /{path.format_map(ids)}"]


async def test_another_kind_of_object_is_answered_as_unknown(graph: Graph) -> None:
    answer = await graph.ask(f"/v25.0/{graph.values.app_id}/subscribed_apps", method="POST")
    found = error(answer)
    assert (answer.status_code, found["code"], found["error_subcode"]) == (400, 100, 33)
