"""The small parts that need no server."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

import wizard.simulator
from tests.tables import each_line
from wizard.simulator.errors import GraphError
from wizard.simulator.graph_api.fields import Field, parse
from wizard.simulator.pacific_time import format_pacific


@each_line(
    ("utc", "expected"),
    [
        (datetime(2026, 3, 8, 9, 59, 59, tzinfo=UTC), "Sunday, 08-Mar-26 01:59:59 PST"),
        (datetime(2026, 3, 8, 10, tzinfo=UTC), "Sunday, 08-Mar-26 03:00:00 PDT"),
        (datetime(2026, 11, 1, 8, 59, 59, tzinfo=UTC), "Sunday, 01-Nov-26 01:59:59 PDT"),
        (datetime(2026, 11, 1, 9, tzinfo=UTC), "Sunday, 01-Nov-26 01:00:00 PST"),
        (datetime(2027, 1, 1, 7, tzinfo=UTC), "Thursday, 31-Dec-26 23:00:00 PST"),
    ],
)
def test_pacific_time_knows_its_summers(utc: datetime, expected: str) -> None:
    assert format_pacific(utc.timestamp()) == expected


def test_fields_are_read_with_what_stands_behind_them() -> None:
    assert parse("id, phone_numbers.limit(2).after(x){id,owner{name}},name") == (
        Field("id"),
        Field(
            "phone_numbers",
            (Field("id"), Field("owner", (Field("name"),))),
            {"limit": "2", "after": "x"},
        ),
        Field("name"),
    )
    assert parse(" ") == ()


@each_line("text", ["id,", ",id", "a{", "a{}", "a{b", "a}", "a b", "a.limit(2"])
def test_fields_out_of_order_are_refused(text: str) -> None:
    with pytest.raises(GraphError) as caught:
        parse(text)
    assert caught.value.code == 2500


def test_nothing_in_the_source_looks_like_a_credential() -> None:
    sources = list(Path(wizard.simulator.__path__[0]).rglob("*.py"))
    assert len(sources) > 20
    for path in sources:
        assert not re.search(r"EAA\w{12}|[0-9a-f]{32}|\b\d{15,}\b", path.read_text("utf-8"))
