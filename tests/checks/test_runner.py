"""How questions are put, what waits for what, and what is left when all is over."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from tests.checks.foreign import (
    PHONE,
    WABA,
    Answer,
    error,
    no_such,
    served,
    statuses,
    token,
    world,
)
from tests.tables import each_line
from wizard.checks import (
    CheckFinished,
    CheckStarted,
    Event,
    FindingReported,
    collect_report,
    run_checks,
)
from wizard.findings import Status
from wizard.values.credentials import CREDENTIALS

ALL = {"graph", *CREDENTIALS}


async def test_a_healthy_run_asks_each_question_once_and_five_in_all() -> None:
    async with served() as server, world(server) as there:
        report = await collect_report(there)

    assert report.as_dict()["ok"] is True
    asked = Counter(request.path for request in server.asked)
    assert asked == {
        "oauth/access_token": 1,
        "debug_token": 1,
        WABA: 1,
        f"{WABA}/phone_numbers": 1,
        PHONE: 1,
    }


async def test_questions_are_put_side_by_side() -> None:
    delay = 0.2
    async with served() as server, world(server) as there:
        await collect_report(there)  # what is loaded once is not timed
        server.delay = delay
        begun = time.monotonic()
        report = await collect_report(there)
        took = time.monotonic() - begun

    assert report.as_dict()["ok"] is True
    assert server.most_at_once == 5
    assert took < 2 * delay
    assert report.duration_ms >= delay * 1000


async def test_findings_come_between_the_beginning_and_the_end_of_their_check() -> None:
    async with served() as server, world(server) as there, run_checks(there) as events:
        told = [event async for event in events]

    for subject in ALL:
        mine = [event for event in told if event.subject == subject]
        assert isinstance(mine[0], CheckStarted)
        assert isinstance(mine[-1], CheckFinished)
        assert all(isinstance(event, FindingReported) for event in mine[1:-1])
        assert len(mine) > 2
    assert {event.subject for event in told} == ALL


async def test_a_check_settles_while_another_still_waits() -> None:
    settled: list[str] = []
    async with (
        served({PHONE: None}) as server,
        world(server) as there,
        run_checks(there, ["app_secret", "phone_number_id"]) as events,
    ):
        async for event in events:
            if isinstance(event, CheckFinished):
                settled.append(event.subject)
            if event == CheckFinished("app_secret"):
                break

    assert settled[-3:] == ["graph", "app_id", "app_secret"]
    assert "phone_number_id" not in settled


@each_line(
    ("subject", "also"),
    [
        ("app_id", {"graph"}),
        ("app_secret", {"graph", "app_id"}),
        ("access_token", {"graph", "app_id", "app_secret"}),
        ("phone_number_id", {"graph", "app_id", "app_secret", "access_token"}),
        ("waba_id", {"graph", "app_id", "app_secret", "access_token"}),
        ("verify_token", set[str]()),
    ],
)
async def test_one_check_runs_with_what_it_needs(subject: str, also: set[str]) -> None:
    async with served() as server, world(server) as there:
        report = await collect_report(there, [subject])

    assert {finding.subject for finding in report.findings} == {subject} | also
    assert report.exit_code == 0


async def test_a_verify_token_alone_asks_nobody() -> None:
    async with served() as server, world(server) as there:
        await collect_report(there, ["verify_token"])

    assert server.asked == []


@each_line(
    ("answers", "root", "skipped"),
    [
        (
            {"oauth/access_token": error(101, "Invalid application ID.")},
            "app_id.unknown",
            {"app_secret", "access_token", "waba_id", "phone_number_id"},
        ),
        (
            {"oauth/access_token": error(1, "Error validating client secret.")},
            "app_secret.mismatch",
            {"access_token", "waba_id", "phone_number_id"},
        ),
        (
            {"debug_token": token(scopes=[])},
            "access_token.no_permission",
            {"waba_id", "phone_number_id"},
        ),
    ],
)
async def test_all_that_rests_on_a_failure_names_that_one(
    answers: Mapping[str, Answer], root: str, skipped: set[str]
) -> None:
    async with served(answers) as server, world(server) as there:
        report = await collect_report(there)

    assert report.as_dict()["primary"] == root
    skips = [finding for finding in report.findings if finding.status is Status.SKIP]
    assert {finding.subject for finding in skips} == skipped
    assert {finding.blocked_by for finding in skips} == {root}
    assert all(root in finding.evidence for finding in skips)


async def test_a_wrong_waba_id_leaves_the_number_to_be_judged_by_itself() -> None:
    answers = {WABA: no_such(WABA), f"{WABA}/phone_numbers": no_such(WABA)}
    async with served(answers) as server, world(server) as there:
        report = await collect_report(there)

    assert report.as_dict()["primary"] == "waba_id.not_found"
    assert "phone_number_id.valid" in statuses(report)


async def test_leaving_early_ends_everything() -> None:
    before = asyncio.all_tasks()
    async with served({PHONE: None}) as server, world(server, limit=60) as there:
        async with asyncio.timeout(2), run_checks(there) as events:
            first = await anext(events)
        assert first == CheckStarted("graph")
        assert left_since(before) == []


async def test_being_cancelled_ends_everything() -> None:
    before = asyncio.all_tasks()
    silent = dict.fromkeys(["debug_token", PHONE, WABA])
    async with served(silent) as server, world(server) as there:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.15):
                await collect_report(there)
        assert left_since(before) == []


def left_since(before: set[asyncio.Task[Any]]) -> list[asyncio.Task[Any]]:
    """The tasks begun since, but for those of the test's server."""
    begun = asyncio.all_tasks() - before
    return [task for task in begun if "Server." not in repr(task.get_coro())]


class BrokenClockError(Exception):
    pass


def broken_clock() -> datetime:
    raise BrokenClockError


async def test_an_error_that_no_check_foresaw_comes_out() -> None:
    before = asyncio.all_tasks()
    answers: Mapping[str, Answer] = {
        "debug_token": token(expires_at=2_000_000_000),
        PHONE: None,
    }
    async with served(answers) as server, world(server, limit=0.3) as there:
        there.clock = broken_clock
        with pytest.raises(ExceptionGroup) as caught:
            await collect_report(there)
        assert left_since(before) == []

    assert caught.value.subgroup(BrokenClockError) is not None


async def test_events_before_the_error_are_told() -> None:
    told: list[Event] = []
    async with served({"debug_token": token(expires_at=1)}) as server, world(server) as there:
        there.clock = broken_clock

        async def listen() -> None:
            async with run_checks(there) as events:
                async for event in events:
                    told.append(event)  # noqa: PERF401 - the loop ends by raising

        with pytest.raises(ExceptionGroup):
            await listen()

    assert CheckFinished("app_secret") in told
    assert CheckFinished("access_token") not in told


async def test_nothing_is_left_to_ask_after_a_run_and_a_second_run_asks_anew() -> None:
    async with served() as server, world(server) as there:
        first = await collect_report(there)
        second = await collect_report(there)

    assert len(server.asked) == 10
    assert statuses(first) == statuses(second)
