"""A keyring in a folder, an entry a file: thousands of profiles cost no more than one."""

from __future__ import annotations

import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class FolderKeyring(KeyringBackend):
    """Keeps its entries under `$TEST_KEYRING_FOLDER`."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        entry = _entry(service, username)
        return entry.read_text("utf-8") if entry.exists() else None

    def set_password(self, service: str, username: str, password: str) -> None:
        entry = _entry(service, username)
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.write_text(password, "utf-8")

    def delete_password(self, service: str, username: str) -> None:
        try:
            _entry(service, username).unlink()
        except FileNotFoundError:
            raise PasswordDeleteError(username) from None


def _entry(service: str, username: str) -> Path:
    return Path(os.environ["TEST_KEYRING_FOLDER"], service.replace(":", "_"), username)
