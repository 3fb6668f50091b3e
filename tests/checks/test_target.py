"""Any URL, diagnosed with the six at hand: Meta's record is read once the endpoint has shown that
it is this app's, and not before."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.checks.foreign import (
    APP,
    HEALTHY,
    PHONE,
    VALUES,
    WABA,
    Answers,
    error,
    number,
    served,
    world,
)
from tests.checks.test_overrides import OTHER, hook, record
from wizard.checks import FindingReported, run_checks
from wizard.checks.check import RUNGS
from wizard.findings import Report, Status
from wizard.values.credentials import Secret
from wizard.webhook.endpoint import Endpoint

SUBSCRIBED: Answers = {
    f"{WABA}/subscribed_apps": {"data": [{"whatsapp_business_api_data": {"id": APP, "name": "A"}}]}
}


async def diagnosed(
    answers: Answers,
    *,
    token: str = "",
    secret: str = "",
    theirs: bool = False,
    fields: tuple[str, ...] = (),
    graph: str = "",
) -> tuple[Report, str, int]:
    """The report on an endpoint with this verify token and App Secret, its URL, and how often
    Graph was asked."""
    own_token, own_secret = VALUES.verify_token, VALUES.app_secret
    assert own_token is not None
    given = Secret(token) if token else own_token
    async with (
        Endpoint(given, Secret(secret) if secret else own_secret) as endpoint,
        served({**HEALTHY, **SUBSCRIBED}) as server,
        world(server) as there,
    ):
        server.answers = {**server.answers, **record(hook(endpoint.local_url, *fields)), **answers}
        there.target, there.is_token_theirs = endpoint.local_url, theirs
        there.graph_url = graph or there.graph_url
        async with run_checks(there, RUNGS, waits_for_proof=True) as events:
            found = [event.finding async for event in events if isinstance(event, FindingReported)]
        return Report.of("test", found), endpoint.local_url, len(server.asked)


@asynccontextmanager
async def anybodys() -> AsyncIterator[str]:
    """A server that answers each verification, and each message."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        query = parse_qs(urlsplit(head.split(" ", 2)[1]).query)
        body = query.get("hub.challenge", ["ok"])[0]
        writer.write(f"HTTP/1.0 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/webhook"


def ids(report: Report) -> set[str]:
    return {finding.id for finding in report.findings}


CAUSES: list[tuple[str, Answers]] = [
    ("webhook.not_registered", record()),
    ("webhook.stale_url", record(hook("http://127.0.0.1:9/x"))),
    ("webhook.inactive", record(hook(active=False))),
    (
        "webhook.overridden",
        {PHONE: number(PHONE, webhook_configuration={"phone_number": OTHER})},
    ),
    ("waba_id.app_not_subscribed", {f"{WABA}/subscribed_apps": {"data": []}}),
    (
        "access_token.expired",
        {"debug_token": error(190, "Error validating access token: Session has expired", 463)},
    ),
]


@pytest.mark.parametrize(("cause", "answers"), CAUSES, ids=[cause for cause, _ in CAUSES])
async def test_what_is_wrong_at_meta_is_said_as_in_a_plain_doctor(
    cause: str, answers: Answers
) -> None:
    report, _, _ = await diagnosed(answers)

    assert report.primary is not None
    assert report.primary.id == cause
    assert "webhook.url_alone" not in ids(report)


async def test_where_all_is_well_that_is_said_of_meta_too() -> None:
    report, _, _ = await diagnosed({})

    assert report.primary is None
    assert {"webhook.registered", "waba_id.app_subscribed", "webhook.verified"} <= ids(report)


async def test_a_field_that_is_not_ticked_is_said() -> None:
    report, _, _ = await diagnosed({}, fields=("account_update",))

    assert report.primary is not None
    assert report.primary.id == "webhook.field_missing"


async def test_an_endpoint_that_takes_any_token_proves_nothing() -> None:
    async with anybodys() as url, served() as server, world(server) as there:
        there.target = url
        async with run_checks(there, RUNGS, waits_for_proof=True) as events:
            found = {one.finding.id async for one in events if isinstance(one, FindingReported)}
    assert {"webhook.accepts_any_token", "webhook.url_alone"} <= found
    assert server.asked == []


async def test_where_meta_does_not_answer_the_url_keeps_its_own_verdict() -> None:
    report, _, _ = await diagnosed({}, graph="http://127.0.0.1:9")

    assert report.primary is None
    alone = next(one for one in report.findings if one.id == "webhook.url_alone")
    assert alone.status is Status.WARN
    assert "127.0.0.1" in alone.evidence


async def test_possibilities_are_named_where_all_else_passes() -> None:
    report, _, _ = await diagnosed({})

    assert {"webhook.app_unpublished", "webhook.standby"} <= ids(report)


async def test_a_strangers_endpoint_is_judged_alone_and_that_is_said() -> None:
    report, _, asked = await diagnosed(record(), token="another-token-1", secret="f" * 32)

    assert "webhook.url_alone" in ids(report)
    assert asked <= 2
    assert all(finding.subject == "webhook" for finding in report.findings)
    assert "webhook.not_registered" not in ids(report)


async def test_our_signature_is_proof_enough() -> None:
    report, _, _ = await diagnosed(record(), token="another-token-1")

    assert "webhook.url_alone" not in ids(report)
    assert "webhook.not_registered" in ids(report)


async def test_a_verify_token_given_for_the_url_alone_proves_nothing() -> None:
    report, _, _ = await diagnosed(record(), secret="f" * 32, theirs=True)

    assert "webhook.url_alone" in ids(report)
    assert "webhook.not_registered" not in ids(report)


async def test_what_was_judged_alone_is_no_fault() -> None:
    report, _, _ = await diagnosed({}, secret="f" * 32, theirs=True)

    alone = next(one for one in report.findings if one.id == "webhook.url_alone")
    assert alone.status is Status.PASS
