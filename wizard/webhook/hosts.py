"""The `Host` of a request: whether it came by a way that leads to this endpoint."""

from __future__ import annotations

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

from wizard.support.addresses import is_inner_host

_MOST_PROVEN = 16
_LONGEST = 253


class Hosts:
    """Which hosts requests may name.

    Those of this machine and its network, which no page in a browser elsewhere can take on, and the
    one of the `public` URL. A proxy of one's own may name whatever it likes: with `is_proxied`
    another host counts too, once a request under it has brought our verify token or our signature.
    """

    def __init__(self) -> None:
        self.public: str | None = None
        self.is_proxied = False
        self._proven: set[str] = set()

    def accepts(self, header: str) -> bool:
        """Whether a request with this `Host` is for us. HTTP/1.0 sends none."""
        host = _name(header)
        if host is None:
            return not header
        return host == self.public or host in self._proven or _is_inner(host)

    def lead_from(self, url: str, *, is_proxied: bool) -> None:
        """Takes requests for the host of this public URL."""
        self.public = _name(urlsplit(url).netloc.rpartition("@")[2])
        self.is_proxied = is_proxied

    def prove(self, header: str) -> None:
        """A request under this `Host` came from somebody who knows our token or our secret."""
        host = _name(header)
        if host is not None and self.is_proxied and len(self._proven) < _MOST_PROVEN:
            self._proven.add(host)


def _name(header: str) -> str | None:
    """The host without its port, in lower case; `None` for what is none."""
    return None if len(header) > _LONGEST + 6 else _parsed(header)


_is_inner = lru_cache(maxsize=64)(is_inner_host)


@lru_cache(maxsize=64)
def _parsed(header: str) -> str | None:
    try:
        host = (urlsplit(f"//{header}").hostname or "").rstrip(".")
        if ":" in host:
            ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return host or None
