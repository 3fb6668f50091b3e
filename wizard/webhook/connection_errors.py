"""What an error on the way to a callback means."""

from __future__ import annotations

import re
import socket
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult

from wizard.webhook.address import host_and_port, proxied
from wizard.webhook.certificate import (
    certificate_at,
    speaks_http2,
    speaks_plain_http,
    speaks_tls,
    tls_trouble,
)
from wizard.webhook.probe_errors import Failure, ProbeError

if TYPE_CHECKING:
    import httpx

_CHALLENGE_AS_STATUS = re.compile(r"HTTP/1\.[01] [1-9]\d{9}\b")

UNCONNECTED = "It doesn't accept the connection"
_NO_PROXY = "The configured proxy doesn't accept the connection"


@dataclass
class RequestTrace:
    """How far a request has come, for the words when it comes no further."""

    method: str
    stage: str = ""

    async def trace(self, event: str, _info: object) -> None:
        told = {
            "connection.connect_tcp.complete": "It accepts the connection and sends nothing",
            "connection.start_tls.started": "It accepts the connection, but TLS fails",
            "connection.start_tls.complete": "It accepts the connection and sends nothing",
            "http11.receive_response_headers.complete": "Its response begins and doesn't end",
        }
        self.stage = told.get(event, self.stage)

    @property
    def in_tls(self) -> bool:
        return "TLS" in self.stage


async def classify_timeout(parts: SplitResult, course: RequestTrace, limit: float) -> ProbeError:
    """What it means that the limit, in seconds, has passed."""
    if not course.stage:
        said = f"{parts.hostname}: no DNS server answered within {limit:g} seconds"
        return ProbeError(Failure.DNS, said)
    if course.stage == UNCONNECTED and proxied(parts):
        return ProbeError(Failure.HINDERED, _NO_PROXY)
    if course.in_tls and await speaks_plain_http(*host_and_port(parts)):
        return _no_tls(parts)
    said = f"{parts.hostname}: {course.stage} within {limit:g} seconds"
    return ProbeError(Failure.TIMEOUT, said, is_connected=course.stage != UNCONNECTED)


async def classify_error(
    error: Exception, parts: SplitResult, course: RequestTrace
) -> ProbeError | None:
    """What an error means, or `None` where nobody foresaw it."""
    import httpx

    if isinstance(error, ProbeError):
        return error
    host = parts.hostname or ""
    causes = _causes(error)
    if course.stage == UNCONNECTED and proxied(parts):
        return ProbeError(Failure.HINDERED, _NO_PROXY)
    if isinstance(error, httpx.InvalidURL) or any(isinstance(c, OverflowError) for c in causes):
        return ProbeError(Failure.BAD_URL, "It is not a URL")
    if isinstance(error, httpx.ProxyError):
        return ProbeError(Failure.HINDERED, f"The proxy did not reach {host}: {error}")
    unresolved = next((c for c in causes if isinstance(c, socket.gaierror | UnicodeError)), None)
    if unresolved is not None:
        return ProbeError(Failure.DNS, f"{host} does not resolve ({_words(unresolved)})")
    if parts.scheme == "https" and (trouble := await _of_tls(causes, parts, course)):
        return trouble
    if isinstance(error, httpx.HTTPError):
        return await _no_answer(error, causes, parts, course)
    return None


async def _of_tls(
    causes: list[BaseException], parts: SplitResult, course: RequestTrace
) -> ProbeError | None:
    untrusted = next((c for c in causes if isinstance(c, ssl.SSLCertVerificationError)), None)
    if untrusted is not None:
        seen = None if proxied(parts) else await certificate_at(*host_and_port(parts))
        return tls_trouble(untrusted, parts.hostname or "", seen)
    if course.in_tls or any(isinstance(c, ssl.SSLError) for c in causes):
        return await _tls_failed(causes, parts)
    return None


async def _tls_failed(causes: list[BaseException], parts: SplitResult) -> ProbeError:
    if not proxied(parts) and await speaks_plain_http(*host_and_port(parts)):
        return _no_tls(parts)
    reasons = [str(getattr(c, "reason", "") or "") for c in causes if isinstance(c, ssl.SSLError)]
    said = next((reason for reason in reasons if reason), "the connection was closed")
    if "NO_APPLICATION_PROTOCOL" in said:
        told = f"{parts.hostname} speaks HTTP/2 only, without HTTP/1.1"
        return ProbeError(Failure.TLS_FAILED, told)
    words = said.replace("_", " ").lower()
    return ProbeError(Failure.TLS_FAILED, f"{parts.hostname}: TLS fails, {words}")


def _no_tls(parts: SplitResult) -> ProbeError:
    host, port = host_and_port(parts)
    return ProbeError(Failure.TLS_FAILED, f"{host} speaks plain HTTP on port {port}")


async def _no_answer(
    error: httpx.HTTPError, causes: list[BaseException], parts: SplitResult, course: RequestTrace
) -> ProbeError:
    host, port = host_and_port(parts)
    said = str(error)
    if status_line := _CHALLENGE_AS_STATUS.search(said):
        told = f"{host} sends the challenge as the status line ({status_line[0]})"
        return ProbeError(Failure.WRONG_STATUS, told)
    if any(isinstance(c, ConnectionRefusedError) for c in causes):
        told = f"{host} refuses the connection on port {port}"
    elif _is_no_http1(said, parts, course) and await speaks_http2(host, port):
        told = f"{host} speaks only HTTP/2 without TLS (h2c) on port {port}"
    elif "incomplete" in said or "complete message" in said:
        told = f"{host}: the response stops halfway ({said.partition('(')[2].rstrip(')')})"
    elif "disconnected" in said or any(isinstance(c, ConnectionError | EOFError) for c in causes):
        told = (
            f"{host} accepts the connection on port {port} and closes it without an HTTP response"
        )
        if course.method == "GET" and parts.scheme == "http" and await speaks_tls(host, port):
            told = f"{host} speaks TLS on port {port}, but the URL says http"
    elif r"b'\x15\x03" in said:
        told = f"{host} speaks TLS on port {port}, but the URL says http"
    elif type(error).__name__ == "RemoteProtocolError":
        told = f"{host}: what answers on port {port} is not HTTP"
    else:
        told = f"{host} can't be reached on port {port} ({_words(causes[-1])})"
    return ProbeError(Failure.CONNECT, told)


def _is_no_http1(said: str, parts: SplitResult, course: RequestTrace) -> bool:
    broke_off = "disconnected" in said or "illegal request line" in said
    return broke_off and parts.scheme == "http" and course.method == "GET"


def _words(error: BaseException) -> str:
    said = getattr(error, "strerror", None) or type(error).__name__
    return str(said)


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        if isinstance(error, BaseExceptionGroup):
            chain += [inner for part in error.exceptions for inner in _causes(part)]
        error = error.__cause__ or error.__context__
    return chain
