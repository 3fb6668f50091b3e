"""What an address tells by itself."""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

_INNER = frozenset(
    {"local", "localdomain", "localnet", "localhost", "lan", "home", "home.arpa", "internal"}
    | {"intranet", "corp", "private", "test"}
)
"""Endings that no public name has: https://www.iana.org/assignments/special-use-domain-names"""


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


def is_inner_host(host: str) -> bool:
    """Whether a host's name or IP address, without brackets, is one of this machine or of its
    network, which the public can't reach or own."""
    number = ip_number(host)
    if number is not None:
        return not number.is_global
    name = host.lower().rstrip(".")
    return "." not in name or any(name.endswith(f".{ending}") for ending in _INNER)


def ip_number(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The IP address that a host is, if it is one; with or without a zone."""
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
