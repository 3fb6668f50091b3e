"""Long lists, page by page."""

from __future__ import annotations

import pytest

from tests.simulator.conftest import Graph, error
from tests.tables import each_line
from wizard.simulator.world.objects import Phone

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def numbers(graph: Graph) -> list[str]:
    ids = [str(100000000000000 + index) for index in range(130)]
    graph.meta.waba.phones[:] = [Phone(found, "+1 555-014-0000", "Stall") for found in ids]
    return ids


async def page(graph: Graph, **params: str) -> dict[str, object]:
    return await graph.read(f"/v25.0/{graph.values.waba_id}/phone_numbers", **params)


def ids(body: dict[str, object]) -> list[str]:
    rows = body["data"]
    assert isinstance(rows, list)
    return [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("params", "count"), [({}, 25), ({"limit": "7"}, 7), ({"limit": "100"}, 100)]
)
async def test_a_page_has_25_items_unless_asked_and_100_at_most(
    graph: Graph, numbers: list[str], params: dict[str, str], count: int
) -> None:
    assert ids(await page(graph, **params)) == numbers[:count]


async def test_following_next_visits_everything_once(graph: Graph, numbers: list[str]) -> None:
    seen: list[str] = []
    url: str | None = f"/v25.0/{graph.values.waba_id}/phone_numbers?limit=50&fields=id"
    while url:
        assert graph.values.access_token
        bearer = f"Bearer {graph.values.access_token.reveal()}"
        answer = await graph.stage.client.get(url, headers={"authorization": bearer})
        body = answer.json()
        assert set(body["data"][0]) == {"id"}
        seen += ids(body)
        url = body["paging"].get("next")
    assert seen == numbers


async def test_before_goes_back(graph: Graph, numbers: list[str]) -> None:
    second = await graph.read(
        f"/v25.0/{graph.values.waba_id}/phone_numbers", limit="10", after="aXRlbTo5"
    )
    assert ids(second) == numbers[10:20]
    before = second["paging"]["cursors"]["before"]
    first = await page(graph, limit="10", before=before)
    assert ids(first) == numbers[:10]
    assert "previous" not in first["paging"]  # type: ignore[operator]


async def test_the_last_page_has_no_next(graph: Graph, numbers: list[str]) -> None:
    body = await graph.read(
        f"/v25.0/{graph.values.waba_id}/phone_numbers", limit="100", after="aXRlbToyOQ=="
    )
    assert ids(body) == numbers[30:]
    assert set(body["paging"]) == {"cursors", "previous"}


async def test_an_empty_list_has_no_paging(graph: Graph) -> None:
    graph.meta.waba.phones.clear()
    assert await page(graph) == {"data": []}


@each_line(
    "params",
    [
        {"limit": "0"},
        {"limit": "many"},
        {"limit": "101"},
        {"after": "nowhere"},
        {"filtering": "xx"},
        {"sort": "name.asc"},
        {"fields": "id", "limit": "5000"},
    ],
)
async def test_limits_and_cursors_that_make_no_sense(graph: Graph, params: dict[str, str]) -> None:
    answer = await graph.send("GET", f"/v25.0/{graph.values.waba_id}/phone_numbers", params)
    assert (answer.status_code, error(answer)["code"]) == (400, 100)


async def test_a_filter_and_an_order_as_described_are_taken(graph: Graph) -> None:
    assert await page(graph, filtering="[]", sort="creation_time.desc", limit="100")
    path = f"/v25.0/{graph.values.waba_id}"
    answer = await graph.ask(path, fields="phone_numbers.limit(101){id}")
    assert (answer.status_code, error(answer)["code"]) == (400, 100)


async def test_the_next_page_bears_the_token_only_if_the_query_did(
    graph: Graph, numbers: list[str]
) -> None:
    token = graph.meta.token.text.reveal()
    path = f"/v25.0/{graph.values.waba_id}/phone_numbers"
    asked = await graph.stage.client.get(path, params={"access_token": token})
    assert token in asked.json()["paging"]["next"]
    assert token not in str(await page(graph))
