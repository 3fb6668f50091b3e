"""What an address tells by itself."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit


def is_loopback(url: str) -> bool:
    """Whether a URL's host is this machine; false for what is no URL."""
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return False
    return is_loopback_host(host)


def is_loopback_host(host: str) -> bool:
    """Whether a host's name or IP address, in lower case and without brackets, is this machine.

    A name counts where RFC 6761 gives it to loopback: https://www.rfc-editor.org/rfc/rfc6761#section-6.3
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
