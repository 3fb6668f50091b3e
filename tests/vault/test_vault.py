"""The vault on good and bad days."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import keyring
import pytest
from keyring import errors
from keyring.backend import KeyringBackend

from tests.vault.backends import (
    Chain,
    Failing,
    Hanging,
    HangingOnce,
    Held,
    Lying,
    PlaintextKeyring,
    ReadOnly,
    Undying,
    Unwritable,
)
from tests.vault.contract import TOKEN, MachineContract, VaultContract
from wizard.values.credentials import Secret, Values
from wizard.vault import (
    KeyringVault,
    MachineVault,
    MemoryVault,
    Reason,
    Vault,
    VaultError,
    backends,
)
from wizard.vault.secret_service import NoGroupError

ROOT = Path(__file__).parents[2]
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


class TestMachineVault(MachineContract):
    @pytest.fixture
    def machine(self, use: Use) -> MachineVault:
        use(Held())
        return MachineVault(limit=0.4)


async def test_the_machines_entry_is_no_profiles(use: Use) -> None:
    vault = use(backend := Held())
    await MachineVault().keep_authtoken(TOKEN)
    assert list(backend.entries) == [("whatsapp-wizard", "ngrok_authtoken")]
    assert await vault.load() == Values()


async def test_a_machine_whose_keyring_is_none_says_so(use: Use) -> None:
    use(Failing(errors.NoKeyringError("none")))
    for call in (MachineVault().authtoken(), MachineVault().keep_authtoken(TOKEN)):
        with pytest.raises(VaultError) as caught:
            await call
        assert caught.value.reason is Reason.NO_BACKEND


async def test_entries_bear_the_names_of_the_contract(use: Use) -> None:
    backend = Held()
    await use(backend).put("access_token", TOKEN)
    assert list(backend.entries) == [("whatsapp-wizard:test", "access_token")]


async def test_the_back_end_in_use_is_asked_for_its_name_once_for_all_profiles(use: Use) -> None:
    asked = list[str]()

    class Named(Held):
        @property
        def name(self) -> str:
            asked.append("name")
            return "a safe"

    vault = use(Named())
    vaults = (vault, KeyringVault("other"), vault)
    assert [(await one.describe()).name for one in vaults] == ["a safe"] * 3
    assert len(asked) == 1
    assert (await use(Held()).describe()).name != "a safe"


async def test_a_back_end_that_no_table_can_hold_is_described_too(use: Use) -> None:
    class Equal(Held):
        __hash__ = None  # type: ignore[assignment]

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Equal)

    vault = use(Equal())
    assert [(await vault.describe()).name for _ in range(2)] == [(await vault.describe()).name] * 2


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
        (NoGroupError(), Reason.NO_GROUP),
        (SystemExit(TOKEN.reveal()), Reason.UNREADABLE),
        (GeneratorExit(TOKEN.reveal()), Reason.UNREADABLE),
        (errors.InitError("Failed to open keyring: no such name on the bus."), Reason.UNREADABLE),
        (errors.KeyringLocked("keychain: (-128, 'Keychain Access Denied')"), Reason.REFUSED),
        (errors.KeyringError("keychain: (-25308, 'Unknown Error')"), Reason.LOCKED),
        (Exception(1312, "CredRead", "A specified logon session…"), Reason.NO_BACKEND),
        (RuntimeError("something of its own"), Reason.UNREADABLE),
        (OSError(1783, "The stub received bad data."), Reason.UNREADABLE),
        (TimeoutError("the bus"), Reason.UNREADABLE),
    ],
)
async def test_whatever_a_back_end_raises_comes_out_as_one_exception_with_a_reason(
    use: Use, error: BaseException, reason: Reason, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    with pytest.raises(VaultError) as caught:
        await use(Failing(error)).load()
    assert caught.value.reason is reason
    assert TOKEN.reveal() not in f"{caught.value} {caught.value.detail}"


async def test_where_there_is_no_display_nobody_was_asked(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    said = "Failed to create the collection: Prompt dismissed.."
    with pytest.raises(VaultError) as caught:
        await use(Failing(errors.InitError(said))).load()
    assert caught.value.reason is (Reason.LOCKED if sys.platform == "linux" else Reason.REFUSED)


@pytest.mark.parametrize("error", [EOFError(), ValueError("Incorrect Password")], ids=repr)
async def test_a_back_end_that_can_not_ask_on_a_terminal_is_locked(
    use: Use, error: Exception
) -> None:
    asking = type("CryptFileKeyring", (Failing,), {"__module__": "keyrings.cryptfile.cryptfile"})
    with pytest.raises(VaultError) as caught:
        await use(asking(error)).load()
    assert caught.value.reason is Reason.LOCKED


class MuteError(Exception):
    """Can't even be told."""

    def __str__(self) -> str:
        raise RuntimeError(TOKEN)

    __repr__ = __str__


class Nameless(Failing):
    @property
    def name(self) -> str:
        raise MuteError


@pytest.mark.parametrize("kind", [Failing, Nameless])
async def test_what_can_not_be_told_is_unreadable_all_the_same(
    use: Use, kind: type[Failing]
) -> None:
    vault = use(kind(MuteError()))
    with pytest.raises(VaultError) as unread:
        await vault.load()
    with pytest.raises(VaultError) as unwritten:
        await vault.put("app_id", "1")
    reasons = (unread.value.reason, unwritten.value.reason)
    assert reasons == (Reason.UNREADABLE, Reason.WRITE_FAILED)
    assert unread.value.detail.endswith(f"{kind.__name__} said MuteError.")
    assert kind.__name__ in (await vault.describe()).name


@pytest.mark.parametrize("answer", [b"", 0, False, (), bytearray()])
async def test_what_is_no_text_is_no_missing_value(use: Use, answer: object) -> None:
    backend = Held()
    backend.get_password = lambda *_: answer  # type: ignore[assignment, method-assign]
    with pytest.raises(VaultError) as raised:
        await use(backend).load()
    assert raised.value.reason is Reason.UNREADABLE


async def test_bytes_are_no_value(use: Use) -> None:
    backend = Held()
    raw: Any = TOKEN.reveal().encode()
    backend.entries["whatsapp-wizard:test", "access_token"] = raw
    with pytest.raises(VaultError) as caught:
        await use(backend).load()
    assert caught.value.reason is Reason.UNREADABLE
    assert TOKEN.reveal() not in caught.value.detail


async def test_whoever_waits_for_a_second_is_told(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr("wizard.vault.waiting.PATIENCE", 0.01)
    monkeypatch.setattr("wizard.vault.waiting.on_wait", [lambda: told.append("waiting")])
    hanging = Hanging()
    threading.Timer(0.1, hanging.answered.set).start()
    await use(hanging).load()
    assert told == ["waiting"]
    monkeypatch.setattr("wizard.vault.waiting.PATIENCE", 5.0)  # also where the machine is busy
    await use(Held()).load()
    assert told == ["waiting"]


@pytest.mark.parametrize(
    ("error", "reason", "said"),
    [
        (errors.PasswordSetError("disk full"), Reason.WRITE_FAILED, "PasswordSetError"),
        (errors.PasswordSetError("Cancelled by user"), Reason.REFUSED, ""),
        (Exception(1783, "CredWrite", "The stub…"), Reason.WRITE_FAILED, "at most 1,280 char"),
        (NotImplementedError(), Reason.NO_BACKEND, ""),
    ],
)
async def test_a_failed_write_has_its_reason_too(
    use: Use, error: Exception, reason: Reason, said: str
) -> None:
    with pytest.raises(VaultError) as caught:
        await use(Failing(error)).put("access_token", TOKEN)
    assert caught.value.reason is reason
    assert said in caught.value.detail


async def test_a_write_that_is_refused_is_told_without_the_value(use: Use) -> None:
    with pytest.raises(VaultError) as caught:
        await use(Unwritable()).put("access_token", TOKEN)
    assert caught.value.reason is Reason.WRITE_FAILED
    assert TOKEN.reveal() not in f"{caught.value} {caught.value.detail} {caught.value!r}"
    assert caught.value.__cause__ is caught.value.__context__ is None


def locals_of(error: BaseException) -> Iterator[object]:
    """What a crash report that prints every frame's variables would show."""
    at = error.__traceback__
    while at is not None:
        yield from at.tb_frame.f_locals.values()
        at = at.tb_next


class Differing(Held):
    """Keeps something else than it is given, and fails at the fourth credential."""

    def get_password(self, service: str, username: str) -> str | None:
        if username == "phone_number_id":
            raise OSError
        return f"raw-{username}"


async def test_no_frame_of_an_error_holds_a_raw_secret(use: Use) -> None:
    vault = use(Differing())
    with pytest.raises(VaultError) as unreadable:
        await vault.load()
    with pytest.raises(VaultError) as unwritten:
        await vault.put("access_token", Secret("raw-access_token-new"))
    shown = [repr(one) for caught in (unreadable, unwritten) for one in locals_of(caught.value)]
    assert len(shown) > 10
    assert not [text for text in shown if "raw-app_secret" in text or "raw-access_token" in text]


async def test_a_back_end_that_keeps_nothing_is_found_out(use: Use) -> None:
    with pytest.raises(VaultError) as caught:
        await use(Lying()).put("access_token", TOKEN)
    assert caught.value.reason is Reason.WRITE_FAILED


async def test_a_deletion_that_did_not_happen_is_found_out(use: Use) -> None:
    vault = use(Undying())
    await vault.put("access_token", TOKEN)
    with pytest.raises(VaultError, match="still there"):
        await vault.delete("access_token")


async def test_a_chain_whose_members_all_decline_is_no_keyring(use: Use) -> None:
    for chain in (Chain(), Chain(ReadOnly(), ReadOnly())):
        with pytest.raises(VaultError) as caught:
            await use(chain).put("access_token", TOKEN)
        assert caught.value.reason is Reason.NO_BACKEND


async def test_a_chain_keeps_values_in_the_member_that_takes_them(use: Use) -> None:
    vault = use(Chain(ReadOnly(), Held()))
    await vault.put("access_token", TOKEN)
    assert (await vault.load()).access_token == TOKEN


async def test_a_call_that_never_returns_is_given_up_within_its_limit(use: Use) -> None:
    vault = use(backend := Hanging())
    begun = time.monotonic()
    for _ in range(2):
        with pytest.raises(VaultError) as caught:
            await vault.load()
        assert caught.value.reason is Reason.TIMEOUT
    assert time.monotonic() - begun < 3
    backend.answered.set()


async def test_calls_do_not_queue_behind_one_that_hangs(use: Use) -> None:
    vault = use(backend := Hanging())
    begun = time.monotonic()
    await asyncio.gather(
        *(vault.load() for _ in range(3)),
        *(vault.delete("app_id") for _ in range(3)),
        return_exceptions=True,
    )
    assert time.monotonic() - begun < 1.2
    backend.answered.set()


@pytest.mark.parametrize("give_up", ["in time", "by the caller"])
async def test_a_write_that_comes_through_late_does_not_undo_a_newer_one(
    use: Use, give_up: str
) -> None:
    vault = use(backend := HangingOnce())
    old = asyncio.create_task(vault.put("access_token", Secret("old")))
    await asyncio.to_thread(backend.begun.wait)
    if give_up == "by the caller":
        old.cancel()
    await asyncio.wait([old])
    new = asyncio.create_task(vault.put("access_token", Secret("new")))
    await asyncio.wait([new], timeout=0.05)
    backend.answered.set()
    await new
    await asyncio.to_thread(backend.through.wait)
    assert list(backend.entries.values()) == ["new"]


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
    assert (await use(Chain(PlaintextKeyring(), Held())).describe()).plaintext
    assert not (await use(Held()).describe()).plaintext


async def test_a_back_end_that_nobody_knows_goes_by_its_own_name(use: Use) -> None:
    assert (await use(Held()).describe()).name == "backends Held"


class Keychain(Held):
    """By its module the system's own."""


Keychain.__module__ = "keyring.backends.macOS"


async def test_of_a_chain_the_system_s_own_store_is_named(use: Use) -> None:
    assert (await use(Chain(ReadOnly(), Keychain())).describe()).name == "macOS Keychain"


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
        env={"PATH": os.defpath, "PYTHONPATH": str(ROOT), **env},
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
        "",
        "builtins.dict",
        "tests.vault.backends.Unviable",
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
    ],
)
def test_a_back_end_that_is_none_is_no_keyring(backend: str) -> None:
    ended = python(LOADS, PYTHON_KEYRING_BACKEND=backend)
    assert ended.stdout.startswith("no_backend"), ended
    assert ended.stderr == ""
    if backend in {"no.such.Module", "", "tests.vault.backends.Unviable"}:
        assert f"PYTHON_KEYRING_BACKEND={backend} can't be used" in ended.stdout


def test_a_secret_in_the_backends_place_is_not_told() -> None:
    ended = python(LOADS, PYTHON_KEYRING_BACKEND="9f86d081884c7d659a2feaa0c55ad015")
    assert "PYTHON_KEYRING_BACKEND can't be used (" in ended.stdout
    assert "9f86d08" not in ended.stdout + ended.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="keyring's configuration lies elsewhere")
@pytest.mark.parametrize("text", ["nonsense", "[backend]\ndefault-keyring = no.such.Module"])
def test_a_configuration_that_can_not_be_used_is_no_keyring(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "python_keyring"
    folder.mkdir()
    (folder / "keyringrc.cfg").write_text(text)
    ended = python(LOADS, XDG_CONFIG_HOME=str(tmp_path))
    assert ended.stdout.startswith("no_backend keyring's configuration can't be used"), ended


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a keyring of their own")
@pytest.mark.parametrize("bus", [{}, {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/nonexistent"}])
def test_without_a_session_bus_there_is_no_keyring(bus: dict[str, str]) -> None:
    ended = python(LOADS, **bus)
    assert ended.stdout.startswith("no_backend"), ended


@pytest.mark.skipif(sys.platform != "linux", reason="the Secret Service is Linux' own")
async def test_a_keepassxc_that_exposes_no_group_says_so_at_once(
    use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for its default collection, it would open a dialog that offers a new database."""
    import secretstorage

    from wizard.vault import one_connection

    asked: list[object] = []
    monkeypatch.setattr(one_connection, "_kept", {})
    monkeypatch.setattr(secretstorage, "dbus_init", object)
    monkeypatch.setattr(secretstorage, "get_all_collections", lambda _bus: iter(()))
    monkeypatch.setattr(secretstorage, "get_default_collection", asked.append)
    vault = use(one_connection.OneConnection(lambda: "KeePassXC"))
    for call in (vault.load(), vault.put("app_id", "1"), vault.delete("app_id")):
        with pytest.raises(VaultError) as caught:
            await call
        assert caught.value.reason is Reason.NO_GROUP
    assert asked == []


class CryptFile(Held):
    """Asks where a person types, for a password that is wrong."""

    @property
    def keyring_key(self) -> str:
        raise ValueError("Incorrect Password")


CryptFile.__module__ = "keyrings.cryptfile.cryptfile"


@pytest.mark.parametrize("kind", ["alone", "in a chain"])
def test_one_that_asks_on_the_terminal_is_known_and_told_to_ask(
    use: Use, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: object())
    use(Held())
    assert not backends.asks_on_terminal()
    backends.unlock_on_terminal()
    use(CryptFile() if kind == "alone" else Chain(Held(), CryptFile()))
    assert backends.asks_on_terminal()
    with pytest.raises(VaultError) as caught:
        backends.unlock_on_terminal()
    assert caught.value.reason is Reason.LOCKED
