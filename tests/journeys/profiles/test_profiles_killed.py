"""Profiles whose rename, copy or deletion was broken off at any moment: nothing is lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.journeys.profiles.keyring_backend import SIX, SOME, Breaking, Killed, Ring, names
from wizard.journeys.profiles.listing import list_profiles
from wizard.journeys.profiles.profiles import ProfileError, Profiles
from wizard.state import StateFile
from wizard.values.credentials import Secret, Values
from wizard.vault import Reason, VaultError

ERRORS = {
    "killed": Killed(),
    "locked": VaultError(Reason.LOCKED),
    "no answer": VaultError(Reason.TIMEOUT),
}


def steps_of(tmp_path: Path, change: str) -> int:
    ring = Ring({"shop": SIX})
    state = Breaking(tmp_path / "counted", ring)
    state.save("shop", SOME)
    ring.steps = 0
    asyncio.run(_change(Profiles(state, ring.vault), change))
    return ring.steps


async def _change(profiles: Profiles, change: str) -> None:
    if change == "delete":
        await profiles.delete("shop")
    else:
        await (profiles.rename if change == "rename" else profiles.copy)("shop", "live")


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("change", ["rename", "copy"])
def test_broken_off_at_any_step_no_value_is_lost_and_once_more_ends_it(
    tmp_path: Path, change: str, error: str
) -> None:
    count = steps_of(tmp_path, change)
    assert count >= 12
    for step in range(1, count + 1):
        ring = Ring({"shop": SIX})
        state = Breaking(tmp_path / f"{step}", ring)
        state.save("shop", SOME)
        ring.steps, ring.breaks, ring.error = 0, step, ERRORS[error]
        with pytest.raises((Killed, VaultError)):
            asyncio.run(_change(Profiles(state, ring.vault), change))
        held = [ring.of(name) for name in ("shop", "live")]
        assert SIX in held, f"step {step}"
        for name, values in zip(("shop", "live"), held, strict=True):
            assert values == Values() or name in names(state), f"step {step}: {name} is not listed"
        ring.breaks = 0
        if not is_done(state, change):
            asyncio.run(_change(Profiles(state, ring.vault), change))
        assert ring.of("live") == SIX
        assert ring.of("shop") == (Values() if change == "rename" else SIX)
        assert unfinished(state) == []
        assert state.load("live").step == SOME.step


def is_done(state: StateFile, change: str) -> bool:
    if change == "rename":
        return "shop" not in names(state)
    return "live" in names(state) and not unfinished(state)


def unfinished(state: StateFile) -> list[str]:
    return [one.unfinished for one in list_profiles(state) if one.unfinished]


def test_a_deletion_that_was_broken_off_is_listed_until_it_is_done(tmp_path: Path) -> None:
    for step in range(1, steps_of(tmp_path, "delete") + 1):
        ring = Ring({"shop": SIX}, breaks=0)
        state = Breaking(tmp_path / f"{step}", ring)
        state.save("shop", SOME)
        ring.steps, ring.breaks = 0, step
        with pytest.raises(Killed):
            asyncio.run(_change(Profiles(state, ring.vault), "delete"))
        assert ring.of("shop") == Values() or "shop" in names(state)
        ring.breaks = 0
        if "shop" in names(state):
            asyncio.run(_change(Profiles(state, ring.vault), "delete"))
        assert (ring.of("shop"), names(state)) == (Values(), ["default"])


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("after", range(2, 6))
async def test_a_keyring_that_locks_on_the_way_leaves_no_half_of_a_copy(
    profiles: Profiles, state: StateFile, ring: Ring, after: int
) -> None:
    ring.breaks, ring.error = 2 + after, VaultError(Reason.LOCKED)
    with pytest.raises(VaultError):
        await profiles.copy("shop", "test")
    assert (ring.of("test"), names(state)) == (Values(), ["default", "shop"])


@pytest.mark.usefixtures("shop")
async def test_what_was_not_ended_says_so_and_may_be_deleted(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    ring.breaks = 8
    with pytest.raises(Killed):
        await profiles.copy("shop", "test")
    said = {one.name: one.unfinished for one in list_profiles(state)}
    assert (said["shop"], "shop" in said["test"]) == ("", True)
    await profiles.delete("test")
    assert (ring.of("shop"), names(state)) == (SIX, ["default", "shop"])


@pytest.mark.usefixtures("shop")
async def test_a_value_that_was_stored_in_between_is_not_written_over(
    profiles: Profiles, ring: Ring
) -> None:
    ring.breaks = 6
    with pytest.raises(Killed):
        await profiles.copy("shop", "test")
    ring.held["test"] = ring.of("test").with_("app_id", "another")
    with pytest.raises(ProfileError, match="App ID"):
        await profiles.copy("shop", "test")
    assert ring.of("test").app_id == "another"


@pytest.mark.usefixtures("shop")
async def test_of_a_rename_whose_rest_was_changed_nothing_is_deleted(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    await profiles.rename("shop", "live")
    with state.transaction() as said:
        said["profiles"]["shop"] = {"moved_to": "live"}
    ring.held["shop"] = Values(access_token=Secret("EAAnewer"))
    with pytest.raises(ProfileError, match="Access token"):
        await profiles.rename("shop", "live")
    assert ring.of("shop").access_token == Secret("EAAnewer")
    await profiles.delete("shop")
    assert ring.of("live") == SIX
