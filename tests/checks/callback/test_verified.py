"""A callback that Meta has verified, and that does not take the verify token at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from tests.checks.test_doctor import Setup, failing, setup
from tests.faults.server import Callback, listening, page
from wizard.findings import Report, Status
from wizard.state import StoredWebhook


@asynccontextmanager
async def with_own_token(callback: Callback) -> AsyncIterator[tuple[Setup, str]]:
    """A server that somebody else's tool runs, as Meta has it on record."""
    async with setup() as s:
        assert s.values.app_secret is not None
        callback = replace(
            callback, secret=s.values.app_secret.reveal(), token="a token of its own"
        )
        async with listening(callback) as port:
            url = f"http://127.0.0.1:{port}/webhook"
            s.record(url)
            s.world.webhook = StoredWebhook()
            yield s, url


def statuses(report: Report) -> dict[str, Status]:
    return {finding.id: finding.status for finding in report.findings}


async def test_a_token_of_its_own_is_a_warning() -> None:
    async with with_own_token(Callback()) as (s, _):
        report = await s.report()
    assert report.primary is None, report.primary
    told = statuses(report)
    assert told["webhook.token_mismatch"] is Status.WARN
    assert told["webhook.registered"] is Status.PASS
    assert told["webhook.app_unpublished"] is Status.WARN
    assert "webhook.verified" not in told
    assert "verify_token.valid" not in told


@pytest.mark.parametrize(
    "refusal",
    [
        page("", "400 Bad Request"),
        page('{"success":false}'),
        page("", "401 Unauthorized"),
        page(""),
    ],
    ids=["400", "200, JSON", "401", "200, empty"],
)
async def test_however_it_refuses(refusal: bytes) -> None:
    async with with_own_token(Callback(wrong=lambda _: refusal)) as (s, _):
        report = await s.report()
    assert report.primary is None, report.primary
    assert statuses(report)["webhook.token_mismatch"] is Status.WARN


@pytest.mark.parametrize(
    ("refusal", "id_"),
    [
        (page("", "404 Not Found"), "webhook.not_found"),
        (page("", "405 Method Not Allowed"), "webhook.method_not_allowed"),
        (page("", "500 Internal Server Error"), "webhook.server_error"),
    ],
)
async def test_where_it_gives_no_sign_of_the_token(refusal: bytes, id_: str) -> None:
    async with with_own_token(Callback(wrong=lambda _: refusal)) as (s, _):
        report = await s.report()
    assert report.primary is None, report.primary
    told = statuses(report)
    assert told[id_] is Status.WARN
    assert told["webhook.app_unpublished"] is Status.WARN
    assert any(one.evidence for one in report.findings if one.id == "verify_token.untested")


async def test_an_override_that_the_account_alone_tells_is_what_is_met() -> None:
    async with with_own_token(Callback()) as (s, url):
        s.record("https://old.invalid/webhook")
        for one in s.meta.waba.subscribed:
            one.override_callback_uri = url
        report = await s.report(values=s.values.with_("phone_number_id", None))
    assert failing(report) == {"phone_number_id.missing"}
    assert statuses(report)["webhook.token_mismatch"] is Status.WARN


async def test_whether_it_takes_messages_is_asked_all_the_same() -> None:
    broken = Callback(taken=lambda _: page("", "500 Internal Server Error"))
    async with with_own_token(broken) as (s, _):
        report = await s.report()
    assert failing(report) == {"webhook.post_rejected"}


async def test_what_else_is_wrong_is_the_cause() -> None:
    async with with_own_token(Callback()) as (s, url):
        s.record(url, "account_update")
        assert failing(await s.report()) == {"webhook.field_missing"}
        s.record(url)
        s.meta.waba.subscribed.clear()
        assert failing(await s.report()) == {"waba_id.app_not_subscribed"}


async def test_meta_has_verified_an_override_too() -> None:
    async with with_own_token(Callback()) as (s, url):
        s.record("https://old.example/webhook")
        s.meta.test_number.override_callback_uri = url
        report = await s.report()
    assert statuses(report)["webhook.token_mismatch"] is Status.WARN


async def test_a_record_that_meta_has_switched_off_shows_nothing() -> None:
    async with with_own_token(Callback()) as (s, url):
        s.record(url, active=False)
        report = await s.report()
    assert statuses(report)["webhook.token_mismatch"] is Status.FAIL


async def test_without_test_messages_the_token_is_a_warning_still() -> None:
    asked: list[str] = []

    def counted(asked_: object) -> bytes:
        asked.append("POST")
        return page()

    async with with_own_token(Callback(post=counted)) as (s, _):
        report = await s.report(may_deliver=False)
    assert report.primary is None
    assert statuses(report)["webhook.token_mismatch"] is Status.WARN
    assert asked == []
