"""What stood in the way of an answer: the name, the connection, TLS, a proxy, or a page that is no
answer."""

from __future__ import annotations

import re
import socket
import ssl
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from wizard.graph.errors import GraphError, Reason
from wizard.settings import looks_secret
from wizard.support.addresses import is_loopback, is_loopback_host
from wizard.support.proxies import proxy_for
from wizard.support.texts import visible
from wizard.values.credentials import Secret
from wizard.values.redaction import redact

if TYPE_CHECKING:
    import httpx


def network_error(error: Exception, base_url: str, sent: list[Secret]) -> GraphError:
    """The error for what httpx raised; its text holds none of the secrets that were sent."""
    import httpx

    causes, base_url = list(_causes(error)), _without_user(base_url)
    # A header that can't be sent is quoted, with its escapes, in what httpx says of it.
    quoted = isinstance(error, httpx.LocalProtocolError)
    said = (not quoted and visible(redact(str(error), sent))) or type(error).__name__
    if isinstance(error, httpx.ProxyError):
        return GraphError(Reason.PROXY, f"The proxy said: {said}")
    if tls := next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None):
        return GraphError(Reason.TLS, getattr(tls, "verify_message", None) or str(tls))
    if isinstance(error, httpx.ConnectError | UnicodeError | OverflowError) and proxy_for(base_url):
        return GraphError(Reason.PROXY, f"The proxy in the environment can't be reached: {said}")
    if isinstance(
        error, httpx.UnsupportedProtocol | httpx.InvalidURL | UnicodeError | OverflowError
    ):
        return _no_url(base_url)
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return GraphError(Reason.DNS, f"The host of {base_url} does not resolve.")
    if isinstance(error, httpx.DecodingError) or "complete message body" in str(error):
        return GraphError(Reason.NOT_JSON, "The reply broke off before its end.")
    return GraphError(Reason.CONNECT, f"{base_url}: {said}")


def not_graph(response: httpx.Response, body: bytes, sent: list[Secret]) -> GraphError:
    """The error for a response that is none of Graph's; its text holds none of the secrets."""
    status = response.status_code
    what = visible(response.headers.get("content-type", "no content type").partition(";")[0])
    # Scrubbed before it is cut: of a secret that the cut runs through, no part may stay.
    begins = " ".join(visible(redact(body[:4096].decode("utf-8", "replace"), sent)).split())[:60]
    said = redact(f"HTTP {status}, {what}, begins {begins!r}" if begins else f"HTTP {status}", sent)
    if status == 407:
        return GraphError(Reason.PROXY, said)
    if status == 429:
        return GraphError(Reason.RATE_LIMITED, said)
    if status >= 500 and status != HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return GraphError(Reason.SERVER_ERROR, said)
    if response.has_redirect_location:
        target = visible(redact(response.headers["location"].partition("?")[0], sent))
        return GraphError(Reason.NOT_JSON, f"HTTP {status}, redirects to {target}")
    return GraphError(Reason.NOT_JSON, said)


@lru_cache(maxsize=8)
def refuse_insecure(base_url: str) -> None:
    """Raises `GraphError` where whatever goes to this URL would cross a network unencrypted, or
    to who knows where: under `ws` httpx sends the same request, in the open.

    The host counts as this machine only where both parsers find the same: the one that decides
    about the environment's proxy, and httpx's, which connects.
    """
    import httpx

    try:
        url = httpx.URL(base_url)
        host = url.host.lower()
    except (httpx.InvalidURL, UnicodeError):
        return  # nothing can be sent there either, and httpx says why
    if not host or url.scheme == "https":
        return
    if url.scheme != "http":
        raise _no_url(base_url)
    if not (is_loopback(base_url) and is_loopback_host(host)):
        said = f"http://{host} is on another machine, and the URL is not https"
        raise GraphError(Reason.INSECURE, said)


def _no_url(base_url: str) -> GraphError:
    shown = "What was set" if looks_secret(base_url) else repr(_without_user(base_url))
    return GraphError(Reason.CONNECT, f"{shown} is not an http or https URL.")


def _without_user(base_url: str) -> str:
    return re.sub(r"//[^/?#]*@", "//", base_url)


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain
