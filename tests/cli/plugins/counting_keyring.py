"""A keyring that notes what it is asked, for each call may be a dialog."""

from __future__ import annotations

import os
from pathlib import Path

from file_keyring import FileKeyring  # type: ignore[import-not-found]


class CountingKeyring(FileKeyring):  # type: ignore[misc]
    """The one in a file; every call becomes a line in `$TEST_KEYRING_CALLS`."""

    def get_password(self, service: str, username: str) -> str | None:
        self._note("read", service, username)
        text: str | None = super().get_password(service, username)
        return text

    def set_password(self, service: str, username: str, password: str) -> None:
        self._note("write", service, username)
        super().set_password(service, username, password)

    def delete_password(self, service: str, username: str) -> None:
        self._note("delete", service, username)
        super().delete_password(service, username)

    def _note(self, *call: str) -> None:
        with Path(os.environ["TEST_KEYRING_CALLS"]).open("a") as file:
            file.write(" ".join(call) + "\n")
