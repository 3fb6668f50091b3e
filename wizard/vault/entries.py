"""The keyring's entries, read and written one after another on whatever thread this is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from wizard.support.echoes import echo_at_exit
from wizard.support.quiet import Hush
from wizard.values.credentials import CREDENTIALS, KEPT, Value, Values, plain
from wizard.vault.backends import (
    CHAINER,
    asks_on_terminal,
    guarded,
    is_foreign,
    is_silent,
    keyring_in_use,
    stands_before_the_system,
)
from wizard.vault.errors import Reason, VaultError

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

MACHINE = "whatsapp-wizard"
"""The service of what belongs to the machine."""

Result = TypeVar("Result")


def service_of(profile: str) -> str:
    """The service with a profile's six entries."""
    return f"{MACHINE}:{profile}"


def quietly(call: Callable[[], Result], hush: Hush) -> Result:
    """Makes a call to a backend, which may write to the terminal only to ask for a password."""
    hush.begin()
    try:
        if asks_on_terminal():
            hush.end()
            echo_at_exit()
        elif is_foreign():
            echo_at_exit()
        return call()
    finally:
        hush.end()


def read_all(service: str) -> Values:
    """Of the six those that are stored."""
    backend = keyring_in_use()
    held: dict[str, Any] = {name: read(backend, service, name) for name in CREDENTIALS}
    return Values(**held)


def read(backend: KeyringBackend, service: str, name: str) -> Value | None:
    """One value. Its raw text lives in no frame that an error passes through."""

    def ask() -> Value | None:
        text: object = backend.get_password(service, name)
        if text is not None and not isinstance(text, str):
            raise TypeError
        return KEPT[name].wrap(text) if text else None

    return guarded(backend, ask, Reason.UNREADABLE)


def write(service: str, name: str, value: Value, *, is_certain: bool = True) -> None:
    """Stores a value; `is_certain` has it read back, whatever the backend says of itself."""
    backend = keyring_in_use()
    guarded(backend, lambda: backend.set_password(service, name, plain(value)), Reason.WRITE_FAILED)
    if not is_certain and not is_silent(backend):
        return
    if guarded(
        backend, lambda: backend.get_password(service, name) == plain(value), Reason.UNREADABLE
    ):
        return
    if type(backend).__module__ == CHAINER:
        # keyrings.onepassword 0.4.0 ends a write well that it drops, and the next is never asked.
        if others := stands_before_the_system(backend):
            raise VaultError(Reason.WRITE_FAILED, f"{others}, and the value did not arrive.")
        if read(backend, service, name) is None:
            raise VaultError(Reason.NO_BACKEND, "None of the chained backends stores values.")
    raise VaultError(Reason.WRITE_FAILED, "It was accepted, but reads back differently.")


def delete(service: str, name: str) -> bool:
    """Deletes an entry; false where there was none."""
    backend = keyring_in_use()
    if read(backend, service, name) is None:
        return False
    guarded(backend, partial(backend.delete_password, service, name), Reason.WRITE_FAILED)
    _refuse_leftover(backend, service, name)
    return True


def delete_known(service: str, name: str) -> None:
    """The same for what is known to be there, without a look at it first."""
    backend = keyring_in_use()
    try:
        guarded(backend, partial(backend.delete_password, service, name), Reason.WRITE_FAILED)
    except VaultError as error:
        # What an earlier run deleted is no failure, but backends raise of that what they like.
        if error.reason is not Reason.WRITE_FAILED or read(backend, service, name) is not None:
            raise
    else:
        if is_silent(backend):
            _refuse_leftover(backend, service, name)


def _refuse_leftover(backend: KeyringBackend, service: str, name: str) -> None:
    if read(backend, service, name) is not None:
        raise VaultError(Reason.WRITE_FAILED, "It was deleted, but is still there.")
