"""A callback at Meta: set, left alone where it is somebody else's, put back as it was."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from tests.journeys.webhook.endpoints import Told, Tunnels, connected
from wizard.findings import Finding
from wizard.journeys.webhook.connection import WebhookConnection
from wizard.journeys.webhook.registration import Scope
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.world.objects import Subscription
from wizard.state import StoredWebhook
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint
from wizard.webhook.event_queue import Handshake

DEAD = "http://127.0.0.1:9/webhook"


@dataclass
class Stage:
    meta: Meta
    connection: WebhookConnection
    told: Told
    tunnels: Tunnels
    kept: list[StoredWebhook]

    @property
    def called(self) -> list[str]:
        return [hook.callback_url for hook in self.meta.app.subscriptions]

    async def finding(self, id_: str) -> Finding:
        return await self.told.until(Finding, lambda finding: finding.id == id_)

    def record(self, url: str, *fields: str) -> None:
        self.meta.app.subscriptions[:] = [Subscription(url, fields or ("messages",))]


@asynccontextmanager
async def stage(**missing: None) -> AsyncIterator[Stage]:
    meta, tunnels, kept = Meta(), Tunnels(), list[StoredWebhook]()

    async def remember(webhook: StoredWebhook) -> None:
        kept.append(webhook)

    values = replace(demo_values(meta), **missing)
    async with (
        serve(create_app(meta)) as base,
        connected(tunnels, values, base, remember=remember) as (connection, told),
    ):
        assert await connection.open()
        yield Stage(meta, connection, told, tunnels, kept)
        await meta.close()


@pytest.fixture
def token() -> Secret:
    token = demo_values(Meta()).verify_token
    assert token is not None
    return token


@pytest.mark.parametrize("scope", list(Scope))
async def test_registering_lets_meta_call_and_reads_its_record_back(scope: Scope) -> None:
    async with stage() as s:
        if scope is not Scope.APP:
            s.record(DEAD)
        await s.connection.register(scope)
        await s.told.until(Handshake, lambda shaken: not shaken.own and shaken.ok)
        finding = await s.finding("webhook.registered")
        assert str(s.connection.callback_url) in finding.evidence
        assert s.connection.registered is not None


async def test_the_account_is_subscribed_where_it_was_not() -> None:
    async with stage() as s:
        s.meta.waba.subscribed.clear()
        await s.connection.register()
        await s.finding("webhook.registered")
        assert [entry.app for entry in s.meta.waba.subscribed] == [s.meta.app]


@pytest.mark.parametrize("name", ["app_id", "app_secret"])
async def test_what_registering_needs_and_is_not_there_is_named(name: str) -> None:
    async with stage(**{name: None}) as s:
        await s.connection.register()
        await s.finding(f"{name}.missing")
        assert s.called == []


async def test_metas_own_verdict_is_explained() -> None:
    async with stage() as s:
        assert s.connection.endpoint is not None
        s.connection.endpoint.verify_token = Secret("changed meanwhile")
        await s.connection.register()
        finding = await s.finding("webhook.token_mismatch")
        assert "Meta" in finding.evidence
        assert s.called == []


async def test_a_token_of_another_app_is_no_reason_to_break_anything() -> None:
    async with stage() as s:
        await s.connection.update_values(
            replace(s.connection.world.values, app_secret=Secret("0" * 32))
        )
        await s.connection.register()
        await s.told.until(Finding, lambda finding: finding.id == "app_secret.mismatch")
        assert s.called == []


async def test_a_callback_that_would_not_come_back_is_said_to_be_one() -> None:
    async with stage() as s:
        s.record(DEAD)
        foreign = await s.connection.register()
        assert foreign is not None
        assert (foreign.callback_url, foreign.restorable) == (DEAD, False)
        assert s.called == [DEAD]
        assert s.kept[-1].replaced == ()


async def test_a_callback_that_takes_our_token_is_said_to_come_back(token: Secret) -> None:
    async with stage() as s, Endpoint(token) as theirs:
        s.record(theirs.local_url)
        foreign = await s.connection.register()
        assert foreign is not None
        assert foreign.restorable


async def test_it_is_remembered_before_it_is_replaced_and_forgotten_when_it_is_back(
    token: Secret,
) -> None:
    async with stage() as s, Endpoint(token) as theirs:
        s.record(theirs.local_url, "account_alerts", "messages")
        await s.connection.register(replace_foreign=True)
        (before,) = s.kept[-1].replaced
        assert (before.callback_url, before.by) == (theirs.local_url, s.connection.callback_url)
        assert s.called == [s.connection.callback_url]
        assert set(s.meta.app.subscriptions[0].fields) == {"account_alerts", "messages"}
        assert await s.connection.restore()
        assert s.kept[-1].replaced == ()
        assert s.called == [theirs.local_url]


async def test_one_that_does_not_come_back_stays_remembered() -> None:
    async with stage() as s:
        s.record(DEAD)
        await s.connection.register(replace_foreign=True)
        assert not await s.connection.restore()
        finding = await s.finding("webhook.not_restored")
        assert DEAD in finding.evidence
        assert [one.callback_url for one in s.kept[-1].replaced] == [DEAD]


async def test_registering_twice_replaces_nothing_the_second_time(token: Secret) -> None:
    async with stage() as s, Endpoint(token) as theirs:
        s.record(theirs.local_url)
        await s.connection.register(replace_foreign=True)
        await s.connection.register()
        assert [one.callback_url for one in s.kept[-1].replaced] == [theirs.local_url]


async def test_when_the_tunnel_moves_meta_is_told_and_the_old_url_is_not_taken_for_anothers() -> (
    None
):
    async with stage() as s:
        await s.connection.register()
        await s.finding("webhook.registered")
        s.tunnels.made[0].move("localhost")
        await s.finding("webhook.registered")
        assert s.called == [s.connection.callback_url]
        assert "localhost" in s.called[0]


@pytest.mark.parametrize("scope", [Scope.WABA, Scope.PHONE])
async def test_an_override_where_none_was_is_taken_away_again(scope: Scope) -> None:
    async with stage() as s:
        s.record(DEAD)
        await s.connection.register(scope)
        await s.finding("webhook.registered")
        assert s.kept[-1].replaced[0].callback_url == ""
        assert await s.connection.restore()
        await s.finding("webhook.restored")
        assert s.called == [DEAD]
        assert s.meta.test_number.override_callback_uri is None
        assert [entry.override_callback_uri for entry in s.meta.waba.subscribed] == [None]


async def test_what_another_app_left_behind_is_not_put_back_on_this_one(token: Secret) -> None:
    async with stage() as s, Endpoint(token) as theirs:
        s.record(theirs.local_url)
        await s.connection.register(replace_foreign=True)
        values = replace(s.connection.world.values, app_id=s.meta.other_app.id)
        await s.connection.update_values(values)
        assert not await s.connection.restore()
        assert s.called == [s.connection.callback_url]


async def test_a_callback_that_somebody_set_meanwhile_is_left_alone(token: Secret) -> None:
    async with stage() as s, Endpoint(token) as theirs, Endpoint(token) as newer:
        s.record(theirs.local_url)
        await s.connection.register(replace_foreign=True)
        s.record(newer.local_url)
        assert await s.connection.restore()
        assert s.called == [newer.local_url]


async def test_what_meta_refused_to_replace_is_not_said_to_be_gone(token: Secret) -> None:
    async with stage() as s:
        s.record(DEAD)
        assert s.connection.endpoint is not None
        s.connection.endpoint.verify_token = Secret("changed meanwhile")
        await s.connection.register(replace_foreign=True)
        assert await s.connection.restore()
        await s.connection.close()
        told = [event async for event in s.connection.events]
        assert "webhook.not_restored" not in {e.id for e in told if isinstance(e, Finding)}
        assert s.called == [DEAD]
