"""A keyring that asks for its password where a person types, as keyrings.cryptfile does."""

from __future__ import annotations

import getpass
import json
import os
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import PasswordDeleteError


class CryptFileKeyring(KeyringBackend):
    """Asks as soon as it needs its password, which is `right`, and once only if it was that."""

    priority = 1
    _key: str | None = None

    @property
    def keyring_key(self) -> str:
        if self._key is None:
            if getpass.getpass("Please enter password for encrypted keyring: ") != "right":
                raise ValueError("Incorrect Password")
            self._key = "right"
        return self._key

    def get_password(self, service: str, username: str) -> str | None:
        value = self._entries().get(f"{service} {username}")
        return value if value is None or self.keyring_key else None

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.keyring_key:
            self._file.write_text(json.dumps(self._entries() | {f"{service} {username}": password}))

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        if entries.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError(username)
        self._file.write_text(json.dumps(entries))

    def _entries(self) -> dict[str, str]:
        found: dict[str, str] = json.loads(self._file.read_text()) if self._file.exists() else {}
        return found

    @property
    def _file(self) -> Path:
        return Path(os.environ["TEST_KEYRING_FILE"])
