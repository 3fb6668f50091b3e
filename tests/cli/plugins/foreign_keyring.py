"""Stores of systems that the tests do not run on; each raises what keyring lets through there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from keyring.errors import KeyringError, KeyringLocked

if TYPE_CHECKING:
    from tests.cli.plugins.file_keyring import FileKeyring
else:
    from file_keyring import FileKeyring


class PywinError(Exception):
    """As pywin32-ctypes raises it: number, function and text as arguments, and no KeyringError."""


class Windows(FileKeyring):
    """Refuses what exceeds 2,560 bytes in UTF-16: https://github.com/jaraco/keyring/issues/355"""

    def set_password(self, service: str, username: str, password: str) -> None:
        if len(password.encode("utf-16-le")) > 2560:
            raise PywinError(1783, "CredWrite", "The stub received bad data.")
        super().set_password(service, username, password)


class WindowsOverSsh(FileKeyring):
    """A network logon has no store."""

    def get_password(self, service: str, username: str) -> NoReturn:
        said = "A specified logon session does not exist. It may already have been terminated."
        raise PywinError(1312, "CredRead", said)


class MacDenied(FileKeyring):
    """Somebody pressed Deny."""

    def get_password(self, service: str, username: str) -> NoReturn:
        raise KeyringLocked("Can't get password from keychain: (-128, 'Keychain Access Denied')")


class MacOverSsh(FileKeyring):
    """No dialog can be shown, and the keychain is locked."""

    def get_password(self, service: str, username: str) -> NoReturn:
        raise KeyringError("Can't get password from keychain: (-25308, 'Unknown Error')")


class MacUnsigned(FileKeyring):
    """A number that has no finding of its own."""

    def get_password(self, service: str, username: str) -> NoReturn:
        raise KeyringError("Can't get password from keychain: (-25293, 'Security Auth Failure')")


for name in ("Windows", "WindowsOverSsh"):
    globals()[name].__module__ = "keyring.backends.Windows"
for name in ("MacDenied", "MacOverSsh", "MacUnsigned"):
    globals()[name].__module__ = "keyring.backends.macOS"
