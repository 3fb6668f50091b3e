"""The six credentials in the system's own keyring, one entry each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from wizard.credentials import CREDENTIALS, Value, Values, plain
from wizard.threads import blocking

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

LIMIT = 60.0
"""Seconds for one call: time enough to type a wallet's password into its dialog."""

_NAMES = {
    "keyring.backends.SecretService": "GNOME Keyring",
    "keyring.backends.libsecret": "GNOME Keyring",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
_NOWHERE = ("keyring.backends.fail", "keyring.backends.null")
_WINDOWS_LIMIT = 1280

Result = TypeVar("Result")


class Reason(StrEnum):
    """Each is a finding `keyring.<reason>`."""

    NO_BACKEND = "no_backend"
    LOCKED = "locked"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREADABLE = "unreadable"
    WRITE_FAILED = "write_failed"


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


class KeyringVault:
    """A profile's six entries in the service `whatsapp-wizard:<profile>`."""

    persistent = True

    def __init__(self, profile: str, *, limit: float = LIMIT) -> None:
        self._service = f"whatsapp-wizard:{profile}"
        self._limit = limit
        # One call at a time: Windows' back end moves a service's other entry while it writes one.
        self._turn = asyncio.Lock()

    async def load(self) -> Values:
        """All that is stored; values come one after another from a single thread."""
        held = await self._call(lambda: _read_all(self._service))
        values = Values()
        for name, value in held.items():
            values = values.with_(name, value)
        return values

    async def put(self, name: str, value: Value) -> None:
        """Stores a value and reads it back: some back ends say yes and keep nothing."""
        await self._call(lambda: _write(self._service, name, value))

    async def forget(self, name: str) -> bool:
        """Deletes an entry; false where there was none."""
        return await self._call(lambda: _delete(self._service, name))

    async def describe(self) -> Backend:
        return await self._call(lambda: _backend_of(_keyring()))

    async def _call(self, call: Callable[[], Result]) -> Result:
        async with self._turn:
            try:
                return await blocking(call, limit=self._limit)
            except TimeoutError:
                detail = f"No answer within {self._limit:g} seconds."
                raise VaultError(Reason.TIMEOUT, detail) from None


def _keyring() -> KeyringBackend:
    """The configured back end; what keyring raises for a bad choice is not its own exception."""
    try:
        import keyring

        backend = keyring.get_keyring()
    except (ValueError, ImportError, AttributeError, TypeError) as error:
        named = os.environ.get("PYTHON_KEYRING_BACKEND")
        blamed = f"PYTHON_KEYRING_BACKEND names {named}" if named else "Its configuration"
        detail = f"{blamed}, which can't be loaded ({type(error).__name__})."
        raise VaultError(Reason.NO_BACKEND, detail) from None
    if type(backend).__module__.startswith(_NOWHERE):
        raise VaultError(Reason.NO_BACKEND)
    return backend


def _backend_of(backend: KeyringBackend) -> Backend:
    module, kind = type(backend).__module__, type(backend).__name__
    if module.startswith("keyring.backends.chainer"):
        members = list(getattr(backend, "backends", ()))
        return _backend_of(members[0]) if members else Backend("keyring")
    plaintext = "plaintext" in f"{module}.{kind}".lower()
    return Backend(_NAMES.get(module) or f"{module.removeprefix('keyring.backends.')}", plaintext)


def _read_all(service: str) -> dict[str, Value]:
    backend, held = _keyring(), dict[str, Value]()
    for name, credential in CREDENTIALS.items():
        text = _guarded(partial(backend.get_password, service, name), Reason.UNREADABLE)
        if text:
            held[name] = credential.wrap(text)
    return held


def _write(service: str, name: str, value: Value) -> None:
    backend = _keyring()
    try:
        _guarded(lambda: backend.set_password(service, name, plain(value)), Reason.WRITE_FAILED)
    except VaultError as error:
        if error.reason is Reason.WRITE_FAILED and len(value) > _WINDOWS_LIMIT:
            error.detail += f" It is {len(value)} characters long."
        raise
    kept = _guarded(lambda: backend.get_password(service, name), Reason.UNREADABLE)
    if kept != plain(value):
        raise VaultError(Reason.WRITE_FAILED, "It was accepted, but reads back differently.")


def _delete(service: str, name: str) -> bool:
    backend = _keyring()
    if _guarded(lambda: backend.get_password(service, name), Reason.UNREADABLE) is None:
        return False
    _guarded(lambda: backend.delete_password(service, name), Reason.WRITE_FAILED)
    return True


def _guarded(call: Callable[[], Result], otherwise: Reason) -> Result:
    """What a back end raises, as one exception; any kind may come, pywin32's own among them."""
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    try:
        return call()
    except NoKeyringError:
        raise VaultError(Reason.NO_BACKEND) from None
    except KeyringLocked:
        raise VaultError(Reason.LOCKED) from None
    except InitError as error:
        refused = "dismissed" in str(error).lower()
        reason = Reason.REFUSED if refused else Reason.LOCKED
        raise VaultError(reason, f"{error}") from None
    except VaultError:
        raise
    except Exception as error:  # noqa: BLE001 - back ends raise whatever their system does
        raise VaultError(otherwise, f"The store said {type(error).__name__}.") from None
