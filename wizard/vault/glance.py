"""What the keyring holds, for who only shows it: no task is run, whose loop takes longer to load
than an answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from wizard.support.quiet import Hush
from wizard.support.threads import wait_for_thread
from wizard.values.credentials import NGROK_AUTHTOKEN, Values
from wizard.vault import waiting
from wizard.vault.backends import backend_of, keyring_in_use
from wizard.vault.entries import MACHINE, quietly, read, read_all, service_of
from wizard.vault.errors import VaultError, no_response
from wizard.vault.vault import Backend
from wizard.vault.waiting import LIMIT


class Held(NamedTuple):
    """What could be read before the `error`, should there be one."""

    values: Values
    backend: Backend | None = None
    has_authtoken: bool | None = None
    error: VaultError | None = None


def glance(profile: str, on_wait: Callable[[], None], *, limit: float = LIMIT) -> Held:
    """A profile's values, where they are kept, and whether ngrok's authtoken is there too.

    Raises nothing. As with `KeyringVault`, a backend that does not answer is given up after
    `limit` seconds, and `on_wait` is called before.
    """
    hush = Hush()
    try:
        return wait_for_thread(
            lambda: quietly(lambda: _read(profile), hush),
            timeout=limit,
            patience=waiting.PATIENCE,
            waiting=on_wait,
        )
    except TimeoutError:
        return Held(Values(), error=no_response(limit))
    finally:
        hush.end()  # also of a call that is given up, and runs on


def _read(profile: str) -> Held:
    values = Values()
    try:
        values = read_all(service_of(profile))
        backend = keyring_in_use()
        has_authtoken = read(backend, MACHINE, NGROK_AUTHTOKEN.name) is not None
        return Held(values, backend_of(backend), has_authtoken)
    except VaultError as error:
        return Held(values, error=error)
