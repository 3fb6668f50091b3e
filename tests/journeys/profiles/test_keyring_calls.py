"""What a keyring is asked when a profile is taken over as a whole: each call may be a dialog."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from filelock import FileLock, Timeout
from keyring.backend import KeyringBackend
from keyring.credentials import SimpleCredential
from keyring.errors import PasswordDeleteError

from tests.journeys.profiles.keyring_backend import SIX, names
from tests.vault.backends import Chain, Held, ReadOnly
from wizard.journeys.profiles.profiles import ProfileError, Profiles
from wizard.state import StateFile
from wizard.values.credentials import Secret, Values, plain
from wizard.vault import KeyringVault, Reason, VaultError


class Counting(Held):
    """Counts its calls, and looks whether another program could write meanwhile."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.calls = Counter[str]()
        self.of_entry = Counter[tuple[str, str, str]]()
        self.was_alone: set[bool] = set()
        self._lock = FileLock(folder / "keyring.lock", timeout=0, thread_local=False)

    def get_password(self, service: str, username: str) -> str | None:
        self._count("read", service, username)
        return super().get_password(service, username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self._count("write", service, username)
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._count("delete", service, username)
        if (service, username) not in self.entries:
            raise PasswordDeleteError(username)
        super().delete_password(service, username)

    def _count(self, call: str, service: str, username: str) -> None:
        self.calls[call] += 1
        self.of_entry[call, service, username] += 1
        try:
            self._lock.acquire()
        except Timeout:
            self.was_alone.add(True)
        else:
            self._lock.release()
            self.was_alone.add(False)


def fill(backend: Held, profile: str, values: Values) -> None:
    for name, value in values.present():
        backend.entries[f"whatsapp-wizard:{profile}", name] = plain(value)


def held(backend: Held, profile: str) -> dict[str, str]:
    service = f"whatsapp-wizard:{profile}"
    return {name: value for (of, name), value in backend.entries.items() if of == service}


ALL = {name: plain(value) for name, value in SIX.present()}


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def backend(tmp_path: Path) -> Counting:
    counting = Counting(tmp_path)
    keyring.set_keyring(counting)
    return counting


@pytest.fixture
def profiles(tmp_path: Path) -> Profiles:
    return Profiles(StateFile(tmp_path), KeyringVault)


def on(backend: KeyringBackend) -> None:
    keyring.set_keyring(backend)


@pytest.mark.parametrize("source", ["default", "shop", "unlisted"])
@pytest.mark.parametrize("change", ["copy", "rename"])
async def test_each_value_is_read_written_and_deleted_once(
    backend: Counting, profiles: Profiles, change: str, source: str
) -> None:
    fill(backend, source, SIX)
    if source == "shop":
        await profiles.create("shop")
    await (profiles.copy if change == "copy" else profiles.rename)(source, "live")
    deleted = 6 if change == "rename" else 0
    assert backend.calls == Counter(read=6, write=6, delete=deleted)
    assert set(backend.of_entry.values()) == {1}
    assert held(backend, "live") == ALL
    assert held(backend, source) == ({} if change == "rename" else ALL)


async def test_of_a_profile_with_some_values_only_those_are_written(
    backend: Counting, profiles: Profiles
) -> None:
    fill(backend, "default", Values(app_id="1", verify_token=Secret("two")))
    await profiles.rename("default", "live")
    assert backend.calls == Counter(read=6, write=2, delete=2)


async def test_a_deletion_reads_each_value_once(backend: Counting, profiles: Profiles) -> None:
    fill(backend, "default", SIX)
    assert await profiles.delete("default") == list(ALL)
    assert backend.calls == Counter(read=6, delete=6)


async def test_no_other_program_writes_meanwhile(
    backend: Counting, profiles: Profiles, tmp_path: Path
) -> None:
    fill(backend, "default", SIX)
    await profiles.rename("default", "live")
    assert backend.was_alone == {True}
    state = StateFile(tmp_path)
    other = KeyringVault("live", turn=state.keyring_turn)
    async with state.keyring_turns():
        storing = asyncio.create_task(other.put("app_id", "2"))
        await asyncio.wait([storing], timeout=0.1)
        assert held(backend, "live")["app_id"] == ALL["app_id"]
    await storing
    assert held(backend, "live")["app_id"] == "2"


async def test_that_another_programs_write_is_waited_for_is_said(
    backend: Counting, profiles: Profiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(backend, "default", SIX)
    told = asyncio.Event()
    monkeypatch.setattr("wizard.vault.waiting.PATIENCE", 0.05)
    monkeypatch.setattr("wizard.vault.waiting.on_wait", [told.set])
    async with StateFile(tmp_path).keyring_turns():
        copying = asyncio.create_task(profiles.copy("default", "live"))
        await asyncio.wait_for(told.wait(), 5)
        assert backend.calls["write"] == 0
    await copying
    assert held(backend, "live") == ALL


class Deaf(Held):
    """Drops the wallet's own answer, as keyring's backend for KWallet does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """The disk is full, say."""


Deaf.__module__ = "keyring.backends.kwallet"


@pytest.mark.parametrize("change", ["copy", "rename"])
@pytest.mark.parametrize("kind", ["kwallet", "chain"])
async def test_where_a_backend_says_yes_to_everything_no_value_is_lost(
    profiles: Profiles, tmp_path: Path, kind: str, change: str
) -> None:
    member = Deaf() if kind == "kwallet" else ReadOnly()
    fill(member, "default", SIX)
    on(member if kind == "kwallet" else Chain(member))
    with pytest.raises(VaultError):
        await (profiles.copy if change == "copy" else profiles.rename)("default", "live")
    assert held(member, "default") == ALL
    assert names(StateFile(tmp_path)) == ["default"]


class GivingBack(Chain):
    """Behind the member that deletes stands another that has the value too."""


GivingBack.__module__ = Chain.__module__


async def test_a_chain_that_gives_back_what_it_deleted_is_found_out(profiles: Profiles) -> None:
    first, second = Held(), Held()
    for member in (first, second):
        fill(member, "default", SIX)
    on(GivingBack(first, second))
    with pytest.raises(VaultError, match="still there"):
        await profiles.rename("default", "live")
    assert held(first, "live") == ALL


class Listing(Held):
    """Finds an entry by its service alone, as the Secret Service does."""

    def get_credential(self, service: str, username: str | None) -> SimpleCredential | None:
        for (of, name), value in self.entries.items():
            if of == service and username in {None, name}:
                return SimpleCredential(name, value)
        return None


class Keychain(Held):
    """Finds none by its service alone; macOS asks nobody about what is not there."""


Keychain.__module__ = "keyring.backends.macOS"


@pytest.mark.parametrize("kind", [Listing, Keychain])
async def test_what_stands_under_the_new_name_unlisted_is_not_written_over(
    profiles: Profiles, kind: type[Held]
) -> None:
    on(backend := kind())
    fill(backend, "default", SIX)
    fill(backend, "live", Values(app_id="another"))
    for call in (profiles.copy("default", "live"), profiles.rename("default", "live")):
        with pytest.raises(ProfileError, match="already exists"):
            await call
    assert held(backend, "live") == {"app_id": "another"}
    assert held(backend, "default") == ALL


class Shut(Held):
    """Refuses to delete, as KeePassXC does until one says yes."""

    def delete_password(self, service: str, username: str) -> None:
        raise PasswordDeleteError("denied")


async def test_a_deletion_that_is_refused_is_told_and_may_be_repeated(
    profiles: Profiles, tmp_path: Path
) -> None:
    on(shut := Shut())
    fill(shut, "default", SIX)
    with pytest.raises(VaultError) as caught:
        await profiles.rename("default", "live")
    assert caught.value.reason is Reason.WRITE_FAILED
    opened = Held()
    opened.entries = shut.entries
    on(opened)
    await profiles.rename("default", "live")
    assert (held(opened, "default"), held(opened, "live")) == ({}, ALL)
    assert names(StateFile(tmp_path)) == ["default", "live"]
