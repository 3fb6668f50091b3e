"""The keyring library's back ends: which one is in use, whose it is, and what it raised."""

from __future__ import annotations

import importlib.util
import os
import re
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from wizard.settings import looks_secret
from wizard.support.imports import late_for_keyring
from wizard.values.credentials import CREDENTIALS
from wizard.vault.errors import Reason, VaultError
from wizard.vault.secret_service import MODULE, NoGroupError, over_one_connection
from wizard.vault.vault import Backend

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_NAMES = {
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.macOS": "macOS Keychain",
    "keyring.backends.Windows": "Windows Credential Manager",
}
_PASSWORD_MANAGERS = {
    "bitwarden_keyring": "Bitwarden",
    "keyring_pass": "pass",
    "onepassword_keyring": "1Password",
}
"""Back ends of other people that store what is written, in a chain often before the system's."""
_SECRET_SERVICE = (MODULE, "wizard.vault.one_connection", "keyring.backends.libsecret")
_SERVED_BY = {
    "gnome-keyring-d": "GNOME Keyring",
    "keepassxc": "KeePassXC",
    "ksecretd": "KWallet",
    "kwalletd5": "KWallet",
    "kwalletd6": "KWallet",
}
_ASKING = ("keyrings.cryptfile", "keyrings.alt")
_NOWHERE = ("keyring.backends.fail", "keyring.backends.null")
CHAINER = "keyring.backends.chainer"
_SILENT = (CHAINER, "keyring.backends.kwallet")
"""They say yes whatever came of it: a chain whose members all decline, and KWallet's backend, which
drops the wallet's own answer."""

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
_NUMBER = r"\((-?[0-9]{3,6}),"
"""The system's own code. The words behind it may hold anything."""

Result = TypeVar("Result")

_described: list[tuple[KeyringBackend, Backend]] = []
"""The back end that was described last: others' may be unfit to be looked up in a table."""


def keyring_in_use() -> KeyringBackend:
    """The configured back end. A bad choice raises anything: its module is imported and asked."""
    try:
        with late_for_keyring():
            import keyring

        backend = keyring.get_keyring()
    except Exception as error:  # noqa: BLE001 - whatever the configured module raises
        named = os.environ.get("PYTHON_KEYRING_BACKEND")
        chosen = "keyring's configuration" if named is None else f"PYTHON_KEYRING_BACKEND={named}"
        said = " ".join(f"{type(error).__name__}: {_text(error)}".split())
        if looks_secret(named or ""):
            chosen, said = "PYTHON_KEYRING_BACKEND", type(error).__name__
        detail = f"{chosen} can't be used ({said})."
    else:
        if not _keeps_nothing(backend):
            return over_one_connection(backend, _secret_service)
        detail = ""
    raise VaultError(Reason.NO_BACKEND, detail)


def described() -> Backend | None:
    """What was found of the back end in use before, for which nobody is to be asked again."""
    if not _described:
        return None  # the first look at keyring takes a while
    import keyring

    backend, found = _described[-1]
    return found if backend is keyring.get_keyring() else None


def describe() -> Backend:
    """What the back end in use is called, and whether it keeps clear text. Raises `VaultError`."""
    found = backend_of(keyring_in_use())
    import keyring

    _described[:] = [(keyring.get_keyring(), found)]
    return found


def asks_on_terminal() -> bool:
    """Whether the backend in use asks for its password where a person types."""
    if importlib.util.find_spec("keyrings") is None:
        return False  # none of them is installed, and loading keyring takes a moment
    try:
        return any(map(_asks, _members(keyring_in_use())))
    except VaultError:
        return False


def is_foreign() -> bool:
    """Whether the backend was chosen by name and is not one of keyring's own: what it does on a
    terminal, nobody can know."""
    named = os.environ.get("PYTHON_KEYRING_BACKEND", "")
    return bool(named) and not named.startswith("keyring.backends.")


def unlock_on_terminal() -> None:
    """Has a backend ask for its password now, where that is on the terminal. Call it on the main
    thread. Raises `VaultError` where it stays locked."""
    backend = keyring_in_use()
    for member in filter(_asks, _members(backend)):
        try:
            # They ask as soon as they need it, and then keep it for as long as they live.
            getattr(member, "keyring_key", None)
            continue
        except Exception as error:  # noqa: BLE001 - as in `guarded`
            reason = _reason(error, Reason.UNREADABLE, member)
        raise VaultError(reason, backend_of(member).name)


def _asks(backend: KeyringBackend) -> bool:
    module = type(backend).__module__
    return module.startswith(_ASKING) and "plaintext" not in type(backend).__name__.lower()


def _members(backend: KeyringBackend) -> list[KeyringBackend]:
    """Those of a chain, or the one itself."""
    if type(backend).__module__ == CHAINER:
        return list(getattr(backend, "backends", ()))
    return [backend]


def _has_display() -> bool:
    return sys.platform != "linux" or any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY")))


def _keeps_nothing(backend: KeyringBackend) -> bool:
    module = type(backend).__module__
    return module.startswith(_NOWHERE) or (
        module == CHAINER and not getattr(backend, "backends", ())
    )


def backend_of(backend: KeyringBackend) -> Backend:
    module = type(backend).__module__
    if module == CHAINER:
        # Read-only members, such as those of package indexes, often stand before the system's.
        members = _members(backend)
        stores = {*_NAMES, *_PASSWORD_MANAGERS, *_SECRET_SERVICE}
        return backend_of(next((one for one in members if _module(one) in stores), members[0]))
    if module in _SECRET_SERVICE:
        return Backend(_secret_service())
    plaintext = "plaintext" in f"{module}.{type(backend).__name__}".lower()
    known = _NAMES.get(module) or _PASSWORD_MANAGERS.get(module)
    return Backend(known or _name(backend), plaintext)


def stands_before_the_system(backend: KeyringBackend) -> str | None:
    """Of a chain the members that are asked before the system's own store, in words; `None` where
    there is neither."""
    members = _members(backend)
    own = [one for one in members if _module(one) in {*_NAMES, *_SECRET_SERVICE}]
    before = members[: members.index(own[0])] if own else []
    if not before:
        return None
    names = ", ".join(backend_of(one).name for one in before)
    return f"{names} {'is' if len(before) == 1 else 'are'} asked before {backend_of(own[0]).name}"


def _module(backend: KeyringBackend) -> str:
    return type(backend).__module__


def _name(backend: KeyringBackend) -> str:
    try:
        return str(backend.name)
    except BaseException:  # noqa: BLE001 - as in `guarded`
        return type(backend).__name__


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


def is_silent(backend: KeyringBackend) -> bool:
    """Whether it may keep nothing without a word."""
    return type(backend).__module__ in _SILENT


def holds_any(backend: KeyringBackend, service: str) -> bool:
    """Whether anything is stored for a service; false also where the backend can't look by that
    alone. macOS' can't, but asks nobody about what is not there."""
    if type(backend).__module__ == "keyring.backends.macOS":
        names: tuple[str | None, ...] = tuple(CREDENTIALS)
    else:
        names = (None,)
    try:
        return any(
            guarded(backend, partial(backend.get_credential, service, name), Reason.UNREADABLE)
            for name in names
        )
    except VaultError as error:
        if error.reason is Reason.UNREADABLE:
            return False  # nothing obliges a backend to look without a name
        raise


def guarded(backend: KeyringBackend, call: Callable[[], Result], otherwise: Reason) -> Result:
    """What a back end answers or raises, as one exception; any kind may come, pywin32's among them.

    Raised outside the handler: what the back end raised, and its frames, may hold the value.
    """
    try:
        return call()
    except BaseException as error:  # noqa: BLE001 - back ends raise whatever their system does
        trouble = _trouble(backend, error, otherwise)
    raise trouble


def _trouble(backend: KeyringBackend, error: BaseException, otherwise: Reason) -> VaultError:
    name = backend_of(backend).name
    reason = _reason(error, otherwise, backend)
    if reason is Reason.WRITE_FAILED and _TOO_LONG in _text(error):
        return VaultError(
            reason, f"{name} accepts at most 1,280 characters (2,560 bytes) per value."
        )
    if reason in {Reason.UNREADABLE, Reason.WRITE_FAILED}:
        number = re.search(_NUMBER, _text(error))
        code = f" {number[1]}" if number else ""
        return VaultError(reason, f"{name} said {type(error).__name__}{code}.")
    return VaultError(reason, name)


def _text(error: BaseException) -> str:
    """What it says, if it can: also that is a back end's own code."""
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - as in `guarded`
        return ""


def _reason(error: BaseException, otherwise: Reason, backend: KeyringBackend) -> Reason:
    from keyring.errors import KeyringLocked, NoKeyringError

    if isinstance(error, NoGroupError):
        return Reason.NO_GROUP
    if isinstance(error, EOFError | ValueError) and any(map(_asks, _members(backend))):
        # They ask for a password on a terminal, and there is none, or it was the wrong one.
        return Reason.LOCKED
    text = _text(error).lower()
    if "prompt dismissed" in text and not _has_display():
        return Reason.LOCKED  # nobody was asked
    for words, reason in _SAID.items():
        if words in text:
            return reason
    if isinstance(error, NoKeyringError | NotImplementedError):
        return Reason.NO_BACKEND
    return Reason.LOCKED if isinstance(error, KeyringLocked) else otherwise
