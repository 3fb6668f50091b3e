"""Keyring back ends that behave as real ones do on good and bad days."""

from __future__ import annotations

import threading

from keyring import errors
from keyring.backend import KeyringBackend


class Held(KeyringBackend):
    """Keeps entries for as long as the test runs."""

    priority = 1.0

    def __init__(self) -> None:
        self.entries: dict[tuple[str, str], str] = {}
        super().__init__()  # type: ignore[no-untyped-call]

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.entries[service, username]


class Lying(Held):
    """Says yes and keeps nothing, as a chain whose members all decline does."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Failing(Held):
    """Raises what it is given, whatever is asked."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    set_password = get_password  # type: ignore[assignment]


class Unwritable(Held):
    """Refuses to write, and quotes the value, as no back end should."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise errors.PasswordSetError(f"can't store {password}")


class Hanging(Held):
    """Waits for a dialog that nobody sees."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.answered.wait()
        return None


class PlaintextKeyring(Held):
    """By its name a file in clear."""
