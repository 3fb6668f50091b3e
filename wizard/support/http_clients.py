"""A client of httpx that keeps to what the environment says, and logs nothing."""

from __future__ import annotations

import logging
import os
import ssl
import sys
from functools import cache
from typing import TYPE_CHECKING, Any

from wizard.support.imports import before_httpx
from wizard.support.proxies import proxy_for
from wizard.support.threads import run_in_thread

if TYPE_CHECKING:
    import httpx

_LIMIT = 10.0
_MOST_OPEN = 100


class CertificatesError(Exception):
    """The certificates that the environment names can't be read; the text says why."""


class ProxyError(Exception):
    """The proxy that the environment names can't be used; its address, which may bear a password,
    is not in the text."""


async def new_client(url: str, **options: Any) -> httpx.AsyncClient:
    """A client for requests to this URL, with `options` of `httpx.AsyncClient`.

    Certificates are checked, redirects not followed, and a proxy of the environment is used, but
    never towards this machine. Raises `CertificatesError` or `ProxyError`.
    """
    try:
        # Importing httpx and reading the root certificates take 0.1 s: not on the event loop.
        context = (
            _tls_context(url)
            if "httpx" in sys.modules and _is_plain(url)
            else await run_in_thread(lambda: _tls_context(url), timeout=_LIMIT)
        )
    except (OSError, ssl.SSLError) as error:
        raise CertificatesError(f"SSL_CERT_FILE can't be used: {error}") from None
    import httpx

    # The one logs whole addresses, in which a token may stand, the other the peer's headers.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    proxy = proxy_for(url)
    try:
        return httpx.AsyncClient(
            verify=context,
            proxy=proxy,
            trust_env=False,
            # By default a fifth of them would be closed after each answer, and opened anew.
            limits=httpx.Limits(max_connections=_MOST_OPEN, max_keepalive_connections=_MOST_OPEN),
            **options,
        )
    except (ValueError, ImportError, httpx.InvalidURL):
        kind = (proxy or "").partition("://")[0]
        raise ProxyError(f"The {kind}:// proxy in the environment can't be used.") from None


def _is_plain(url: str) -> bool:
    return url.lower().startswith("http:")


def _tls_context(url: str) -> ssl.SSLContext:
    before_httpx()
    import httpx  # noqa: F401 - here, for this is beside the event loop

    if _is_plain(url):
        return _no_context()
    return _context_for(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _no_context() -> ssl.SSLContext:
    """Trusts nobody, and is not needed."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def _context_for(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context()
