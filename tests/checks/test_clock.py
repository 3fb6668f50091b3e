"""A machine whose clock is off: a token's end is judged by Meta's clock."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from tests.checks.foreign import TOKEN, VALUES, served, token, world
from tests.journeys.rotation.rotating import Kept
from tests.tables import each_line
from wizard.checks import collect_report
from wizard.findings import Report, Status
from wizard.graph.clock import MetaClock
from wizard.journeys.rotation.rotation import Rotation
from wizard.values.credentials import Secret

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def told(there: datetime, more: str = "") -> str:
    return f"Date: {format_datetime(there, usegmt=True)}\r\n{more}"


async def report(
    ahead: timedelta, life: timedelta = 2 * HOUR, headers: str | None = None
) -> Report:
    """With a token of so long a life, on a machine that is so far ahead of Meta."""
    there = datetime.now(UTC) - ahead
    facts = token(expires_at=int((there + life).timestamp()))
    async with served({"debug_token": facts}) as server, world(server) as here:
        server.headers = told(there) if headers is None else headers
        return await collect_report(here)


def of(report: Report, id_: str) -> list[str]:
    return [finding.evidence for finding in report.findings if finding.id == id_]


@each_line("ahead", [DAY, 400 * DAY, -DAY, -3 * HOUR])
async def test_a_tokens_end_is_counted_from_metas_own_time(ahead: timedelta) -> None:
    made = await report(ahead)
    (valid,) = of(made, "access_token.valid")
    assert "expires in 1 h 59 min" in valid or "expires in 2 h" in valid
    (off,) = of(made, "graph.clock")
    assert ("ahead of Meta" in off, "behind Meta" in off) == (ahead > HOUR, ahead < HOUR)
    assert of(made, "access_token.expired") == []
    assert made.exit_code == 0


@each_line("minutes", [0, 4, -4])
async def test_a_few_minutes_are_no_finding(minutes: int) -> None:
    assert of(await report(timedelta(minutes=minutes)), "graph.clock") == []


@each_line(
    "headers",
    [
        "",
        "Date: yesterday\r\n",
        "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n",
        "Date: Fri, 31 Dec 9999 23:59:59 GMT\r\n",
        told(datetime.now(UTC) - 3 * HOUR, "Age: 10800\r\n"),
    ],
    ids=["none", "no date", "long ago", "far ahead", "cached"],
)
async def test_a_date_that_tells_nothing_is_not_heeded(headers: str) -> None:
    made = await report(timedelta(), headers=headers)
    assert of(made, "graph.clock") == []
    assert len(of(made, "access_token.valid")) == 1


async def test_without_a_date_graph_is_believed_before_this_machine() -> None:
    made = await report(DAY, headers="")
    assert of(made, "access_token.expired") == []
    assert len(of(made, "access_token.valid")) == 1


async def test_what_ended_by_metas_own_time_has_ended() -> None:
    made = await report(DAY, life=-3 * HOUR)
    assert len(of(made, "access_token.expired")) == 1


async def test_a_fresh_token_is_rotated_in_and_the_clock_is_told() -> None:
    there = datetime.now(UTC) - 2 * DAY
    facts = token(expires_at=int((there + HOUR).timestamp()))
    async with served({"debug_token": facts}) as server, world(server) as here:
        server.headers = told(there)
        here.vault = Kept(VALUES)
        rotated = await Rotation(here).run(Secret("EAA" + TOKEN[::-1][:100]))
    assert rotated.swapped, json.dumps(rotated.report.as_dict(), indent=1)
    (finding,) = [one for one in rotated.report.findings if one.id == "graph.clock"]
    assert finding.status is Status.WARN


def test_an_old_date_out_of_a_cache_does_not_hide_a_fresh_one() -> None:
    clock, now = MetaClock(), datetime.now(UTC)
    for there in (now - DAY, now, now - DAY):
        clock.update({"date": format_datetime(there, usegmt=True)})
    assert clock.ahead(now) == timedelta()
