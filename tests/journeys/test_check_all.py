"""Every profile checked: how many at once, and what is held of those that are done."""

from __future__ import annotations

import asyncio
import gc
import weakref
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from tests.bench.crowd import Crowd, id_of
from wizard.findings import Report
from wizard.graph import Pool
from wizard.journeys.check_all import check_profiles
from wizard.settings import GRAPH_VERSION
from wizard.simulator import serve
from wizard.values.credentials import Secret, Values
from wizard.values.shapes import generate_verify_token
from wizard.vault import MemoryVault, Reason, VaultError
from wizard.world import World


def values_of(place: int) -> Values:
    return Values(
        id_of("app", place),
        Secret(f"{place:032x}"),
        Secret(f"EAA{place:0180}"),
        id_of("number", place),
        id_of("waba", place),
        generate_verify_token(),
    )


class Office:
    """Opens worlds by the number that is a profile's name, and counts those that are open."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.pool = Pool(base, 6)
        self.open = 0
        self.peak = 0

    def world(self, name: str) -> World:
        office = self

        class Counted(World):
            async def __aenter__(self) -> World:
                office.open += 1
                office.peak = max(office.peak, office.open)
                return await super().__aenter__()

            async def close(self) -> None:
                office.open -= 1
                await super().close()

        vault = MemoryVault(values_of(int(name)))
        return Counted(name, Values(), self.base, GRAPH_VERSION, vault, pool=self.pool)


@pytest.fixture
async def office() -> AsyncIterator[Office]:
    async with serve(Crowd()) as base:
        found = Office(base)
        yield found
        await found.pool.close()


def names(count: int) -> list[str]:
    return [str(place) for place in range(count)]


async def test_each_is_told_once_and_only_a_few_are_open(office: Office) -> None:
    async with check_profiles(names(30), office.world, at_once=3) as checked:
        told = [one async for one in checked]
    assert sorted(one.profile for one in told) == sorted(names(30))
    assert all(one.report and one.report.ok for one in told)
    assert all(one.learned.tested["access_token"].outcome == "passed" for one in told)
    assert (office.peak, office.open) == (3, 0)


async def test_however_slow_the_reader_only_a_few_reports_are_held(office: Office) -> None:
    seen: list[weakref.ref[Report]] = []
    most = 0
    gc.collect()
    gc.freeze()  # what was there before is not looked through again, after each
    async with check_profiles(names(40), office.world, at_once=2) as checked:
        async for one in checked:
            assert one.report is not None
            seen.append(weakref.ref(one.report))
            del one
            for _ in range(20):
                await asyncio.sleep(0)
            gc.collect()
            most = max(most, sum(1 for report in seen if report() is not None))
    assert len(seen) == 40
    assert most <= 2


async def test_leaving_early_ends_what_runs(office: Office) -> None:
    async with check_profiles(names(500), office.world, at_once=4) as checked:
        await anext(checked)
    assert office.open == 0
    assert office.peak <= 4


async def test_a_profile_without_values_has_no_report(office: Office) -> None:
    def empty(name: str) -> World:
        return replace(office.world(name), vault=MemoryVault())

    async with check_profiles(["1"], empty) as checked:
        told = [one async for one in checked]
    assert [(one.profile, one.report, one.hopeless) for one in told] == [("1", None, False)]


class Shut(MemoryVault):
    persistent = True

    def __init__(self, reason: Reason) -> None:
        super().__init__()
        self._reason = reason

    async def load(self) -> Values:
        raise VaultError(self._reason)


@pytest.mark.parametrize(
    ("reason", "hopeless"),
    [(Reason.LOCKED, True), (Reason.NO_BACKEND, True), (Reason.UNREADABLE, False)],
)
async def test_a_keyring_that_is_shut_to_all_is_told_from_one_bad_entry(
    office: Office, reason: Reason, hopeless: bool
) -> None:
    def shut(name: str) -> World:
        return replace(office.world(name), vault=Shut(reason))

    async with check_profiles(["1"], shut) as checked:
        [one] = [one async for one in checked]
    assert one.report is not None
    assert one.report.exit_code == 4
    assert one.hopeless is hopeless


async def test_a_bug_comes_out_where_the_reader_is(office: Office) -> None:
    def broken(name: str) -> World:
        raise LookupError(name)

    with pytest.raises(ExceptionGroup) as caught:  # noqa: PT012 - it comes out of the loop
        async with check_profiles(names(3), broken) as checked:
            async for _ in checked:
                pass
    assert caught.group_contains(LookupError)
