"""The vault on good and bad days."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend

from tests.vault.backends import Failing, Hanging, Held, Lying, PlaintextKeyring, Unwritable
from tests.vault.contract import TOKEN, VaultContract
from wizard.credentials import Values
from wizard.vault import KeyringVault, MemoryVault, Reason, Vault, VaultError

Use = Callable[[KeyringBackend], KeyringVault]


@pytest.fixture
def use() -> Iterator[Use]:
    """Puts a back end in place and gives a vault on it."""
    before = keyring.get_keyring()

    def on(backend: KeyringBackend) -> KeyringVault:
        keyring.set_keyring(backend)
        return KeyringVault("test", limit=0.4)

    yield on
    keyring.set_keyring(before)


class TestMemoryVault(VaultContract):
    @pytest.fixture
    def vault(self) -> Vault:
        return MemoryVault()


class TestKeyringVault(VaultContract):
    @pytest.fixture
    def vault(self, use: Use) -> Vault:
        return use(Held())


async def test_entries_bear_the_names_of_the_contract(use: Use) -> None:
    backend = Held()
    await use(backend).put("access_token", TOKEN)
    assert list(backend.entries) == [("whatsapp-wizard:test", "access_token")]


async def test_profiles_do_not_see_each_other(use: Use) -> None:
    vault = use(Held())
    await vault.put("app_id", "1")
    assert await KeyringVault("other").load() == Values()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (errors.NoKeyringError("none"), Reason.NO_BACKEND),
        (errors.KeyringLocked("Failed to unlock the collection!"), Reason.LOCKED),
        (errors.InitError("Failed to create the collection: Prompt dismissed.."), Reason.REFUSED),
        (errors.InitError("Failed to unlock"), Reason.LOCKED),
        (RuntimeError("something of its own"), Reason.UNREADABLE),
        (OSError(1783, "The stub received bad data."), Reason.UNREADABLE),
    ],
)
async def test_whatever_a_back_end_raises_comes_out_as_one_exception_with_a_reason(
    use: Use, error: Exception, reason: Reason
) -> None:
    with pytest.raises(VaultError) as caught:
        await use(Failing(error)).load()
    assert caught.value.reason is reason


async def test_a_write_that_is_refused_is_told_without_the_value(use: Use) -> None:
    with pytest.raises(VaultError) as caught:
        await use(Unwritable()).put("access_token", TOKEN)
    assert caught.value.reason is Reason.WRITE_FAILED
    assert TOKEN.reveal() not in f"{caught.value} {caught.value.detail} {caught.value!r}"
    assert caught.value.__cause__ is None


async def test_a_back_end_that_keeps_nothing_is_found_out(use: Use) -> None:
    with pytest.raises(VaultError) as caught:
        await use(Lying()).put("access_token", TOKEN)
    assert caught.value.reason is Reason.WRITE_FAILED


async def test_a_call_that_never_returns_is_given_up_within_its_limit(use: Use) -> None:
    vault = use(backend := Hanging())
    begun = time.monotonic()
    for _ in range(2):
        with pytest.raises(VaultError) as caught:
            await vault.load()
        assert caught.value.reason is Reason.TIMEOUT
    assert time.monotonic() - begun < 3
    backend.answered.set()


async def test_the_loop_goes_on_while_a_call_hangs(use: Use) -> None:
    vault = use(backend := Hanging())
    loading = asyncio.create_task(vault.load())
    beats = 0
    while not loading.done():
        await asyncio.sleep(0.01)
        beats += 1
    assert beats > 10
    assert isinstance(loading.exception(), VaultError)
    backend.answered.set()


async def test_a_back_end_in_clear_text_is_named_as_such(use: Use) -> None:
    assert (await use(PlaintextKeyring()).describe()).plaintext
    assert not (await use(Held()).describe()).plaintext


HANGS = """
import asyncio, keyring
from tests.vault.backends import Hanging
from wizard.vault import KeyringVault, VaultError
keyring.set_keyring(Hanging())
async def main():
    try:
        await KeyringVault("x", limit=0.2).load()
    except VaultError as error:
        print(error.reason)
asyncio.run(main())
"""


def python(code: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=20,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": ".", **env},
        check=False,
    )


def test_a_call_that_hangs_does_not_hold_the_program_at_its_exit() -> None:
    ended = python(HANGS)
    assert (ended.stdout.strip(), ended.returncode) == ("timeout", 0)


LOADS = """
import asyncio
from wizard.vault import KeyringVault, VaultError
try:
    asyncio.run(KeyringVault("x").load())
except VaultError as error:
    print(error.reason, error.detail)
"""


@pytest.mark.parametrize(
    "backend",
    [
        "no.such.Module",
        "keyring.backends.null.Nothing",
        "nonsense",
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
    ],
)
def test_a_back_end_that_is_none_is_no_keyring(backend: str) -> None:
    ended = python(LOADS, PYTHON_KEYRING_BACKEND=backend)
    assert ended.stdout.startswith("no_backend"), ended
    assert ended.stderr == ""


def test_a_back_end_named_wrongly_is_blamed_on_its_variable() -> None:
    ended = python(LOADS, PYTHON_KEYRING_BACKEND="no.such.Module")
    assert "PYTHON_KEYRING_BACKEND names no.such.Module" in ended.stdout
