"""A second look at a port: which certificate stands there, or does it speak plain HTTP?"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from wizard.support.threads import run_in_thread
from wizard.webhook.probe_errors import Failure, ProbeError

_LIMIT = 1.0
_NEAR = 0.5
_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python does not name."""
_PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
_SETTINGS = b"\x04"
_NO_SETTINGS = b"\x00\x00\x00" + _SETTINGS + b"\x00" * 5
_LOOPBACK = {"localhost", "127.0.0.1", "::1", "0:0:0:0:0:0:0:1"}


@dataclass(frozen=True)
class Certificate:
    """Its host names and its time, in unix seconds and in its own words."""

    names: tuple[str, ...]
    begins: float
    ends: float
    begin: str
    end: str

    @property
    def trouble(self) -> str:
        """What is wrong with its time, in a few words."""
        if self.ends < time.time():
            return f"it expired on {self.end}"
        return f"it is valid from {self.begin}" if self.begins > time.time() else ""

    def fits(self, host: str) -> bool:
        """Whether the host stands in it; on loopback one name is as good as another."""
        host = host.lower().rstrip(".")
        if not self.names or (host in _LOOPBACK and _LOOPBACK & set(self.names)):
            return True
        return any(_matches(name, host) for name in self.names)


def tls_trouble(
    error: ssl.SSLCertVerificationError, host: str, seen: Certificate | None
) -> ProbeError:
    """The trouble with a certificate. OpenSSL names the first; a self-signed one that has ended,
    or was made for another host, is that first of all."""
    said = [f"{host}: {error.verify_message}"]
    failure = {
        9: Failure.TLS_EXPIRED,
        10: Failure.TLS_EXPIRED,
        62: Failure.TLS_HOSTNAME,
        64: Failure.TLS_HOSTNAME,
    }.get(error.verify_code)
    if seen is not None and seen.trouble:
        failure = failure or Failure.TLS_EXPIRED
        said.append(seen.trouble)
    if seen is not None and not seen.fits(host):
        failure = failure or Failure.TLS_HOSTNAME
        said.append(f"it is for {', '.join(seen.names[:4])}")
    return ProbeError(failure or Failure.TLS_UNTRUSTED, "; ".join(said))


async def certificate_at(host: str, port: int) -> Certificate | None:
    """The certificate that stands there, believed in for as long as it takes to read it; `None`
    where it can't be had."""

    def look() -> Certificate:
        with _talk(host, port, _blind()) as wrapped:
            raw = wrapped.getpeercert(binary_form=True)
        with _talk(host, port, _believing(raw or b"")) as wrapped:
            return _certificate(wrapped.getpeercert() or {})

    try:
        return await run_in_thread(look, timeout=2 * _LIMIT)
    except (OSError, ValueError, KeyError):
        return None


async def speaks_plain_http(host: str, port: int) -> bool:
    def ask() -> bool:
        with socket.create_connection((host, port), _LIMIT) as plain:
            plain.sendall(f"HEAD / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
            return plain.recv(5).startswith(b"HTTP")

    return await _whether(ask)


async def speaks_http2(host: str, port: int) -> bool:
    """Whether it answers HTTP/2's preface with settings, without TLS.

    https://www.rfc-editor.org/rfc/rfc9113#section-3.4
    """

    def ask() -> bool:
        with socket.create_connection((host, port), _LIMIT) as plain:
            plain.settimeout(_NEAR)
            plain.sendall(_PREFACE + _NO_SETTINGS)
            return plain.recv(9)[3:4] == _SETTINGS

    return await _whether(ask)


async def speaks_tls(host: str, port: int) -> bool:
    """Whether TLS comes about; asked of this machine alone, which is quick to answer."""

    def ask() -> bool:
        with _talk(host, port, _blind(), limit=_NEAR):
            return True

    return await _whether(ask)


async def _whether(ask: Callable[[], bool]) -> bool:
    try:
        return await run_in_thread(ask, timeout=_LIMIT)
    except OSError:
        return False


def _blind() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def _believing(raw: bytes) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_verify_locations(cadata=raw)
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(_NO_CHECK_TIME)
    return context


@contextmanager
def _talk(
    host: str, port: int, context: ssl.SSLContext, limit: float = _LIMIT
) -> Iterator[ssl.SSLSocket]:
    with (
        socket.create_connection((host, port), limit) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        yield wrapped


def _certificate(told: Mapping[str, object]) -> Certificate:
    begin, end = str(told["notBefore"]), str(told["notAfter"])
    names = told.get("subjectAltName", ())
    return Certificate(
        tuple(str(name).lower() for _, name in names),  # type: ignore[attr-defined]
        ssl.cert_time_to_seconds(begin),
        ssl.cert_time_to_seconds(end),
        begin,
        end,
    )


def _matches(name: str, host: str) -> bool:
    """https://www.rfc-editor.org/rfc/rfc6125#section-6.4.3"""
    if name.startswith("*."):
        return host.partition(".")[2] == name[2:]
    return host == name
