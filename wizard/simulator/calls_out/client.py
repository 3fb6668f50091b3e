"""The calls that Meta makes itself: to a callback, before it is taken and for each event."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from wizard.simulator import errors
from wizard.simulator.calls_out import curl_errors
from wizard.support.addresses import is_loopback
from wizard.support.unpacking import unpack

if TYPE_CHECKING:
    import httpx

AGENT = "facebookplatform/1.0 (+http://developers.facebook.com)"
_HEADERS = {"user-agent": AGENT, "accept": "*/*", "accept-encoding": "deflate, gzip"}
_SHOWN = 20
"""Characters of a wrong answer that Meta repeats."""
_MOST = 65_536
"""Bytes of an answer that are kept."""


class CallbackClient:
    """Calls URLs as Meta does; `patience` gives the seconds that each has to answer."""

    def __init__(self, patience: Callable[[], float]) -> None:
        self._patience = patience
        self._clients: dict[tuple[str | None, bool], httpx.AsyncClient] = {}

    async def verify(self, url: str, verify_token: str) -> None:
        """The handshake. Raises `GraphError` 2200 or 2201 where the answer is not the challenge.

        https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
        """
        import secrets

        challenge = str(secrets.randbelow(2**31))
        query = {
            "hub.mode": "subscribe",
            "hub.challenge": challenge,
            "hub.verify_token": verify_token,
        }
        try:
            status, reason, body = await self._send("GET", url, _HEADERS, query=query)
        except curl_errors.CurlError as error:
            raise errors.callback_failed(str(error)) from None
        if status != 200:
            said = f"HTTP Status Code = {status}; HTTP Message = {reason}"
            raise errors.callback_failed(said)
        if body != challenge.encode():
            raise errors.wrong_challenge(challenge, _shown(body))

    async def deliver(self, url: str, body: bytes, headers: Mapping[str, str]) -> int | None:
        """Posts an event; the status of the answer, `None` where none came in time."""
        if url.lower().startswith("http:") and is_loopback(url):
            from wizard.simulator.calls_out import loopback_post

            target = _target(url, {})
            address = target.host, target.port or 80
            return await loopback_post.post(
                address, target.raw_path, body, headers, self._patience()
            )
        try:
            status, _, _ = await self._send("POST", url, headers, body=body)
        except curl_errors.CurlError:
            return None
        return status

    async def close(self) -> None:
        while self._clients:
            await self._clients.popitem()[1].aclose()

    async def _send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
    ) -> tuple[int, str, bytes]:
        if curl_errors.is_out_of_reach(url):
            raise curl_errors.refused_by_proxy()
        client, received = await self._client(url), bytearray()
        patience = self._patience()
        try:
            async with asyncio.timeout(patience):
                target = _target(url, query or {})
                async with client.stream(method, target, headers=headers, content=body) as answer:
                    async for chunk in answer.aiter_raw():
                        if len(received) < _MOST:
                            received += chunk
                    packed = answer.headers.get("content-encoding", "")
                    plain, left = unpack(bytes(received), packed, _MOST)
                    if left in curl_errors.ASKED_FOR:
                        raise curl_errors.unreadable()
                    return answer.status_code, answer.reason_phrase, plain
        except TimeoutError:
            raise curl_errors.timed_out(patience, len(received)) from None
        except curl_errors.failures() as error:
            raise curl_errors.said_of(error, url) from None

    async def _client(self, url: str) -> httpx.AsyncClient:
        from wizard.support.proxies import proxy_for

        kind = proxy_for(url), url.lower().startswith("https:")
        if kind not in self._clients:
            # The TLS context takes 45 ms, in which a screen beside us would not move.
            client = await asyncio.to_thread(_build, *kind)
            self._clients.setdefault(kind, client)
        return self._clients[kind]


def _build(proxy: str | None, tls: bool) -> httpx.AsyncClient:
    from http.cookiejar import CookieJar, DefaultCookiePolicy

    import httpx

    return httpx.AsyncClient(
        proxy=proxy,
        trust_env=False,
        verify=httpx.create_ssl_context() if tls else False,
        # Patience counts for the whole of a call.
        timeout=httpx.Timeout(None),
        limits=httpx.Limits(max_keepalive_connections=0),
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


def _target(url: str, query: Mapping[str, str]) -> httpx.URL:
    import httpx

    address, mark, rest = url.partition("?")
    # Meta sends a plus in the path as a blank: https://github.com/chatwoot/chatwoot/issues/14738
    target = httpx.URL(address.replace("+", "%20") + mark + rest)
    return target.copy_merge_params(query) if query else target


def _shown(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    cut = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return json.dumps(cut)[1:-1].replace("<", "\\u003C")
