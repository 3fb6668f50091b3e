"""One object has one verdict: what a run has read is there, whatever else of it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.checks.foreign import (
    APP,
    NUMBERS,
    OTHER_PHONE,
    OTHER_WABA,
    PHONE,
    VALUES,
    WABA,
    Answers,
    Reply,
    error,
    examined,
    granted,
    no_such,
    number,
    served,
    statuses,
    token,
    world,
)
from tests.tables import each_line
from wizard.checks import collect_report
from wizard.findings import Report, Status
from wizard.state import StoredWebhook

APPS = f"{WABA}/subscribed_apps"
REFUSALS = {
    "100/33": no_such(WABA),
    "200": error(200, "(#200) You do not have the necessary permissions", status=403),
    "10": error(10, "(#10) Application does not have permission for this action", status=403),
    "131005": error(131005, "(#131005) Access denied", status=403),
    "200/1349175": error(200, "(#200) Permissions error", 1349175, 403),
    "200/1349176": error(200, "(#200) Permissions error", 1349176, 403),
    "100, not numeric": error(100, "(#100) Param id must be a valid numeric string"),
}
ACCUSING = {
    "waba_id.not_found",
    "waba_id.malformed",
    "phone_number_id.not_found",
    "phone_number_id.malformed",
    "access_token.no_permission",
    "access_token.no_grant",
}
TOKENS: dict[str, Answers] = {
    "told": {},
    "granted": {"debug_token": token(granular_scopes=granted(WABA))},
    "untold": {"debug_token": token(scopes=None)},
}


def in_account(id_: str, **told: object) -> dict[str, object]:
    """A number whose health status names its account."""
    entities = [
        {"entity_type": "PHONE_NUMBER", "id": PHONE, "can_send_message": "AVAILABLE"},
        {"entity_type": "WABA", "id": id_, "can_send_message": "AVAILABLE"},
    ]
    return number(PHONE, health_status={"entities": entities}, **told)


async def asked(answers: Answers, *names: str) -> Report:
    async with served(answers) as server, world(server) as there:
        return await collect_report(there, names)


@each_line("told", TOKENS.values(), ids=TOKENS)
@each_line("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_an_account_that_was_read_is_there_where_its_subscriptions_are_refused(
    refusal: Reply, told: Answers
) -> None:
    report = await asked({**told, APPS: refusal}, "subscription")

    assert report.primary is not None
    assert report.primary.id == "waba_id.limited_access"
    assert not ACCUSING & statuses(report).keys()


@each_line("told", TOKENS.values(), ids=TOKENS)
@each_line("refusal", REFUSALS.values(), ids=REFUSALS)
@each_line("path", [NUMBERS, WABA, PHONE])
async def test_neither_question_for_an_object_contradicts_the_other(
    path: str, refusal: Reply, told: Answers
) -> None:
    report = await examined({**told, path: refusal})

    assert not ACCUSING & statuses(report).keys()
    if report.primary is not None:
        assert report.primary.id.endswith(".limited_access")


@each_line("path", [NUMBERS, WABA, PHONE])
async def test_a_refusal_for_want_of_a_role_is_no_pass(path: str) -> None:
    report = await examined({path: REFUSALS["200"]})

    subject = "phone_number_id" if path == PHONE else "waba_id"
    assert report.primary is not None
    assert report.primary.id == f"{subject}.limited_access"
    assert f"{subject}.valid" not in statuses(report)


WRITES_REFUSED = {
    "in Meta's words": error(100, "(#100) WhatsApp accounts cannot be used with this API", 2388339),
    "in general ones": error(100, "(#100) Invalid parameter", 2388339),
    "without the number": error(100, "WhatsApp accounts can't be used with this API"),
}


@each_line("refusal", WRITES_REFUSED.values(), ids=WRITES_REFUSED)
@each_line("path", [WABA, NUMBERS, APPS])
async def test_a_whatsapp_account_is_told_by_its_subcode(path: str, refusal: Reply) -> None:
    report = await asked({path: refusal, PHONE: in_account(OTHER_WABA)}, "subscription")

    assert report.primary is not None
    assert report.primary.id == "waba_id.is_whatsapp_account"
    assert [choice.value for choice in report.primary.choices] == [OTHER_WABA]
    assert not any("Update whatsapp-wizard" in line for line in report.primary.fix)
    assert "waba_id.valid" not in statuses(report)


@each_line("path", [WABA, NUMBERS, APPS, PHONE])
async def test_a_lock_that_any_question_meets_is_the_accounts_one_verdict(path: str) -> None:
    locked = error(131031, "(#131031) Business Account locked")
    report = await asked({path: locked}, "phone_number_id", "subscription")

    assert report.primary is not None
    assert report.primary.id == "waba_id.restricted"
    assert not {"waba_id.valid", "waba_id.not_found"} & statuses(report).keys()


@each_line("refusal", WRITES_REFUSED.values(), ids=WRITES_REFUSED)
async def test_a_whatsapp_account_has_one_verdict_without_a_word_of_the_number(
    refusal: Reply,
) -> None:
    report = await asked({APPS: refusal}, "phone_number_id", "subscription")

    assert report.primary is not None
    assert report.primary.id == "waba_id.is_whatsapp_account"
    assert "waba_id.valid" not in statuses(report)


@pytest.mark.parametrize("more", [{}, {NUMBERS: no_such(WABA)}])
async def test_a_whatsapp_account_is_told_by_the_account_that_the_number_names(
    more: Answers,
) -> None:
    both = token(granular_scopes=granted(WABA, OTHER_WABA))
    report = await examined({"debug_token": both, PHONE: in_account(OTHER_WABA), **more})

    assert report.primary is not None
    assert report.primary.id == "waba_id.is_whatsapp_account"
    assert [choice.value for choice in report.primary.choices] == [OTHER_WABA]
    assert f"health status names account {OTHER_WABA}" in report.primary.evidence
    assert "waba_id.valid" not in statuses(report)


async def test_a_whatsapp_account_is_told_by_an_event_of_the_number() -> None:
    async with served() as server, world(server) as there:
        there.webhook = StoredWebhook(account=OTHER_WABA, account_of=PHONE)
        report = await collect_report(there)

    assert report.primary is not None
    assert report.primary.id == "waba_id.is_whatsapp_account"
    assert [choice.value for choice in report.primary.choices] == [OTHER_WABA]
    assert "last event names account" in report.primary.evidence


async def test_an_event_of_another_number_tells_nothing() -> None:
    async with served() as server, world(server) as there:
        there.webhook = StoredWebhook(account=OTHER_WABA, account_of=OTHER_PHONE)
        report = await collect_report(there)

    assert report.primary is None


async def test_the_messaging_account_itself_is_left_alone() -> None:
    report = await examined({PHONE: in_account(WABA)})

    assert report.primary is None
    assert {"waba_id.valid", "phone_number_id.valid"} <= statuses(report).keys()


async def test_a_number_of_another_waba_is_that_and_its_own_is_offered() -> None:
    listed: Answers = {NUMBERS: {"data": [number(OTHER_PHONE)]}, PHONE: in_account(OTHER_WABA)}
    report = await examined(listed)

    assert report.primary is not None
    assert report.primary.id == "phone_number_id.other_waba"
    assert ("waba_id", OTHER_WABA) in [(one.name, one.value) for one in report.primary.choices]


async def test_of_an_unknown_account_that_of_the_number_is_offered_first() -> None:
    answers: Answers = {
        "debug_token": token(granular_scopes=granted(OTHER_WABA, "222222222222220")),
        WABA: no_such(WABA),
        NUMBERS: no_such(WABA),
        PHONE: in_account(OTHER_WABA),
        f"{OTHER_WABA}/phone_numbers": {"data": [number()]},
    }
    report = await examined(answers)

    assert report.primary is not None
    assert report.primary.id == "waba_id.not_found"
    assert report.primary.choices[0].value == OTHER_WABA


@each_line(
    "app",
    [
        {"id": "2202427980234937", "name": "WA DevX Webhook Events 1P App"},
        {"id": 2202427980234937, "link": "https://example.org/"},
        {"id": "9", "name": "WA DevX Webhook Events 1P App"},
    ],
)
async def test_metas_own_app_is_named_as_metas(app: dict[str, object]) -> None:
    listed = {"data": [{"whatsapp_business_api_data": app}]}
    report = await asked({APPS: listed}, "subscription")

    assert report.primary is not None
    assert report.primary.id == "waba_id.app_not_subscribed"
    assert "Meta's own" in report.primary.evidence


async def test_anothers_app_is_not_called_metas() -> None:
    apps = [{"whatsapp_business_api_data": {"id": "9", "name": "Bot"}}]
    report = await asked({APPS: {"data": apps}}, "subscription")

    assert report.primary is not None
    assert "Meta" not in report.primary.evidence
    assert '"Bot" (9)' in report.primary.evidence


async def test_a_restricted_account_is_asked_for_its_subscription_all_the_same() -> None:
    apps = {"data": [{"whatsapp_business_api_data": {"id": APP, "name": "App"}}]}
    rejected = {"id": WABA, "name": "Shop", "account_review_status": "REJECTED"}
    report = await asked({WABA: rejected, APPS: apps}, "subscription")

    found = statuses(report)
    assert found["waba_id.restricted"] is Status.FAIL
    assert found["waba_id.app_subscribed"] is Status.PASS


async def test_another_objects_id_is_still_not_found() -> None:
    report = await examined({}, replace(VALUES, phone_number_id="999999999999999"))

    assert report.primary is not None
    assert report.primary.id == "phone_number_id.not_found"
