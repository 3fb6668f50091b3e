"""Requests that name a host which does not lead here are refused; a healthy proxy is not."""

from __future__ import annotations

import tracemalloc

import httpx

from tests.loopback import http_client
from tests.tables import each_line
from tests.webhook.meta import SECRET, TOKEN, raw
from wizard.support.loopback import HOST
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Rejected
from wizard.webhook.hosts import Hosts
from wizard.webhook.signature import sign

PUBLIC = "https://one-name.ngrok-free.app"
BODY = b'{"object": "whatsapp_business_account", "entry": []}'
LOCAL = ["127.0.0.1", "127.0.0.1:8080", "localhost", "LOCALHOST:1", "localhost.", "[::1]:8080"]
LOCAL += ["webhook_upstream", "host.docker.internal:8080", "192.168.0.7", "app.localhost"]
STRANGE = ["evil.example.com", "evil.example.com:443", "a@evil.example.com", "8.8.8.8", "[::"]
STRANGE += ["evil.example.com/", f"{PUBLIC[8:]}.evil.com", f"x{PUBLIC[8:]}"]
STRANGE += ["x" * 300]


async def shake(endpoint: Endpoint, host: str, token: Secret = TOKEN) -> httpx.Response:
    query = {"hub.mode": "subscribe", "hub.challenge": "42", "hub.verify_token": token.reveal()}
    async with http_client() as client:
        return await client.get(endpoint.local_url, params=query, headers={"Host": host})


async def post(endpoint: Endpoint, host: str, secret: Secret | None = None) -> httpx.Response:
    headers = {"Host": host, "Content-Type": "application/json"}
    if secret is not None:
        headers["X-Hub-Signature-256"] = sign(secret, BODY)
    async with http_client() as client:
        return await client.post(endpoint.local_url, content=BODY, headers=headers)


@each_line("host", [*LOCAL, "one-name.ngrok-free.app", "ONE-name.ngrok-free.app:443"])
@each_line("is_proxied", [False, True])
def test_the_public_host_and_those_of_this_machine_are_accepted(
    host: str, is_proxied: bool
) -> None:
    hosts = Hosts()
    hosts.lead_from(PUBLIC, is_proxied=is_proxied)
    assert hosts.accepts(host)


@each_line("host", STRANGE)
def test_others_are_not_and_nothing_proves_them_behind_a_tunnel(host: str) -> None:
    hosts = Hosts()
    hosts.lead_from(PUBLIC, is_proxied=False)
    hosts.prove(host)
    assert not hosts.accepts(host)


def test_no_header_of_a_strangers_is_kept() -> None:
    hosts = Hosts()
    tracemalloc.start()
    try:
        for number in range(200):
            assert not hosts.accepts(f"{number}." + "x" * 60_000)
        assert tracemalloc.get_traced_memory()[0] < 100_000
    finally:
        tracemalloc.stop()


async def test_behind_a_tunnel_another_host_is_turned_away_and_told() -> None:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        endpoint.hosts.lead_from(PUBLIC, is_proxied=False)
        assert (await shake(endpoint, "evil.example.com")).status_code == 421
        assert (await post(endpoint, "evil.example.com", SECRET)).status_code == 421
        assert (await post(endpoint, "one-name.ngrok-free.app", SECRET)).status_code == 200
        assert (await shake(endpoint, f"{HOST}:{endpoint.port}")).status_code == 200
        first = await anext(aiter(endpoint.received))
        assert isinstance(first, Rejected)
        assert (first.reason, first.status) == ("host", 421)


async def test_the_host_of_a_whole_url_counts_and_not_the_header() -> None:
    async with Endpoint(TOKEN, SECRET) as endpoint:
        endpoint.hosts.lead_from(PUBLIC, is_proxied=False)
        for asked, header, status in (("evil.example.com", HOST, 421), (HOST, "evil.example", 403)):
            head = f"GET http://{asked}/webhook HTTP/1.0\r\nHost: {header}\r\n\r\n"
            assert f" {status} ".encode() in await raw(endpoint, head.encode())


async def test_a_proxy_that_names_a_host_of_its_own_is_healthy() -> None:
    async with Endpoint(TOKEN) as endpoint:
        endpoint.hosts.lead_from("https://dev.example.com", is_proxied=True)
        assert (await post(endpoint, "inner.example.net")).status_code == 421
        assert (await shake(endpoint, "inner.example.net", Secret("guess"))).status_code == 403
        assert (await post(endpoint, "inner.example.net")).status_code == 421
        assert (await shake(endpoint, "inner.example.net")).status_code == 200
        assert (await post(endpoint, "inner.example.net")).status_code == 200
        assert (await post(endpoint, "evil.example.com")).status_code == 421
        endpoint.app_secret = SECRET
        assert (await post(endpoint, "other.example.net", SECRET)).status_code == 200
