"""The Secret Service over one connection for the whole run.

keyring opens a connection for each call, and KeePassXC knows a program by its connection: it
asks anew on each whether this program may use it. Its own words for that stand in
https://github.com/keepassxreboot/keepassxc/blob/develop/src/fdosecrets/dbus/DBusClient.h
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

MODULE = "keyring.backends.SecretService"


class NoGroupError(Exception):
    """KeePassXC has no group that programs may use."""


def over_one_connection(backend: KeyringBackend, server: Callable[[], str]) -> KeyringBackend:
    """The backend that keeps its connection, in the place of keyring's own for the Secret Service;
    any other as it is. `server` tells whose the service is."""
    if f"{type(backend).__module__}.{type(backend).__name__}" != f"{MODULE}.Keyring":
        return backend
    # Its libraries are there on Linux alone.
    from wizard.vault.one_connection import OneConnection

    return OneConnection(server)
