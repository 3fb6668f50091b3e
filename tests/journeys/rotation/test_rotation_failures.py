"""What a keyring, another rotation and an impatient person can do to one that is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.rotation.rotating import KNOWN, Bench, Kept, bench, ids, newer
from tests.tables import each_line
from wizard.journeys.rotation.rotation import Rotation
from wizard.journeys.rotation.stages import RotationStage
from wizard.state import Progress, StateFile
from wizard.values.credentials import Secret, Value, Values
from wizard.vault import Reason, VaultError
from wizard.world import World


class Slow(Kept):
    """Writes only when it is let."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.asked, self.let = asyncio.Event(), asyncio.Event()
        self.known: Callable[[], Progress] = Progress
        self.at_writing: Progress | None = None

    async def put(self, name: str, value: Value) -> None:
        self.at_writing = self.known()
        self.asked.set()
        await self.let.wait()
        await super().put(name, value)


async def test_what_was_known_of_the_old_token_is_gone_before_the_new_one_is_written(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, vault=Slow) as there:
        assert isinstance(there.world.vault, Slow)
        there.world.vault.known = lambda: there.known
        there.world.vault.let.set()
        token = newer(there)
        await there.rotate(token)
        at_writing = there.world.vault.at_writing
        assert at_writing is not None
        assert (at_writing.token_expires_at, at_writing.token_kind) == (None, None)
        assert list(at_writing.tested) == ["waba_id"]
        assert there.known.token_expires_at == there.end_of(token)
        assert there.known.token_kind == "temporary"


async def test_who_is_told_to_end_while_it_writes_ends_when_it_has_written(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, vault=Slow) as there:
        assert isinstance(there.world.vault, Slow)
        token = newer(there)
        running = asyncio.create_task(there.rotate(token))
        await there.world.vault.asked.wait()
        running.cancel()
        there.world.vault.let.set()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await there.stored() == token
        assert there.known.token_expires_at == there.end_of(token)


class CutOff(Kept):
    """The network goes when the new token is written."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.world: World | None = None

    async def put(self, name: str, value: Value) -> None:
        assert self.world is not None
        self.world.graph_url = "http://127.0.0.1:9"
        await super().put(name, value)


async def test_the_network_gone_at_the_swap_leaves_the_new_one_stored_and_says_so(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, vault=CutOff) as there:
        assert isinstance(there.world.vault, CutOff)
        there.world.vault.world = there.world
        token = newer(there)
        rotated = await there.rotate(token)
        assert rotated.swapped
        assert rotated.report.exit_code == 3
        assert "access_token.swapped" in ids(rotated)
        assert await there.stored() == token
        assert there.known.tested["access_token"].outcome == "passed"


async def test_of_two_at_once_the_second_waits_and_is_judged_by_what_the_first_stored(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path) as there:
        token = newer(there)
        other = Bench(there.meta, replace(there.world, _graph=None))
        first, second = await asyncio.gather(there.rotate(token), other.rotate(token))
        assert [first.swapped, second.swapped].count(True) == 1
        late, loser = (there, first) if second.swapped else (other, second)
        assert late.stages[0] is RotationStage.WAITING
        assert "access_token.unchanged" in ids(loser)
        assert await there.stored() == token


async def test_who_has_waited_long_enough_goes_and_says_why(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        there.patience = 0.0
        async with StateFile(tmp_path).rotation_lock("test", 0.0, lambda: None):
            rotated = await there.rotate(newer(there))
        assert ids(rotated) == {"access_token.in_rotation", "access_token.kept"}
        assert rotated.report.exit_code == 1
        assert await there.stored() == there.old
        assert (await there.rotate(newer(there))).swapped


async def test_another_profiles_rotation_is_not_waited_for(tmp_path: Path) -> None:
    async with bench(tmp_path) as there:
        async with StateFile(tmp_path).rotation_lock("other", 0.0, lambda: None):
            assert (await there.rotate(newer(there))).swapped
        assert RotationStage.WAITING not in there.stages


async def test_a_folder_that_can_not_be_had_stops_no_rotation_and_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with bench(tmp_path / "file" / "state") as there:
        rotation = Rotation(there.world)
        assert (await rotation.run(newer(there))).swapped
        assert str(tmp_path) in rotation.unlocked


class Failing(Kept):
    """Fails at its first write, after which it holds what `leaves` says."""

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.reason: Reason | None = Reason.WRITE_FAILED
        self.leaves: Callable[[Value, Value | None], Value | None] = lambda _new, old: old

    async def put(self, name: str, value: Value) -> None:
        reason, self.reason = self.reason, None
        if reason is None:
            await super().put(name, value)
            return
        self._values = self._values.with_(name, self.leaves(value, self._values.get(name)))
        raise VaultError(reason, "The disk is full.")


@each_line("reason", [Reason.LOCKED, Reason.REFUSED, Reason.NO_BACKEND])
async def test_a_keyring_that_takes_nothing_keeps_the_old_one(
    tmp_path: Path, reason: Reason
) -> None:
    async with bench(tmp_path, vault=Failing) as there:
        assert isinstance(there.world.vault, Failing)
        there.world.vault.reason = reason
        rotated = await there.rotate(newer(there))
        assert not rotated.swapped
        assert rotated.report.exit_code == 4
        assert ids(rotated) == {f"keyring.{reason}", "access_token.kept"}
        assert await there.stored() == there.old


@each_line(
    "leaves",
    [lambda _new, old: old, lambda _new, _old: None, lambda _new, _old: Secret("EAAhalf")],
    ids=["the old one", "nothing", "something else"],
)
async def test_what_was_not_kept_as_it_was_given_is_taken_out_for_the_old_one(
    tmp_path: Path, leaves: Callable[[Value, Value | None], Value | None]
) -> None:
    async with bench(tmp_path, vault=Failing) as there:
        assert isinstance(there.world.vault, Failing)
        there.world.vault.leaves = leaves
        rotated = await there.rotate(newer(there))
        assert not rotated.swapped
        assert ids(rotated) == {"keyring.write_failed", "access_token.kept"}
        assert await there.stored() == there.old
        assert there.known == KNOWN


async def test_a_write_that_is_given_up_and_comes_to_pass_is_no_lie(tmp_path: Path) -> None:
    async with bench(tmp_path, vault=Failing) as there:
        assert isinstance(there.world.vault, Failing)
        there.world.vault.reason = Reason.TIMEOUT
        there.world.vault.leaves = lambda new, _old: new
        rotated = await there.rotate(newer(there))
        assert ids(rotated) == {"keyring.timeout"}
        assert (there.known.token_expires_at, *there.known.tested) == (None, "waba_id")
        assert rotated.report.exit_code == 4


async def test_a_failure_that_kept_the_new_one_all_the_same_is_told_as_it_is(
    tmp_path: Path,
) -> None:
    async with bench(tmp_path, vault=Failing) as there:
        assert isinstance(there.world.vault, Failing)
        there.world.vault.leaves = lambda new, _old: new
        token = newer(there)
        rotated = await there.rotate(token)
        assert rotated.swapped
        assert {"keyring.write_failed", "access_token.swapped"} <= ids(rotated)
        assert await there.stored() == token


class Locked(Kept):
    async def load(self) -> Values:
        raise VaultError(Reason.LOCKED, "GNOME Keyring")


async def test_a_keyring_that_can_not_be_read_is_all_that_is_said(tmp_path: Path) -> None:
    async with bench(tmp_path, vault=Locked) as there:
        rotated = await there.rotate(newer(there))
        assert ids(rotated) == {"keyring.locked"}
        assert rotated.report.exit_code == 4
