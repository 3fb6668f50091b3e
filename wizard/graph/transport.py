"""One request to Graph over HTTP: limits, one retry, and what came back in its place."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import logging
import os
import re
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from wizard.credentials import Secret
from wizard.graph.errors import GraphError, Reason, error_from, scrub
from wizard.threads import blocking

if TYPE_CHECKING:
    import httpx

LIMIT = 10.0
"""Seconds that a request may take in all."""

_MOST_BYTES = 4 * 1024 * 1024
_PAUSE = 0.4
_RETRIED = {Reason.CONNECT, Reason.SERVER_ERROR}


@dataclass(frozen=True)
class Heard:
    """The first answer of a run: the version that was asked, the one that spoke, how long."""

    asked: str
    served: str
    milliseconds: int


class Transport:
    """GET requests to one base URL. Addresses may hold secrets, so none is ever logged."""

    def __init__(self, base_url: str, version: str, *, limit: float = LIMIT) -> None:
        self._base_url = base_url
        self._version = version
        self._limit = limit
        self._client: httpx.AsyncClient | None = None
        self._opening = asyncio.Lock()
        self.heard: Heard | None = None

    async def get(
        self,
        path: str,
        query: Mapping[str, str] | None = None,
        *,
        token: Secret | None = None,
        secrets: Mapping[str, Secret] | None = None,
    ) -> dict[str, Any]:
        """The JSON object at this path of the Graph version in use.

        `token` goes into the header; `secrets` into the query, where Graph wants them there.
        Raises `GraphError`. What may pass on a second try is tried a second time.
        """
        request = (path, dict(query or {}), token, dict(secrets or {}))
        try:
            return await self._limited(*request)
        except GraphError as error:
            if error.reason not in _RETRIED:
                raise
        await asyncio.sleep(_PAUSE)
        return await self._limited(*request)

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _limited(
        self, path: str, query: dict[str, str], token: Secret | None, secrets: dict[str, Secret]
    ) -> dict[str, Any]:
        try:
            async with asyncio.timeout(self._limit):
                return await self._once(path, query, token, secrets)
        except TimeoutError:
            said = f"No answer within {self._limit:g} seconds."
            raise GraphError(Reason.TIMEOUT, said) from None

    async def _once(
        self, path: str, query: dict[str, str], token: Secret | None, secrets: dict[str, Secret]
    ) -> dict[str, Any]:
        client = await self._open()
        sent = [*secrets.values(), *([token] if token else [])]
        bearer = f"Bearer {token.reveal()}".encode(errors="replace") if token else b""
        headers = {b"Authorization": bearer} if bearer else {}
        query = query | {name: secret.reveal() for name, secret in secrets.items()}
        import httpx

        begun = time.monotonic()
        try:
            async with client.stream(
                "GET", f"{self._base_url}/{self._version}/{path}", params=query, headers=headers
            ) as response:
                body = await _read(response)
        except httpx.TimeoutException:
            raise TimeoutError from None
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
            raise _network_error(error, self._base_url, sent) from None
        except ExceptionGroup as group:
            # What anyio makes of a port beyond 65535.
            if group.subgroup(OverflowError) is None:
                raise
            raise _network_error(OverflowError(), self._base_url, sent) from None
        reply = _json(response, body, sent)
        served = response.headers.get("facebook-api-version", self._version)
        self.heard = self.heard or Heard(
            self._version, served, round((time.monotonic() - begun) * 1000)
        )
        if "error" in reply:
            envelope = reply["error"]
            raise error_from(
                response.status_code,
                envelope if isinstance(envelope, Mapping) else {"message": envelope},
                sent,
            )
        return reply

    async def _open(self) -> httpx.AsyncClient:
        async with self._opening:
            if self._client is None:
                self._client = await _new_client(self._base_url)
            return self._client


async def _new_client(base_url: str) -> httpx.AsyncClient:
    # Importing httpx and reading the root certificates take 0.1 s: not on the event loop.
    try:
        context = await blocking(lambda: _tls_context(base_url), limit=LIMIT)
    except (OSError, ssl.SSLError) as error:
        raise GraphError(Reason.TLS, f"SSL_CERT_FILE can't be used: {error}.") from None
    import httpx

    # The one logs whole addresses, the other Meta's headers, which may repeat a token.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        return httpx.AsyncClient(
            verify=context,
            timeout=None,  # noqa: S113 - the limit is set around the whole request
            trust_env=not _is_loopback(base_url),
            headers={"User-Agent": "whatsapp-wizard", "Accept": "application/json"},
        )
    except (ValueError, ImportError, httpx.InvalidURL) as error:
        raise GraphError(
            Reason.PROXY, f"The proxy in the environment can't be used: {error}"
        ) from None


def _tls_context(base_url: str) -> ssl.SSLContext:
    if base_url.lower().startswith("http:"):
        return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody, and is not needed
    return _context_for(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))


@cache
def _context_for(_file: str | None, _folder: str | None) -> ssl.SSLContext:
    import httpx

    return httpx.create_ssl_context()


def _is_loopback(base_url: str) -> bool:
    name = _host(base_url)
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def _host(base_url: str) -> str:
    host = base_url.lower().partition("://")[2].partition("/")[0].rpartition("@")[2]
    return host.partition("]")[0].lstrip("[") if host.startswith("[") else host.partition(":")[0]


def _proxied(base_url: str) -> bool:
    """Whether the environment names a proxy for this address."""
    from urllib.request import getproxies, proxy_bypass

    proxies = getproxies()
    named = proxies.get(base_url.lower().partition(":")[0]) or proxies.get("all")
    return bool(named) and not _is_loopback(base_url) and not proxy_bypass(_host(base_url))


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > _MOST_BYTES:
            raise GraphError(Reason.NOT_JSON, "The reply is larger than any of Graph's.")
    return bytes(body)


def _json(response: httpx.Response, body: bytes, sent: list[Secret]) -> dict[str, Any]:
    try:
        reply = json.loads(body)
    except (ValueError, RecursionError):
        reply = None
    if isinstance(reply, dict) and (response.status_code < 400 or "error" in reply):
        return reply
    raise _not_graph(response, body, sent)


def _not_graph(response: httpx.Response, body: bytes, sent: list[Secret]) -> GraphError:
    status = response.status_code
    what = response.headers.get("content-type", "no content type").partition(";")[0]
    # Scrubbed before it is cut: of a secret that the cut runs through, no part may stay.
    begins = " ".join(scrub(body[:4096].decode("utf-8", "replace"), sent).split())[:60]
    said = scrub(f"HTTP {status}, {what}, begins {begins!r}" if begins else f"HTTP {status}", sent)
    if status == 407:
        return GraphError(Reason.PROXY, said)
    if status == 429:
        return GraphError(Reason.RATE_LIMITED, said)
    if status >= 500 and status != HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return GraphError(Reason.SERVER_ERROR, said)
    if response.has_redirect_location:
        target = scrub(response.headers["location"].partition("?")[0], sent)
        return GraphError(Reason.NOT_JSON, f"HTTP {status}, redirects to {target}")
    return GraphError(Reason.NOT_JSON, said)


def _network_error(error: Exception, base_url: str, sent: list[Secret]) -> GraphError:
    import httpx

    causes, base_url = list(_causes(error)), _without_user(base_url)
    # A header that can't be sent is quoted, with its escapes, in what httpx says of it.
    quoted = isinstance(error, httpx.LocalProtocolError)
    said = (not quoted and scrub(str(error), sent)) or type(error).__name__
    if isinstance(error, httpx.ProxyError):
        return GraphError(Reason.PROXY, f"The proxy said: {said}")
    if tls := next((cause for cause in causes if isinstance(cause, ssl.SSLError)), None):
        return GraphError(Reason.TLS, getattr(tls, "verify_message", None) or str(tls))
    if isinstance(error, httpx.ConnectError | UnicodeError | OverflowError) and _proxied(base_url):
        return GraphError(Reason.PROXY, f"The proxy in the environment can't be reached: {said}")
    if isinstance(
        error, httpx.UnsupportedProtocol | httpx.InvalidURL | UnicodeError | OverflowError
    ):
        return GraphError(Reason.CONNECT, f"{base_url!r} is not an http or https address.")
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return GraphError(Reason.DNS, f"No address is known for the host of {base_url}.")
    if isinstance(error, httpx.DecodingError) or "complete message body" in str(error):
        return GraphError(Reason.NOT_JSON, "The reply broke off before its end.")
    return GraphError(Reason.CONNECT, f"{base_url}: {said}")


def _without_user(base_url: str) -> str:
    return re.sub(r"//[^/@]*@", "//", base_url)


def _causes(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain
