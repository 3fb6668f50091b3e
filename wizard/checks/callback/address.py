"""What a callback URL tells by itself, before anybody calls it."""

from __future__ import annotations

import re
from urllib.parse import SplitResult, urlsplit

from wizard.findings import Finding, new_finding
from wizard.support.addresses import ip_number, is_inner_host, is_loopback


def shown(url: str) -> str:
    """The URL without what may be secret in it: a user's name and password, and its query."""
    try:
        parts = urlsplit(url)
        query = "…" if parts.query else ""
        host = parts.netloc.rpartition("@")[2]
        return parts._replace(netloc=host, query=query, fragment="").geturl()
    except ValueError:
        return url.partition("?")[0].rpartition("@")[2]


def url_problem(url: str) -> Finding | None:
    """The finding for a URL that Meta would not call, or not as it stands; pure.

    On loopback neither https nor a public address is asked for.
    """
    if odd := _odd(url):
        return new_finding("webhook.bad_url", odd)
    parts = urlsplit(url)
    if not is_loopback(url):
        if is_inner_host(parts.hostname or ""):
            return new_finding("webhook.private_address", f"{parts.hostname} is not a public host")
        if parts.scheme != "https":
            return new_finding("webhook.not_https", f"The URL begins with {parts.scheme}://")
    if "+" in parts.path:
        asked = parts.path.replace("+", " ")
        return new_finding("webhook.plus_in_path", f"Meta turns {parts.path} into “{asked}”")
    return None


def _odd(url: str) -> str:
    """Why it is no URL that anybody could call, in words."""
    if not url:
        return "It is empty"
    if re.search(r"[\s\x00-\x1f\x7f]", url):
        return "It contains whitespace"
    if "\\" in url:
        return "It contains a backslash"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "Its host or port is not valid"
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return "It doesn't begin with https:// and a host"
    return _odd_host(parts, port)


def _odd_host(parts: SplitResult, port: int | None) -> str:
    host = parts.hostname or ""
    if "@" in parts.netloc:
        return "It contains a user name or password"
    if port == 0 or parts.netloc.endswith(":"):
        return "Its port number doesn't exist"
    if parts.fragment:
        return "It contains a #: what follows is never sent"
    if not _is_name(host):
        return "Its host is not valid"
    return ""


def _is_name(host: str) -> bool:
    if ip_number(host) is not None:
        return True
    try:
        ascii_ = host.rstrip(".").encode("idna").decode()
    except UnicodeError:
        return False
    return bool(re.fullmatch(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?", ascii_)) and ".." not in ascii_
