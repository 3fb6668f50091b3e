"""Endpoint and tunnel together: opened, disturbed, and brought back."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from urllib.parse import urlsplit

import httpx
import pytest

from tests.journeys.webhook.endpoints import SECRET, TOKEN, HeldTunnel, Tunnels, connected
from tests.loopback import http_client
from tests.tables import each_line
from tests.webhook.meta import headers, written
from wizard.findings import Finding
from wizard.journeys.webhook import public_endpoint
from wizard.journeys.webhook.events import DeliveryForwarded, Ready
from wizard.state import StoredWebhook
from wizard.tunnel.tunnel import Reason, TunnelChange, TunnelError
from wizard.values.credentials import Secret, Values
from wizard.webhook.event_queue import Delivery


async def post(url: str, body: bytes, secret: Secret = SECRET) -> int:
    async with http_client() as client:
        answer = await client.post(url, content=body, headers=headers(body, secret))
    return answer.status_code


async def test_opening_tells_the_address_and_shakes_hands_through_it() -> None:
    async with connected() as (connection, told):
        assert await connection.open()
        ready = await told.until(Ready)
        assert ready.callback_url == connection.callback_url
        assert ready.local_url == connection.local_url
        await told.until(Finding, lambda f: f.id == "tunnel.up")
        await told.until(Finding, lambda f: f.id == "webhook.verified")
        await told.until(Finding, lambda f: f.id == "verify_token.valid")


async def test_opening_twice_opens_one_line() -> None:
    tunnels = Tunnels()
    async with connected(tunnels) as (connection, _):
        assert await connection.open()
        assert await connection.open()
        assert len(tunnels.made) == 1


async def test_closing_frees_the_port_and_says_that_the_tunnel_is_closed() -> None:
    async with connected() as (connection, told):
        await connection.open()
        url = connection.local_url
        await connection.close()
        await told.until(TunnelChange, lambda change: change.state == "closed")
        assert not connection.is_open
        with pytest.raises(httpx.ConnectError):
            await post(url, written())


async def test_a_tunnel_that_is_refused_is_a_finding_and_may_be_tried_again() -> None:
    refusal = TunnelError(Reason.SESSION_LIMIT, "One agent at a time.", "ERR_NGROK_108")
    async with connected(Tunnels([refusal])) as (connection, told):
        assert not await connection.open()
        finding = await told.until(Finding)
        assert finding.id == "tunnel.session_limit"
        assert finding.evidence == "ERR_NGROK_108: One agent at a time."
        assert await connection.open()


@each_line("reason", list(Reason))
async def test_every_reason_of_a_tunnel_is_in_the_catalogue(reason: Reason) -> None:
    async with connected(Tunnels([TunnelError(reason)])) as (connection, told):
        assert not await connection.open()
        assert (await told.until(Finding)).id == f"tunnel.{reason}"


async def test_a_port_that_is_taken_is_a_finding() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with connected(port=port) as (connection, told):
            assert not await connection.open()
            assert (await told.until(Finding)).id == "webhook.port_in_use"


async def test_a_port_that_there_is_not_is_a_finding() -> None:
    async with connected(port=70_000) as (connection, told):
        assert not await connection.open()
        assert (await told.until(Finding)).id == "webhook.port_refused"


async def test_without_a_verify_token_there_is_nothing_to_open() -> None:
    async with connected(values=Values(app_secret=SECRET)) as (connection, told):
        assert not await connection.open()
        assert (await told.until(Finding)).id == "verify_token.missing"


async def test_an_address_that_leads_to_another_server_is_found_out() -> None:
    async with connected() as (other, _), connected() as (connection, told):
        await other.open()
        assert other.endpoint is not None
        crossed = HeldTunnel()
        connection.world.tunnels = Crossed(crossed, other.endpoint.port)
        assert not await connection.open()
        await told.until(Finding, lambda f: f.id == "webhook.other_server")
        assert connection.is_open


class Crossed:
    """A tunnel to somebody else's port."""

    def __init__(self, tunnel: HeldTunnel, port: int) -> None:
        self.tunnel = tunnel
        self.port = port

    def __call__(self, *_: object) -> HeldTunnel:
        tunnel, port = self.tunnel, self.port

        class Elsewhere(HeldTunnel):
            async def open(self, _port: int) -> str:
                return await tunnel.open(port)

        return Elsewhere()


async def test_a_tunnel_that_comes_back_elsewhere_is_told_and_tested_again() -> None:
    tunnels = Tunnels()
    async with connected(tunnels) as (connection, told):
        await connection.open()
        before = await told.until(Ready)
        tunnels.made[0].move("localhost")
        await told.until(TunnelChange, lambda change: change.state == "reconnected")
        after = await told.until(Ready)
        assert after.callback_url == before.callback_url.replace("127.0.0.1", "localhost")
        await told.until(Finding, lambda f: f.id == "webhook.verified")


async def test_a_tunnel_that_comes_back_at_the_same_address_is_no_news_beyond_that() -> None:
    tunnels = Tunnels()
    async with connected(tunnels) as (connection, told):
        await connection.open()
        tunnels.made[0].move("127.0.0.1")
        await told.until(TunnelChange, lambda change: change.state == "reconnected")
        told.seen.clear()
        await connection.close()
        await told.until(TunnelChange, lambda change: change.state == "closed")
        assert not [event for event in told.seen if isinstance(event, Ready)]


async def test_an_agent_that_was_ended_from_outside_is_started_again() -> None:
    tunnels = Tunnels()
    async with connected(tunnels) as (connection, told):
        await connection.open()
        tunnels.made[0].die()
        await told.until(TunnelChange, lambda change: change.state == "closed")
        await told.until(Ready)
        assert connection.is_open
        assert len(tunnels.made) == 2


async def test_values_that_are_stored_meanwhile_count_from_then_on() -> None:
    values = Values(verify_token=TOKEN)
    async with connected(values=values) as (connection, told):
        await connection.open()
        url = connection.local_url
        assert await post(url, written("wamid.A"), Secret("0" * 32)) == 200
        assert (await told.until(Delivery)).signature == "unchecked"
        await connection.update_values(replace(values, app_secret=SECRET))
        assert await post(url, written("wamid.B"), Secret("0" * 32)) == 403
        assert await post(url, written("wamid.C")) == 200
        assert (await told.until(Delivery)).signature == "valid"


async def test_what_must_not_be_forgotten_is_told_before_anything_else_happens() -> None:
    kept: list[StoredWebhook] = []

    async def remember(webhook: StoredWebhook) -> None:
        kept.append(webhook)

    async with connected(remember=remember) as (connection, _):
        await connection.open()
        url = connection.callback_url
        assert (kept[-1].callback_url, kept[-1].local_url) == (url, connection.local_url)
        await connection.close()
    assert (kept[-1].callback_url, kept[-1].local_url) == (url, None)


async def test_a_delivery_is_passed_on_again_when_asked_to() -> None:
    async with connected() as (theirs, at_theirs), connected() as (connection, told):
        await theirs.open()
        await connection.open()
        await post(connection.local_url, written())
        delivery = await told.until(Delivery)
        assert await connection.replay(delivery) is None
        connection.forward_to = theirs.local_url
        answer = await connection.replay(delivery)
        assert answer is not None
        assert answer.status == 200
        assert (await told.until(DeliveryForwarded)).answer == answer
        assert (await at_theirs.until(Delivery)).body == delivery.body


async def test_a_repeated_delivery_is_passed_on_again_and_told_once() -> None:
    async with connected() as (theirs, _), connected() as (connection, told):
        await theirs.open()
        await connection.open()
        connection.forward_to = theirs.local_url
        for _ in range(2):
            assert await post(connection.local_url, written()) == 200
            assert (await told.until(DeliveryForwarded)).answer.status == 200
    assert sum(isinstance(event, Delivery) for event in told.seen) == 1


async def test_what_comes_is_told_while_the_app_answers_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(public_endpoint, "_MOST_TO_PASS_ON", 3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        async with connected() as (connection, told):
            await connection.open()
            connection.forward_to = f"http://127.0.0.1:{silent.getsockname()[1]}"
            bodies = [written(f"wamid.{n}") for n in range(20)]
            assert await poured(connection.local_url, bodies) == [b"200"] * 20
            await told.until(Delivery, lambda delivery: delivery.body == bodies[-1])
            left = await told.until(DeliveryForwarded)
            assert (left.answer.error, left.delivery.body in bodies) == ("behind", True)


async def poured(url: str, bodies: list[bytes]) -> list[bytes]:
    """The statuses of deliveries that come one after the other on a connection of their own."""
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    statuses = []
    for body in bodies:
        told = {"Host": parts.netloc, "Content-Length": len(body), **headers(body, SECRET)}
        lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
        writer.write(f"POST {parts.path} HTTP/1.1\r\n{lines}\r\n".encode() + body)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = head.partition(b"content-length:")[2].split(b"\r\n")[0]
        await reader.readexactly(int(length))
        statuses.append(head.split(b" ")[1])
    writer.close()
    return statuses


async def test_a_flood_stays_within_bounds_and_ends_nothing() -> None:
    async with connected() as (connection, told):
        await connection.open()
        bodies = [written(f"wamid.{n}") for n in range(1100)]
        url = connection.local_url
        answers = await asyncio.gather(*(poured(url, bodies[n::50]) for n in range(50)))
        assert [said for each in answers for said in each] == [b"200"] * 1100
        first = await told.until(Delivery)
        assert first.signature == "valid"
        assert await connection.verify_through_tunnel()
