"""The six credentials in the system's own keyring, one entry each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from wizard.credentials import CREDENTIALS, KEPT, NGROK_AUTHTOKEN, Secret, Value, Values, plain
from wizard.threads import blocking

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

LIMIT = 60.0
"""Seconds for one call: time enough to type a wallet's password into its dialog."""

_NAMES = {
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
_SECRET_SERVICE = ("keyring.backends.SecretService", "keyring.backends.libsecret")
_SERVED_BY = {
    "gnome-keyring-d": "GNOME Keyring",
    "keepassxc": "KeePassXC",
    "ksecretd": "KWallet",
    "kwalletd5": "KWallet",
    "kwalletd6": "KWallet",
}
_NOWHERE = ("keyring.backends.fail", "keyring.backends.null")
_CHAINER = "keyring.backends.chainer"

Result = TypeVar("Result")


class Reason(StrEnum):
    """Each is a finding `keyring.<reason>`."""

    NO_BACKEND = "no_backend"
    LOCKED = "locked"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREADABLE = "unreadable"
    WRITE_FAILED = "write_failed"


# What only the text tells. Windows has no store in a network logon, which is what SSH gives:
# https://learn.microsoft.com/windows/win32/api/wincred/nf-wincred-credwritew
_SAID = {
    "prompt dismissed": Reason.REFUSED,  # Secret Service, about to make its first collection
    "cancelled by user": Reason.REFUSED,  # KWallet, when asked to write
    "(-128,": Reason.REFUSED,  # macOS: userCanceled
    "(-25308,": Reason.LOCKED,  # macOS: errSecInteractionNotAllowed
    "(1312,": Reason.NO_BACKEND,  # Windows: ERROR_NO_SUCH_LOGON_SESSION
}
_TOO_LONG = "(1783,"


class VaultError(Exception):
    """The keyring can't be used, or did not keep a value; `detail` holds no value."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Backend:
    """Where values are kept, as a person knows it."""

    name: str
    plaintext: bool = False


class Vault(Protocol):
    """Where the six are kept. Every call may raise `VaultError`."""

    persistent: bool

    async def load(self) -> Values: ...

    async def put(self, name: str, value: Value) -> None: ...

    async def forget(self, name: str) -> bool: ...

    async def describe(self) -> Backend: ...


class MemoryVault:
    """Keeps values for as long as the program runs."""

    persistent = False

    def __init__(self, values: Values | None = None) -> None:
        self._values = values or Values()

    async def load(self) -> Values:
        return self._values

    async def put(self, name: str, value: Value) -> None:
        self._values = self._values.with_(name, value)

    async def forget(self, name: str) -> bool:
        held = self._values.get(name) is not None
        self._values = self._values.with_(name, None)
        return held

    async def describe(self) -> Backend:
        return Backend("memory")


class _Service:
    """One service of the keyring, asked and written in threads, within a limit."""

    def __init__(self, service: str, limit: float) -> None:
        self._service = service
        self._limit = limit
        self._writing = asyncio.Lock()

    async def put(self, name: str, value: Value) -> None:
        """Stores a value and reads it back: some back ends say yes and keep nothing."""
        await self._in_turn(lambda: _write(self._service, name, value))

    async def forget(self, name: str) -> bool:
        """Deletes an entry; false where there was none."""
        return await self._in_turn(lambda: _delete(self._service, name))

    async def describe(self) -> Backend:
        return await self._asked(lambda: _backend_of(_keyring()))

    async def _asked(self, call: Callable[[], Result]) -> Result:
        return await self._within_limit(blocking(call, limit=self._limit))

    async def _in_turn(self, call: Callable[[], Result]) -> Result:
        """One write at a time: Windows' back end moves the service's other entry meanwhile.

        The turn ends with the thread, not with the wait for it: a write that was given up may
        still come through, and must not undo a newer one.
        """
        loop = asyncio.get_running_loop()

        def write() -> Result:
            try:
                return call()
            finally:
                with suppress(RuntimeError):
                    loop.call_soon_threadsafe(self._writing.release)

        await self._within_limit(self._writing.acquire())
        return await self._asked(write)

    async def _within_limit(self, answer: Awaitable[Result]) -> Result:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limit):
                return await answer
        raise VaultError(Reason.TIMEOUT, f"No answer within {self._limit:g} seconds.")


class KeyringVault(_Service):
    """A profile's six entries in the service `whatsapp-wizard:<profile>`."""

    persistent = True

    def __init__(self, profile: str, *, limit: float = LIMIT) -> None:
        super().__init__(f"whatsapp-wizard:{profile}", limit)

    async def load(self) -> Values:
        """All that is stored; values come one after another from a single thread."""
        held = await self._asked(lambda: _read_all(self._service))
        values = Values()
        for name, value in held.items():
            values = values.with_(name, value)
        return values


class MachineVault(_Service):
    """What belongs to the machine, in the service `whatsapp-wizard`: ngrok's authtoken.

    Every call may raise `VaultError`.
    """

    def __init__(self, *, limit: float = LIMIT) -> None:
        super().__init__("whatsapp-wizard", limit)

    async def authtoken(self) -> Secret | None:
        name = NGROK_AUTHTOKEN.name
        held = await self._asked(lambda: _read(_keyring(), self._service, name))
        return held if isinstance(held, Secret) else None

    async def keep_authtoken(self, token: Secret) -> None:
        await self.put(NGROK_AUTHTOKEN.name, token)


def _keyring() -> KeyringBackend:
    """The configured back end. A bad choice raises anything: its module is imported and asked."""
    try:
        import keyring

        backend = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - whatever the configured module raises
        named = os.environ.get("PYTHON_KEYRING_BACKEND")
        chosen = "keyring's configuration" if named is None else f"PYTHON_KEYRING_BACKEND={named}"
        said = " ".join(f"{type(error).__name__}: {error}".split())
        detail = f"{chosen} can't be used ({said})."
    else:
        if not _keeps_nothing(backend):
            return backend
        detail = ""
    raise VaultError(Reason.NO_BACKEND, detail)


def _keeps_nothing(backend: KeyringBackend) -> bool:
    module = type(backend).__module__
    return module.startswith(_NOWHERE) or (
        module == _CHAINER and not getattr(backend, "backends", ())
    )


def _backend_of(backend: KeyringBackend) -> Backend:
    module = type(backend).__module__
    if module == _CHAINER:
        # Read-only members, such as those of package indexes, often stand before the system's.
        members = list(getattr(backend, "backends", ()))
        known = (one for one in members if type(one).__module__ in {*_NAMES, *_SECRET_SERVICE})
        return _backend_of(next(known, members[0]))
    if module in _SECRET_SERVICE:
        return Backend(_secret_service())
    plaintext = "plaintext" in f"{module}.{type(backend).__name__}".lower()
    return Backend(_NAMES.get(module) or str(backend.name), plaintext)


def _secret_service() -> str:
    """Whose the Secret Service is: GNOME's, KDE's and KeePassXC's answer to the same name."""
    with suppress(Exception):
        import secretstorage
        from secretstorage.util import DBusAddressWrapper

        bus = "org.freedesktop.DBus"
        with closing(secretstorage.dbus_init()) as connection:
            ask = DBusAddressWrapper("/org/freedesktop/DBus", bus, connection)
            ask.bus_name = bus
            (pid,) = ask.call("GetConnectionUnixProcessID", "s", "org.freedesktop.secrets")
        return _SERVED_BY[Path(f"/proc/{pid}/comm").read_text().strip()]
    return "Secret Service"


def _read_all(service: str) -> dict[str, Value]:
    backend, held = _keyring(), dict[str, Value]()
    for name in CREDENTIALS:
        value = _read(backend, service, name)
        if value is not None:
            held[name] = value
    return held


def _read(backend: KeyringBackend, service: str, name: str) -> Value | None:
    """One value. Its raw text lives in no frame that an error passes through."""

    def ask() -> Value | None:
        text = backend.get_password(service, name)
        return KEPT[name].wrap(text) if text else None

    return _guarded(backend, ask, Reason.UNREADABLE)


def _write(service: str, name: str, value: Value) -> None:
    backend = _keyring()
    _guarded(
        backend, lambda: backend.set_password(service, name, plain(value)), Reason.WRITE_FAILED
    )
    if _guarded(
        backend, lambda: backend.get_password(service, name) == plain(value), Reason.UNREADABLE
    ):
        return
    if type(backend).__module__ == _CHAINER and _read(backend, service, name) is None:
        raise VaultError(Reason.NO_BACKEND, "None of the chained back ends keeps values.")
    raise VaultError(Reason.WRITE_FAILED, "It was accepted, but reads back differently.")


def _delete(service: str, name: str) -> bool:
    backend = _keyring()
    if _read(backend, service, name) is None:
        return False
    _guarded(backend, partial(backend.delete_password, service, name), Reason.WRITE_FAILED)
    if _read(backend, service, name) is not None:
        raise VaultError(Reason.WRITE_FAILED, "It was deleted, but is still there.")
    return True


def _guarded(backend: KeyringBackend, call: Callable[[], Result], otherwise: Reason) -> Result:
    """What a back end answers or raises, as one exception; any kind may come, pywin32's among them.

    Raised outside the handler: what the back end raised, and its frames, may hold the value.
    """
    try:
        return call()
    except Exception as error:  # noqa: BLE001 - back ends raise whatever their system does
        trouble = _trouble(backend, error, otherwise)
    raise trouble


def _trouble(backend: KeyringBackend, error: Exception, otherwise: Reason) -> VaultError:
    name = _backend_of(backend).name
    reason = _reason(error, otherwise)
    if reason is Reason.WRITE_FAILED and _TOO_LONG in str(error):
        return VaultError(reason, f"{name} takes at most 1,280 characters (2,560 bytes) a value.")
    if reason in {Reason.UNREADABLE, Reason.WRITE_FAILED}:
        return VaultError(reason, f"{name} said {type(error).__name__}.")
    return VaultError(reason, name)


def _reason(error: Exception, otherwise: Reason) -> Reason:
    from keyring.errors import KeyringLocked, NoKeyringError

    text = str(error).lower()
    for words, reason in _SAID.items():
        if words in text:
            return reason
    if isinstance(error, NoKeyringError | NotImplementedError):
        return Reason.NO_BACKEND
    return Reason.LOCKED if isinstance(error, KeyringLocked) else otherwise
