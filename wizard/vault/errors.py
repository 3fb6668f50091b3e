"""Why the keyring can't be used."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Each is a finding `keyring.<reason>`."""

    NO_BACKEND = "no_backend"
    LOCKED = "locked"
    REFUSED = "refused"
    NO_GROUP = "no_group"
    TIMEOUT = "timeout"
    UNREADABLE = "unreadable"
    WRITE_FAILED = "write_failed"


class VaultError(Exception):
    """The keyring can't be used, or did not keep a value; `detail` holds no value."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.detail = detail


def no_response(limit: float) -> VaultError:
    """Where nobody answered within so many seconds."""
    return VaultError(Reason.TIMEOUT, f"No response within {limit:g} seconds.")
