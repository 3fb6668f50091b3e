"""The claims, asked of the simulator that makes them, and of servers that answer otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from tests.journeys.selftest.selftesting import (
    READING,
    TO,
    WRITING,
    Field,
    Otherwise,
    ids,
    of,
    when,
)
from tests.tables import each_line
from wizard.journeys.selftest.claims import Claim, claims
from wizard.journeys.selftest.requests import RequestBuilder
from wizard.journeys.selftest.selftest import ClaimOutcome, Selftest, exit_code, unfit, unserved
from wizard.simulator import Meta, demo_values
from wizard.values.credentials import CREDENTIALS, Values, plain


async def test_the_simulator_confirms_every_claim_that_it_makes() -> None:
    verdicts = await Field().verdicts(may_write=True, to=TO)
    assert [one.claim.id for one in verdicts] == [claim.id for claim in claims()]
    assert [
        (one.claim.id, one.why) for one in verdicts if one.outcome is not ClaimOutcome.CONFIRMED
    ] == []
    assert exit_code(verdicts) == 0


async def test_nothing_is_written_unless_allowed() -> None:
    there = Field()
    verdicts = await there.verdicts(to=TO)
    assert {line.partition(" ")[0] for line in there.asked} == {"GET"}
    assert ids(verdicts, ClaimOutcome.NOT_ASKED) == WRITING
    assert exit_code(verdicts) == 0


async def test_what_is_about_to_happen_is_named_with_the_recipient() -> None:
    async with Field().world() as world:
        deeds = list(Selftest(world, may_write=True, to=TO).about_to())
        assert len(deeds) == len(WRITING)
        assert [deed for deed in deeds if "hello_world" in deed] == [
            f"Send the template hello_world to +{TO}; it arrives there"
        ]
        assert list(Selftest(world, to=TO).about_to()) == []


async def test_without_a_recipient_nothing_is_sent() -> None:
    there = Field()
    verdicts = await there.verdicts(may_write=True)
    assert ids(verdicts, ClaimOutcome.NOT_ASKED) == [
        id_ for id_ in WRITING if id_.startswith("message.")
    ]
    assert not [line for line in there.asked if line.endswith("/messages")]


async def test_an_own_number_sends_no_hello_world() -> None:
    there = Field()
    values = demo_values(there.meta).with_("phone_number_id", there.meta.own_number.id)
    verdict = of(await there.verdicts(values, may_write=True, to=TO), "message.hello_world")
    assert (verdict.outcome, verdict.why) == (
        ClaimOutcome.NOT_ASKED,
        ("The number is not a test number.",),
    )


async def test_a_callback_of_the_numbers_own_is_left_alone() -> None:
    there, theirs = Field(), "https://theirs.example/webhook"
    there.meta.test_number.override_callback_uri = theirs
    verdict = of(await there.verdicts(may_write=True, to=TO), "callback.dead")
    assert verdict.outcome is ClaimOutcome.NOT_ASKED
    assert there.meta.test_number.override_callback_uri == theirs


async def test_a_dead_callback_that_was_accepted_is_taken_back() -> None:
    there, bodies = Field(), list[Any]()

    async def accepting(request: Request) -> ASGIApp | None:
        if request.method != "POST" or request.url.path.endswith("/messages"):
            return None
        bodies.append(json.loads(await request.body()))
        return JSONResponse({"success": True})

    there.otherwise = accepting
    verdict = of(await there.verdicts(may_write=True, to=TO), "callback.dead")
    assert (verdict.outcome, verdict.why[-1]) == (ClaimOutcome.DIFFERS, "It was undone.")
    set_, undone = (body["webhook_configuration"] for body in bodies)
    assert set_["override_callback_uri"] == "https://whatsapp-wizard.invalid/webhook"
    assert undone == {"override_callback_uri": ""}


@pytest.mark.parametrize(
    ("differs", "otherwise", "why"),
    [
        ("mixup.unknown_id",
         when(lambda asked: asked.url.path.endswith("/100000000000001"),
              {"error": {"code": 803, "type": "OAuthException", "message": "(#803) No such"}}, 404),
         "error.code is 803, not 100"),
        ("mixup.unknown_name",
         when(lambda asked: asked.url.path.endswith("_page"),
              {"error": {"code": 803, "type": "OAuthException",
                         "message": "Some of the aliases you requested do not exist: x"}}, 400),
         "HTTP 400, not 404"),
        ("app.read",
         when(lambda asked: asked.url.query == "fields=id%2Cname"
              and not asked.url.path.endswith("/app"),
              {"id": "1", "name": "x"}, facebook_api_version="v25.0"),
         "the header x-app-usage is missing"),
        ("number.callbacks",
         when(lambda asked: asked.query_params.get("fields") == "webhook_configuration",
              {"id": "1", "webhook_configuration": {"application": 7}}),
         "webhook_configuration.application is number, not text"),
        ("token.unreadable_inspected",
         when(lambda asked: "0000" in asked.query_params.get("input_token", ""),
              {"error": {"code": 100, "message": "(#100) You must provide it"}}, 400),
         "data is missing"),
        ("version.unknown",
         when(lambda asked: asked.url.path.startswith("/v99.0"), {"data": []}),
         "error is missing"),
    ],
)  # fmt: skip
async def test_what_one_server_answers_otherwise_is_told_and_nothing_else(
    differs: str, otherwise: Otherwise, why: str
) -> None:
    verdicts = await Field(otherwise=otherwise).verdicts()
    assert ids(verdicts, ClaimOutcome.DIFFERS) == [differs]
    assert why in of(verdicts, differs).why
    assert len(ids(verdicts, ClaimOutcome.CONFIRMED)) == len(READING) - 1
    assert exit_code(verdicts) == 1


async def test_a_version_that_is_not_served_as_asked_is_no_difference_of_metas() -> None:
    verdicts = await Field().verdicts(version="v13.0")
    assert ids(verdicts, ClaimOutcome.DIFFERS) == []
    assert of(verdicts, "version.current").why == ("v13.0 is not a version in use.",)


async def test_a_version_that_never_was_ends_it_before_it_begins() -> None:
    async with Field().world(version="v99.0") as world:
        (finding,) = await unserved(world)
    assert finding.id == "graph.version_unknown"
    for version in ("", "v13.0"):
        async with Field().world(version=version) as world:
            assert await unserved(world) == ()


async def test_there_is_no_claim_that_every_answer_would_confirm() -> None:
    strange = when(lambda _: True, {"surprise": {"of": "all"}})
    verdicts = await Field(otherwise=strange).verdicts(may_write=True, to=TO)
    assert ids(verdicts, ClaimOutcome.CONFIRMED) == []
    assert ids(verdicts, ClaimOutcome.NOT_ASKED) == ["message.hello_world"]


async def test_credentials_that_cannot_be_sent_are_told_first() -> None:
    async with Field().world(Values(app_id="no digits")) as world:
        told = [finding.id for finding in unfit(world)]
    assert told == [
        "app_id.malformed",
        "app_secret.missing",
        "access_token.missing",
        "phone_number_id.missing",
        "waba_id.missing",
    ]


async def test_no_value_is_in_anything_that_is_told() -> None:
    there = Field()
    meta = there.meta
    verdicts = await there.verdicts(may_write=True, to=TO)
    values = [plain(value) for _, value in demo_values(meta).present()]
    others = [TO, meta.waba.name, meta.app.name, meta.test_number.display_phone_number, "wamid."]
    told = json.dumps([[one.why, one.answered] for one in verdicts], ensure_ascii=False)
    assert [value for value in [*values, *others, meta.user.id] if value in told] == []


async def test_a_server_that_repeats_all_it_is_sent_learns_that_none_of_it_is_told() -> None:
    there = Field()
    secrets = [
        plain(v) for name, v in demo_values(there.meta).present() if CREDENTIALS[name].secret
    ]

    async def echo(request: Request) -> ASGIApp:
        body = (await request.body()).decode()
        heard = f"{request.url} {request.headers.get('authorization')} {body} {' '.join(secrets)}"
        said = {"message": heard, "code": 100, heard: heard, "error_data": {"details": heard}}
        return JSONResponse({"error": said, "id": heard, secrets[0]: [heard]}, 400)

    there.otherwise = echo
    verdicts = await there.verdicts(may_write=True, to=TO)
    told = json.dumps([[one.why, one.answered] for one in verdicts], ensure_ascii=False)
    ours = [
        *secrets,
        *(plain(secret) for secret in RequestBuilder(demo_values(there.meta)).secrets),
    ]
    assert [secret for secret in ours if secret in told] == []


@each_line("claim", claims(), ids=lambda claim: claim.id)
def test_a_claim_is_whole(claim: Claim) -> None:
    assert claim.source.startswith("https://")
    assert claim.says.endswith(".")
    assert claim.method in {"GET", "POST"}
    assert claim.writes is (claim.method == "POST")
    assert claim.answer
    request = RequestBuilder(demo_values(Meta()), TO).request(claim)
    assert "{" not in "".join([request.path, *request.params.values()])
    assert (request.token is None) is (claim.asker == "nobody")


def test_each_id_is_there_once() -> None:
    named = [claim.id for claim in claims()]
    assert len(named) == len(set(named))
    assert set(WRITING) | set(READING) == set(named)
