"""What curl, which Meta calls with, says of a server that does not answer.

https://curl.se/libcurl/c/libcurl-errors.html
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from wizard.support.addresses import is_loopback

ASKED_FOR = {"deflate", "gzip", "x-gzip"}
_HOSTNAME_MISMATCH, _IP_MISMATCH = 62, 64
_PROXY = "; HTTP Status Code = 200; HTTP Message = Connection established"
"""Follows what happened behind Meta's own proxy: https://github.com/remixz/messenger-bot/issues/27"""


class CurlError(Exception):
    """The text is what stands in #2200 for it."""

    def __init__(self, number: int, sentence: str, *, connected: bool = False) -> None:
        super().__init__(
            f"curl_errno = {number}; curl_error = {sentence}{_PROXY if connected else ''}"
        )


def failures() -> tuple[type[Exception], ...]:
    """What httpx raises where no answer comes."""
    import httpx

    return httpx.HTTPError, httpx.InvalidURL


def timed_out(patience: float, received: int) -> CurlError:
    waited = f"Operation timed out after {patience * 1000:.0f} milliseconds"
    return CurlError(28, f"{waited} with {received} bytes received", connected=True)


def unreadable() -> CurlError:
    """A body that its Content-Encoding has nothing to do with."""
    return CurlError(61, "Error while processing content unencoding", connected=True)


def refused_by_proxy() -> CurlError:
    """What was recorded of `https://localhost`, which Meta's own proxy reaches for nobody.

    https://github.com/gabrieldwight/Whatsapp-Business-Cloud-Api-Net/issues/5
    """
    return CurlError(56, "Received HTTP code 403 from proxy after CONNECT")


def is_out_of_reach(url: str) -> bool:
    """Whether it is this machine as people name it who mean the Internet; with a port, a server of
    this machine stands for one out there."""
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and parts.port is None and is_loopback(url)
    except ValueError:
        return False


def said_of(error: Exception, url: str) -> CurlError:
    """The error that curl has for one of `failures()`."""
    import httpx

    host, port = _place(url)
    for cause in _causes(error):
        if isinstance(cause, ssl.SSLError):
            return _of_tls(cause, host, port)
        if isinstance(cause, socket.gaierror):
            return CurlError(6, f"Could not resolve host: {host}")
    if isinstance(error, httpx.ProxyError):
        return refused_by_proxy()
    if isinstance(error, httpx.ConnectError):
        return CurlError(7, f"Failed to connect to {host} port {port}: Connection refused")
    if isinstance(error, httpx.UnsupportedProtocol | httpx.InvalidURL):
        return CurlError(3, "URL using bad/illegal format or missing URL")
    if isinstance(error, httpx.DecodingError):
        return unreadable()
    if isinstance(error, httpx.RemoteProtocolError):
        return CurlError(52, "Empty reply from server", connected=True)
    return CurlError(56, "Recv failure: Connection reset by peer", connected=True)


def _of_tls(error: ssl.SSLError, host: str, port: int) -> CurlError:
    if not isinstance(error, ssl.SSLCertVerificationError):
        sentence = f"Unknown SSL protocol error in connection to {host}:{port} "
        return CurlError(35, sentence, connected=True)
    if error.verify_code in {_HOSTNAME_MISMATCH, _IP_MISMATCH}:
        sentence = f"no alternative certificate subject name matches target host name '{host}'"
        return CurlError(51, f"SSL: {sentence}", connected=True)
    return CurlError(60, f"SSL certificate problem: {error.verify_message}", connected=True)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, and what led to it."""
    found: BaseException | None = error
    while found is not None:
        yield found
        if isinstance(found, BaseExceptionGroup):
            for inner in found.exceptions:
                yield from _causes(inner)
        found = found.__cause__ or found.__context__


def _place(url: str) -> tuple[str, int]:
    try:
        parts = urlsplit(url)
        return parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError:
        return url, 0
