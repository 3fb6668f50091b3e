"""Keyring back ends that behave as real ones do on good and bad days."""

from __future__ import annotations

import threading

from keyring import errors
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.compat import properties


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

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error


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


class HangingOnce(Held):
    """Its first write waits for a dialog that is answered late."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.answered = threading.Event()
        self.through = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        first = not self.begun.is_set()
        if first:
            self.begun.set()
            self.answered.wait()
        super().set_password(service, username, password)
        if first:
            self.through.set()


class Undying(Held):
    """Says that it deleted, and did not."""

    def delete_password(self, service: str, username: str) -> None:
        pass


class Unviable(Held):
    """Made for another system, as `keyring.backends.Windows` is elsewhere."""

    @properties.classproperty
    def priority(cls) -> float:  # noqa: N805 - keyring's own form
        raise RuntimeError("another system is required")


class ReadOnly(Held):
    """Declines writes, as the back ends of package indexes do."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


class Chain(ChainerBackend):
    """keyring's chain, with the members a test gives."""

    backends: list[KeyringBackend] = []  # noqa: RUF012 - a class property in keyring

    def __init__(self, *members: KeyringBackend) -> None:
        self.backends = list(members)


Chain.__module__ = ChainerBackend.__module__


class PlaintextKeyring(Held):
    """By its name a file in clear."""
