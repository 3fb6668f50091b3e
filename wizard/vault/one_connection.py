"""keyring's backend for the Secret Service, over a connection that is kept."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import secretstorage
from keyring.backends import SecretService
from keyring.errors import InitError, KeyringLocked, PasswordDeleteError
from secretstorage.exceptions import SecretStorageException

from wizard.vault.secret_service import NoGroupError

_PATIENCE = 2.0
"""Seconds for which a call waits for another; then it opens a connection of its own."""

_turn = threading.Lock()
_kept: dict[str, Any] = {}
_mine = threading.local()


class _Borrowed:
    """A connection that whoever borrows it can't close."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def close(self) -> None:
        """It is used again."""


class OneConnection(SecretService.Keyring):
    """As keyring's own, which it is made of; it unlocks before it deletes, too."""

    def __init__(self, server: Callable[[], str] = lambda: "") -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._server = server

    def get_preferred_collection(self) -> Any:
        try:
            if self._has_no_group():
                raise NoGroupError
            collection = secretstorage.get_default_collection(_mine.bus)
        except SecretStorageException as error:
            raise InitError(f"Failed to create the collection: {error}.") from error
        if collection.is_locked():
            collection.unlock()
            if collection.is_locked():
                raise KeyringLocked("Failed to unlock the collection!")
        return collection

    def get_password(self, service: str, username: str) -> str | None:
        with _connected():
            found: str | None = super().get_password(service, username)  # type: ignore[no-untyped-call]
            return found

    def set_password(self, service: str, username: str, password: str) -> None:
        with _connected():
            super().set_password(service, username, password)  # type: ignore[no-untyped-call]

    def delete_password(self, service: str, username: str) -> None:
        with _connected():
            collection = self.get_preferred_collection()
            query = self._query(service, username)
            item = next(iter(collection.search_items(query)), None)
            if item is None:
                raise PasswordDeleteError("No such password!")
            self.unlock(item)  # type: ignore[no-untyped-call]
            item.delete()

    def get_credential(self, service: str, username: str | None) -> Any:
        with _connected():
            return super().get_credential(service, username)  # type: ignore[no-untyped-call]

    def _has_no_group(self) -> bool:
        # Asked for its default collection, KeePassXC would offer to make a database.
        return self._server() == "KeePassXC" and not any(
            True for _ in secretstorage.get_all_collections(_mine.bus)
        )


@contextmanager
def _connected() -> Iterator[None]:
    """The one connection, or another where somebody waits for an answer on that."""
    if not _turn.acquire(timeout=_PATIENCE):
        _mine.bus = secretstorage.dbus_init()
        yield
        return
    try:
        if "bus" not in _kept:
            _kept["bus"] = secretstorage.dbus_init()
        _mine.bus = _Borrowed(_kept["bus"])
        yield
    except Exception:
        # The service may have been started anew, or have gone: the next call connects again.
        _kept.pop("bus", None)
        raise
    finally:
        _turn.release()
