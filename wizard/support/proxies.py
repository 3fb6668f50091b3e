"""Which proxy of the environment leads to a URL.

httpx reads NO_PROXY itself, but raises for IPv6 addresses in brackets and for networks in it
(`[::1]`, `fe80::/10`), and heeds no network at all: https://github.com/encode/httpx/issues/3221
"""

from __future__ import annotations

import re
from contextlib import suppress
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from wizard.support.addresses import is_loopback

_ENTRY = re.compile(r"\[(?P<six>[^]]+)\](:(?P<sixth>\d+))?|(?P<name>[^:]+)(:(?P<port>\d+))?")
_PORTS = {"http": 80, "https": 443}


def proxy_for(url: str) -> str | None:
    """The proxy's URL; `None` where the URL is reached without one, as this machine is always."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port or _PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not host or is_loopback(url):
        return None
    from urllib.request import getproxies

    scheme = parts.scheme.lower()
    proxies = getproxies()
    proxy = proxies.get(scheme) or proxies.get("all")
    if not proxy or _is_exempt(host, port):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _is_exempt(host: str, port: int | None) -> bool:
    from urllib.request import getproxies_environment, proxy_bypass

    environment = getproxies_environment()
    if "no" in environment:
        entries = re.split(r"[,\s]+", environment["no"])
        return any(_covers(entry.lower(), host.lower(), port) for entry in entries if entry)
    # macOS and Windows keep exceptions of their own.
    return not environment and bool(proxy_bypass(host))


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of NO_PROXY is about this host: a name and all below it, an address, a
    network, each perhaps with a port; or a star, for all."""
    if entry == "*":
        return True
    with suppress(ValueError):
        return ip_address(host) in ip_network(entry.strip("[]"), strict=False)
    bare = _ENTRY.fullmatch(entry)
    if bare is None:
        return False
    wanted = bare["sixth"] or bare["port"]
    if wanted is not None and int(wanted) != port:
        return False
    named = bare["six"] or bare["name"]
    with suppress(ValueError):
        return ip_address(host) in ip_network(named, strict=False)
    name = named.removeprefix("*").strip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))
