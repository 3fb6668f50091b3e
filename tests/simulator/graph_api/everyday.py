"""Calls of everyday, each by its method, its path below a version, and what it sends."""

from __future__ import annotations

from typing import Any

import httpx

from tests.simulator.calls_out.callbacks import bearer
from tests.simulator.conftest import Graph

VERSION = "v23.0"


async def call(
    graph: Graph, method: str, path: str, body: object = None, **others: Any
) -> httpx.Response:
    """`path` may name the values: `{waba_id}/flows`; a body goes as JSON, `others` as they are."""
    ids = {name: str(value) for name, value in graph.values.present()}
    url = f"/{VERSION}/{path.format_map(ids)}"
    if body is not None:
        others["json"] = body
    return await graph.stage.client.request(method, url, headers=bearer(graph), **others)


async def good(graph: Graph, method: str, path: str, body: object = None, **others: Any) -> Any:
    """The answer of a call that is granted."""
    answer = await call(graph, method, path, body, **others)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def bad(
    graph: Graph, method: str, path: str, body: object = None, **others: Any
) -> dict[str, Any]:
    """The error of a call that is refused."""
    answer = await call(graph, method, path, body, **others)
    assert answer.status_code >= 400, answer.text
    found: dict[str, Any] = answer.json()["error"]
    assert {"message", "type", "code", "fbtrace_id"} <= found.keys()
    return found
