"""Where a URL leads: to which host and port, through a proxy or not, to a public address or not."""

from __future__ import annotations

import ipaddress
import socket
from urllib.parse import SplitResult, urlsplit

from wizard.support.addresses import is_loopback
from wizard.support.proxies import proxy_for
from wizard.support.threads import run_in_thread
from wizard.webhook.probe_errors import Failure, ProbeError


def split_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        host_and_port(parts)
    except ValueError:
        raise ProbeError(Failure.BAD_URL, "It is not a URL") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ProbeError(Failure.BAD_URL, "It names no scheme and host")
    return parts


def host_and_port(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)


async def resolve(parts: SplitResult, limit: float) -> None:
    """Whether the host has a public address. httpx would resolve it too, but on a thread that is
    waited for at exit."""
    host, port = host_and_port(parts)
    if is_loopback(parts.geturl()) or proxied(parts):
        return
    found = await run_in_thread(
        lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM), timeout=limit
    )
    addresses = {str(entry[4][0]).partition("%")[0] for entry in found}
    if not any(ipaddress.ip_address(address).is_global for address in addresses):
        said = f"{host} is {', '.join(sorted(addresses))}"
        raise ProbeError(Failure.PRIVATE_ADDRESS, said)


def proxied(parts: SplitResult) -> bool:
    """Whether the environment names a proxy for this address."""
    return proxy_for(parts.geturl()) is not None
