"""A keyring in a JSON file, so that several processes of a test share it."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class Dying(BaseException):
    """No `Exception`, as a back end in another language raises it."""


class FileKeyring(KeyringBackend):
    """Keeps its entries in `$TEST_KEYRING_FILE`; `$TEST_KEYRING_MOOD` makes it locked or deaf, or
    raise what tells of `$TEST_KEYRING_WORDS`."""

    priority = 1

    def get_password(self, service: str, username: str) -> str | None:
        return self._entries().get(service, {}).get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        entries = self._entries()
        entries.setdefault(service, {})[username] = password
        self._keep(entries)

    def delete_password(self, service: str, username: str) -> None:
        entries = self._entries()
        if entries.get(service, {}).pop(username, None) is None:
            raise PasswordDeleteError(username)
        self._keep(entries)

    def _keep(self, entries: dict[str, dict[str, str]]) -> None:
        """All or nothing, as the real ones do."""
        beside = self._file.with_suffix(".new")
        beside.write_text(json.dumps(entries), "utf-8")
        beside.replace(self._file)

    def _entries(self) -> dict[str, dict[str, str]]:
        mood = os.environ.get("TEST_KEYRING_MOOD")
        if mood == "locked":
            raise KeyringLocked("Failed to unlock the collection!")
        if mood == "telling":
            raise RuntimeError(f"no access to {os.environ['TEST_KEYRING_WORDS']}")
        if mood == "dying":
            raise Dying(f"no access to {os.environ['TEST_KEYRING_WORDS']}")
        if mood == "deaf":
            Path(os.environ["TEST_KEYRING_ASKED"]).touch()
            # As with a password dialog on a screen that nobody looks at.
            time.sleep(60)
        if not self._file.exists():
            return {}
        entries: dict[str, dict[str, str]] = json.loads(self._file.read_text("utf-8"))
        return entries

    @property
    def _file(self) -> Path:
        return Path(os.environ["TEST_KEYRING_FILE"])
