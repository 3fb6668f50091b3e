"""The whole ladder, from the keyring to Meta's record, with an endpoint of our own at its end."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import pytest

from wizard.checks import collect_report
from wizard.checks.check import RUNGS
from wizard.findings import Report, Status
from wizard.settings import GRAPH_VERSION, Settings
from wizard.simulator import Meta, create_app, demo_values, serve
from wizard.simulator.world.objects import SubscribedApp, Subscription
from wizard.state import StoredWebhook
from wizard.values.credentials import Secret, Values
from wizard.webhook.endpoint import Endpoint
from wizard.world import World

NOBODY = "http://127.0.0.1:9/webhook"


@dataclass
class Setup:
    """Everything is right, until a test breaks it."""

    meta: Meta
    values: Values
    world: World
    endpoint: Endpoint

    @property
    def url(self) -> str:
        return self.endpoint.local_url

    async def report(self, **changed: object) -> Report:
        world = replace(self.world, **changed)  # type: ignore[arg-type]
        async with world:
            return await collect_report(world, RUNGS)

    def record(self, url: str, *fields: str, active: bool = True) -> None:
        """What Meta has on record."""
        hook = Subscription(url, fields or ("messages",), active=active)
        self.meta.app.subscriptions[:] = [hook]


@asynccontextmanager
async def setup(meta: Meta | None = None) -> AsyncIterator[Setup]:
    meta = meta or Meta()
    values = demo_values(meta)
    assert values.verify_token is not None
    async with (
        serve(create_app(meta)) as base,
        Endpoint(values.verify_token, values.app_secret) as endpoint,
    ):
        world = World.from_settings(Settings("test", base, GRAPH_VERSION), values)
        world.webhook = StoredWebhook(endpoint.local_url, endpoint.local_url)
        made = Setup(meta, values, world, endpoint)
        made.record(made.url)
        yield made
        await meta.close()


def failing(report: Report) -> set[str]:
    return {finding.id for finding in report.findings if finding.status is Status.FAIL}


async def test_where_all_is_well_every_rung_says_so() -> None:
    async with setup() as s:
        report = await s.report()
    assert report.primary is None
    said = {finding.id for finding in report.findings}
    assert {
        "verify_token.valid",
        "webhook.listening",
        "webhook.verified",
        "webhook.registered",
        "waba_id.app_subscribed",
    } <= said


def nothing(s: Setup) -> None:
    s.meta.app.subscriptions.clear()


def switched_off(s: Setup) -> None:
    s.record(s.url, active=False)


def without_messages(s: Setup) -> None:
    s.record(s.url, "account_update")


def elsewhere(s: Setup) -> None:
    s.record(NOBODY)


def account_calls_elsewhere(s: Setup) -> None:
    for entry in s.meta.waba.subscribed:
        entry.override_callback_uri = NOBODY


def number_calls_elsewhere(s: Setup) -> None:
    s.meta.test_number.override_callback_uri = NOBODY


def account_of_no_app(s: Setup) -> None:
    s.meta.waba.subscribed.clear()


def account_of_another_app(s: Setup) -> None:
    s.meta.waba.subscribed[:] = [SubscribedApp(s.meta.other_app)]


def another_token(s: Setup) -> None:
    s.endpoint.verify_token = Secret("another")


def killed(s: Setup) -> None:
    s.world.webhook = replace(s.world.webhook, local_url=NOBODY)


def ended(s: Setup) -> None:
    s.world.webhook = StoredWebhook(NOBODY)
    s.record(NOBODY)


@pytest.mark.parametrize(
    ("break_", "cause"),
    [
        (nothing, "webhook.not_registered"),
        (switched_off, "webhook.inactive"),
        (without_messages, "webhook.field_missing"),
        (elsewhere, "webhook.stale_url"),
        (account_calls_elsewhere, "webhook.overridden"),
        (number_calls_elsewhere, "webhook.overridden"),
        (account_of_no_app, "waba_id.app_not_subscribed"),
        (account_of_another_app, "waba_id.app_not_subscribed"),
        (killed, "webhook.not_listening"),
        (ended, "webhook.not_listening"),
    ],
)
async def test_one_cause_is_named(break_: Callable[[Setup], None], cause: str) -> None:
    async with setup() as s:
        break_(s)
        report = await s.report()
    assert report.primary is not None
    assert report.primary.id == cause
    assert failing(report) == {cause}


async def test_a_server_of_somebody_elses_on_the_app_is_told_from_an_old_url_of_ours() -> None:
    async with setup() as s, Endpoint(Secret("theirs")) as theirs:
        s.record(theirs.local_url)
        report = await s.report()
        assert report.primary is not None
        assert report.primary.id == "webhook.shared_app"
        assert theirs.local_url in report.primary.evidence


async def test_without_an_endpoint_of_ours_the_one_on_record_is_looked_at() -> None:
    async with setup() as s:
        report = await s.report(webhook=StoredWebhook())
        assert report.primary is None
        assert "webhook.verified" in {finding.id for finding in report.findings}


async def test_an_override_is_where_one_looks_when_it_is_in_force() -> None:
    async with setup() as s:
        s.record(NOBODY)
        number_calls_elsewhere(s)
        s.meta.test_number.override_callback_uri = s.url
        report = await s.report(webhook=StoredWebhook())
        assert report.primary is None


@pytest.mark.parametrize("token", [None, "another"])
async def test_meta_is_asked_to_call_only_where_that_was_allowed(token: str | None) -> None:
    async with setup() as s:
        await s.report()
        before = len(s.endpoint.received)
        if token:
            s.endpoint.verify_token = Secret(token)
        report = await s.report(may_verify=True)
        assert len(s.endpoint.received) > before
        assert (report.primary is None) is (token is None)


async def test_it_takes_little_more_than_its_slowest_request() -> None:
    async with setup(Meta(delay=0.5)) as s:
        report = await s.report()
    assert report.primary is None
    assert report.duration_ms < 1500


async def test_what_cant_be_asked_says_because_of_what() -> None:
    async with setup() as s:
        values = s.values.with_("app_secret", Secret("0" * 32))
        report = await s.report(values=values)
    assert report.primary is not None
    assert report.primary.id == "app_secret.mismatch"
    skipped = [finding for finding in report.findings if finding.id == "webhook.skipped"]
    assert {finding.blocked_by for finding in skipped} == {"app_secret.mismatch"}
    assert failing(report) == {"app_secret.mismatch"}


async def test_an_unpublished_app_is_a_possibility_until_somebody_has_written() -> None:
    async with setup() as s:
        said = {finding.id: finding for finding in (await s.report()).findings}
        assert said["webhook.app_unpublished"].status is Status.WARN
        assert said["webhook.standby"].status is Status.WARN
        report = await s.report(webhook=replace(s.world.webhook, heard=True))
        assert "webhook.app_unpublished" not in {finding.id for finding in report.findings}
        nothing(s)
        assert "webhook.app_unpublished" not in {f.id for f in (await s.report()).findings}
