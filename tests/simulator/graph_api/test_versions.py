"""Which version answers."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.simulator.conftest import Graph, error
from tests.tables import each_line
from wizard.simulator import Meta
from wizard.simulator.graph_api.versions import oldest_version

pytestmark = pytest.mark.asyncio(loop_scope="session")


@each_line(
    ("asked", "answering"),
    [
        ("/v25.0", "v25.0"),
        ("/v26.0", "v26.0"),
        ("/v27.0", "v27.0"),
        ("", "v27.0"),
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


@each_line("asked", ["v28.0", "v99.0", "v0.9", "v25.1", "v2.13"])
async def test_a_version_that_never_was_is_an_unknown_path(graph: Graph, asked: str) -> None:
    answer = await graph.ask(f"/{asked}/{graph.values.waba_id}/phone_numbers")
    path = f"{graph.values.waba_id}/phone_numbers"
    assert (answer.status_code, error(answer)) == (
        400,
        {"message": f"Unknown path components: /{path}", "type": "OAuthException", "code": 2500},
    )


@each_line(
    ("day", "oldest"),
    [
        ("2026-11-30", "v21.0"),
        ("2027-01-20", "v21.0"),
        ("2027-01-21", "v22.0"),
        ("2028-07-29", "v26.0"),
        ("2030-01-01", "v27.0"),
    ],
)
async def test_each_version_ends_on_its_day(day: str, oldest: str) -> None:
    noon = datetime.fromisoformat(f"{day}T12:00+00:00").timestamp()
    assert oldest_version(Meta(now=lambda: noon)) == oldest
