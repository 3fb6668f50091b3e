"""Why there was no answer."""

from __future__ import annotations

from enum import StrEnum


class Failure(StrEnum):
    """Each is a finding `webhook.<failure>`."""

    BAD_URL = "bad_url"
    PRIVATE_ADDRESS = "private_address"
    DNS = "dns"
    CONNECT = "connect"
    TLS_FAILED = "tls_failed"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_EXPIRED = "tls_expired"
    TLS_HOSTNAME = "tls_hostname"
    TIMEOUT = "timeout"
    WRONG_STATUS = "wrong_status"
    """An answer came, and its status line bears no status."""
    HINDERED = "hindered"
    """Something on this machine's side: its proxy, its root certificates."""


class ProbeError(Exception):
    """No answer came; the text holds no token. `is_connected` tells that the server had taken
    the connection."""

    def __init__(self, failure: Failure, detail: str, *, is_connected: bool = False) -> None:
        super().__init__(detail)
        self.failure = failure
        self.detail = detail
        self.is_connected = is_connected
