"""Profiles as a whole: listed, made, renamed, copied and deleted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from tests.journeys.profiles.keyring_backend import SIX, SOME, Kept, Ring, current, names
from tests.tables import each_line
from wizard.journeys.onboarding.outcomes import CheckOutcome
from wizard.journeys.profiles.current import resolve_profile
from wizard.journeys.profiles.listing import list_profiles
from wizard.journeys.profiles.profiles import ProfileError, Profiles, left_at_meta
from wizard.journeys.profiles.vault import ProfileVault
from wizard.settings import SettingError
from wizard.state import (
    LockTimeoutError,
    ProfileIndex,
    Progress,
    StateError,
    StateFile,
    StoredWebhook,
)
from wizard.values.credentials import CREDENTIALS, Secret, Values
from wizard.vault import Reason, VaultError

# Which there are


async def test_the_default_one_is_always_there_and_the_current_one_at_first(
    profiles: Profiles,
) -> None:
    (one,) = await profiles.listed()
    assert (one.name, one.current, one.progress) == ("default", True, Progress())


async def test_a_new_one_is_listed_and_may_be_switched_to(
    profiles: Profiles, state: StateFile
) -> None:
    await profiles.create("shop")
    await profiles.create("Blog")
    assert (names(state), current(state)) == (["Blog", "default", "shop"], ["default"])
    await profiles.switch("shop")
    assert current(state) == ["shop"]
    await profiles.switch("default")
    assert current(state) == ["default"]


async def test_a_profile_that_was_stored_before_there_was_a_list_is_found_when_it_is_named(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    ring.held["old"] = SIX
    assert names(state) == ["default"]
    await profiles.switch("old")
    assert current(state) == ["old"]


@pytest.mark.usefixtures("shop")
async def test_each_shows_what_its_tests_said_from_the_state_alone(
    profiles: Profiles, ring: Ring
) -> None:
    one = next(one for one in await profiles.listed() if one.name == "shop")
    assert one.having(CheckOutcome.PASSED) == ["app_id"]
    assert one.having(CheckOutcome.FAILED) == ["waba_id"]
    assert one.progress.token_expires_at == 1_795_000_000
    assert ring.steps == 0


async def test_whatever_is_stored_is_listed_first(state: StateFile, ring: Ring) -> None:
    vault = ProfileVault("shop", Kept(ring, "shop"), state)
    ring.breaks, ring.error = 1, VaultError(Reason.LOCKED)
    with pytest.raises(VaultError):
        await vault.put("app_id", "1")
    assert names(state) == ["default", "shop"]
    await vault.put("app_id", "1")
    assert await vault.load() == Values(app_id="1")
    assert await vault.delete("app_id")


async def test_a_state_that_can_not_be_written_keeps_nobody_from_storing(
    tmp_path: Path, ring: Ring
) -> None:
    (tmp_path / "file").write_text("in the way")
    vault = ProfileVault("shop", Kept(ring, "shop"), StateFile(tmp_path / "file" / "state"))
    await vault.put("app_id", "1")
    assert ring.of("shop") == Values(app_id="1")


# Which one is meant


@each_line(
    ("switched_to", "named", "expected"),
    [(None, None, "default"), ("shop", None, "shop"), ("shop", "blog", "blog")],
)
def test_what_is_named_goes_before_what_was_switched_to(
    switched_to: str | None, named: str | None, expected: str
) -> None:
    assert resolve_profile(ProfileIndex({}, switched_to), named) == expected


# Names


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("name", ["", "..", "a/b", "con", "COM1", "nul.txt", "x.", "a b"])
async def test_a_name_that_is_none_is_refused_wherever_one_is_given(
    profiles: Profiles, state: StateFile, name: str
) -> None:
    for call in (
        profiles.create(name),
        profiles.rename("shop", name),
        profiles.copy("shop", name),
        profiles.switch(name),
        profiles.delete(name),
    ):
        with pytest.raises(SettingError):
            await call
    assert names(state) == ["default", "shop"]


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("name", ["Shop", "SHOP", "Default"])
async def test_a_name_that_differs_in_letter_case_alone_is_refused(
    profiles: Profiles, state: StateFile, name: str
) -> None:
    for call in (profiles.create(name), profiles.rename("shop", name), profiles.copy("shop", name)):
        with pytest.raises(SettingError, match="can't tell them apart"):
            await call
    with pytest.raises(SettingError, match="can't tell them apart"):
        resolve_profile(state.read_index(), name)


@pytest.mark.usefixtures("shop")
async def test_nothing_is_written_over_a_profile_that_is_there(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    await profiles.create("empty")
    ring.held["unlisted"] = Values(app_id="1")
    for taken in ("empty", "unlisted"):
        for call in (profiles.rename("shop", taken), profiles.copy("shop", taken)):
            with pytest.raises(ProfileError, match="already"):
                await call
    for name in ("shop", "default"):
        with pytest.raises(ProfileError, match="already"):
            await profiles.create(name)
    with pytest.raises(ProfileError, match="the old name"):
        await profiles.rename("shop", "shop")
    assert (ring.of("shop"), ring.of("unlisted")) == (SIX, Values(app_id="1"))
    assert state.load("shop") == SOME


async def test_a_profile_that_is_none_is_named_with_those_there_are(profiles: Profiles) -> None:
    await profiles.create("shop")
    for call in (
        profiles.switch("nix"),
        profiles.rename("nix", "new"),
        profiles.copy("nix", "new"),
        profiles.delete("nix"),
    ):
        with pytest.raises(ProfileError, match="No profile nix\\. Profiles: default, shop\\."):
            await call


# Rename, copy, delete


@pytest.mark.usefixtures("shop")
async def test_a_rename_takes_everything_along(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    await profiles.switch("shop")
    assert await profiles.rename("shop", "live") == SIX
    assert (ring.of("shop"), ring.of("live")) == (Values(), SIX)
    assert state.load("live") == SOME
    assert (names(state), current(state)) == (["default", "live"], ["live"])
    assert "rotation.shop.lock" not in {path.name for path in state.folder.iterdir()}


async def test_who_renames_the_default_profile_goes_on_with_it(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    ring.held["default"] = SIX
    state.save("default", SOME)
    await profiles.rename("default", "shop")
    assert (current(state), state.load("default")) == (["shop"], Progress())
    await profiles.rename("shop", "default")
    assert (names(state), current(state), ring.of("default")) == (["default"], ["default"], SIX)


@pytest.mark.usefixtures("shop")
async def test_a_copy_has_the_values_and_no_webhook(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    assert await profiles.copy("shop", "test") == SIX
    assert (ring.of("shop"), ring.of("test")) == (SIX, SIX)
    assert state.load("shop") == SOME
    assert state.load("test") == replace(SOME, webhook=StoredWebhook())
    assert current(state) == ["default"]


@pytest.mark.usefixtures("shop")
async def test_what_a_newer_program_remembers_goes_along(
    profiles: Profiles, state: StateFile
) -> None:
    with state.transaction() as said:
        said["profiles"]["shop"]["shade"] = "dark"
    await profiles.copy("shop", "test")
    await profiles.rename("shop", "live")
    with state.transaction() as said:
        assert [said["profiles"][name]["shade"] for name in ("test", "live")] == ["dark", "dark"]


@pytest.mark.usefixtures("shop")
async def test_a_profile_that_is_deleted_leaves_nothing_and_the_default_one_is_current(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    ring.held["blog"] = Values(app_id="1")
    await profiles.switch("blog")
    await profiles.switch("shop")
    assert await profiles.delete("shop") == list(CREDENTIALS)
    assert (ring.of("shop"), ring.of("blog")) == (Values(), Values(app_id="1"))
    assert (names(state), current(state)) == (["blog", "default"], ["default"])
    assert "shop" not in " ".join(path.name for path in state.folder.iterdir())
    assert await profiles.delete("default") == []


@pytest.mark.usefixtures("shop")
def test_what_ours_took_the_place_of_is_told_before_it_is_forgotten(state: StateFile) -> None:
    said = {one.name: "\n".join(left_at_meta(one)) for one in list_profiles(state)}
    assert said["default"] == ""
    assert "https://theirs.example/hook" in said["shop"]
    assert "restore --profile shop" in said["shop"]


# Others at the same time


@pytest.mark.usefixtures("shop")
async def test_a_rotation_that_runs_ends_first(
    state: StateFile, ring: Ring, tmp_path: Path
) -> None:
    told: list[str] = []
    profiles = Profiles(state, ring.vault, waiting=lambda: told.append("waiting"), patience=5)
    async with state.rotation_lock("shop", 1, lambda: None):
        renaming = asyncio.create_task(profiles.rename("shop", "live"))
        while not told:
            await asyncio.sleep(0.01)
        ring.held["shop"] = SIX.with_("access_token", Secret("EAAtwo"))
    await renaming
    assert ring.of("live").access_token == Secret("EAAtwo")
    assert ring.of("shop") == Values()


@pytest.mark.usefixtures("shop")
async def test_one_that_does_not_end_keeps_all_as_it_is(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    async with state.rotation_lock("shop", 1, lambda: None):
        for call in (
            profiles.rename("shop", "live"),
            profiles.copy("shop", "test"),
            profiles.delete("shop"),
        ):
            with pytest.raises(LockTimeoutError):
                await call
    assert (ring.of("shop"), names(state)) == (SIX, ["default", "shop"])


@pytest.mark.usefixtures("shop")
async def test_what_another_program_has_open_is_neither_renamed_nor_deleted(
    profiles: Profiles, state: StateFile, ring: Ring
) -> None:
    with state.using("shop"):
        for call in (profiles.rename("shop", "live"), profiles.delete("shop")):
            with pytest.raises(ProfileError, match="is open in another"):
                await call
        await profiles.copy("shop", "test")
    with state.using("late"), pytest.raises(ProfileError, match="is open in another"):
        await profiles.copy("shop", "late")
    assert ring.of("shop") == SIX
    await profiles.rename("shop", "live")


async def test_a_folder_that_can_not_be_used_is_one_exception(tmp_path: Path, ring: Ring) -> None:
    (tmp_path / "file").write_text("in the way")
    profiles = Profiles(StateFile(tmp_path / "file" / "state"), ring.vault)
    for call in (profiles.listed(), profiles.create("shop"), profiles.switch("default")):
        with pytest.raises(StateError, match="file"):
            await call
