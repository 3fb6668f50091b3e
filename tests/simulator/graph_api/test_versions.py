"""Which version answers."""

from __future__ import annotations

import pytest

from tests.simulator.conftest import Graph, error

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("asked", "answering"),
    [
        ("/v25.0", "v25.0"),
        ("/v26.0", "v26.0"),
        ("", "v26.0"),
        ("/v18.0", "v21.0"),
        ("/v2.12", "v21.0"),
        ("/v1.0", "v21.0"),
    ],
)
async def test_a_retired_version_is_served_silently_by_the_oldest_in_use(
    graph: Graph, asked: str, answering: str
) -> None:
    answer = await graph.ask(f"{asked}/me")
    assert answer.status_code == 200
    assert answer.headers["facebook-api-version"] == answering


@pytest.mark.parametrize("asked", ["v27.0", "v99.0", "v0.9", "v25.1", "v2.13"])
async def test_a_version_that_never_was_is_an_unknown_path(graph: Graph, asked: str) -> None:
    answer = await graph.ask(f"/{asked}/{graph.values.waba_id}/phone_numbers")
    path = f"{graph.values.waba_id}/phone_numbers"
    assert (answer.status_code, error(answer)) == (
        400,
        {"message": f"Unknown path components: /{path}", "type": "OAuthException", "code": 2500},
    )
