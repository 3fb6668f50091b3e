"""Graph's verdict on a number goes before a field's word, and a block on sending is no more than
that."""

from __future__ import annotations

from tests.checks.foreign import (
    BUSINESS,
    NUMBERS,
    OTHER_PHONE,
    OTHER_WABA,
    PHONE,
    WABA,
    Answers,
    examined,
    number,
    statuses,
)
from tests.tables import each_line
from wizard.findings import Status

CLOUD = {"platform_type": "CLOUD_API", "status": "CONNECTED"}
TEST = {"account_mode": "SANDBOX", "code_verification_status": "NOT_VERIFIED"}
ADVICE = "Do as Meta says."


def blocked(entity: str, code: int, said: str, word: str = "BLOCKED") -> dict[str, object]:
    errors = [{"error_code": code, "error_description": said, "possible_solution": ADVICE}]
    entities = [
        {"entity_type": "PHONE_NUMBER", "id": PHONE, "can_send_message": "AVAILABLE"},
        {"entity_type": "WABA", "id": WABA, "can_send_message": "AVAILABLE"},
        {"entity_type": "BUSINESS", "id": BUSINESS, "can_send_message": "AVAILABLE"},
    ]
    for one in entities:
        if one["entity_type"] == entity:
            one |= {"can_send_message": word, "errors": errors}  # type: ignore[dict-item]
    return {"health_status": {"can_send_message": word, "entities": entities}}


def own(**told: object) -> Answers:
    return {PHONE: number(PHONE, **told)}


UNPAID = "There is an error with the payment method."
HEALTHY: dict[str, Answers] = {
    "connected, its code never entered": own(**CLOUD, code_verification_status="NOT_VERIFIED"),
    "connected, its code expired": own(**CLOUD, code_verification_status="EXPIRED"),
    "on the Cloud API, no status": own(
        platform_type="CLOUD_API", code_verification_status="NOT_VERIFIED"
    ),
    "connected, no platform": own(status="CONNECTED", code_verification_status="UNVERIFIED"),
    "a test number": own(**CLOUD, **TEST),
    "a test number, sparingly told": own(**TEST),
    "a number of the WhatsApp Business app": own(
        **CLOUD, is_on_biz_app=True, code_verification_status="NOT_VERIFIED", throughput={}
    ),
    "limited until the business is verified": own(
        **CLOUD, **blocked("BUSINESS", 141010, "Not verified", "LIMITED")
    ),
    "calls are not set up": own(**CLOUD, **blocked("PHONE_NUMBER", 138024, "SIP is not enabled")),
}


@each_line("answers", HEALTHY.values(), ids=HEALTHY)
async def test_a_number_that_works_is_left_alone(answers: Answers) -> None:
    report = await examined(answers)

    assert report.primary is None
    said = {id_ for id_ in statuses(report) if id_.startswith("phone_number_id.")}
    assert said in ({"phone_number_id.valid"}, {"phone_number_id.test_number"})


BROKEN: list[tuple[str, str, Answers]] = [
    ("gone", "deleted", own(status="DELETED", platform_type="CLOUD_API")),
    ("gone", "moved", own(status="MIGRATED", platform_type="CLOUD_API")),
    ("not_registered", "no platform", own(platform_type="NOT_APPLICABLE", status="CONNECTED")),
    ("not_registered", "pending", own(platform_type="CLOUD_API", status="PENDING")),
    ("not_registered", "disconnected", own(status="DISCONNECTED")),
    ("not_registered", "on premises", own(platform_type="ON_PREMISE", status="CONNECTED")),
    (
        "not_registered",
        "a test number",
        own(**TEST, platform_type="NOT_APPLICABLE", status="PENDING"),
    ),
    ("not_registered", "a pending test number", own(**TEST, status="pending")),
    (
        "not_registered",
        "by its health",
        own(**CLOUD, **blocked("PHONE_NUMBER", 133010, "Account not registered")),
    ),
    (
        "not_registered",
        "by the words of its health",
        own(**CLOUD, **blocked("PHONE_NUMBER", 141000, "The phone number is disconnected.")),
    ),
    (
        "unverified",
        "never verified",
        own(platform_type="NOT_APPLICABLE", code_verification_status="NOT_VERIFIED"),
    ),
    ("unverified", "all that is known", own(code_verification_status="NOT_VERIFIED")),
    (
        "restricted",
        "by its health",
        own(**CLOUD, **blocked("PHONE_NUMBER", 368, "Blocked for policies violations")),
    ),
    (
        "restricted",
        "by the words of its health",
        own(**CLOUD, **blocked("PHONE_NUMBER", 141055, "It violates the Commerce Policy.")),
    ),
]


@each_line(
    ("what", "answers"),
    [(id_, told) for id_, _, told in BROKEN],
    ids=[f"{id_}, {how}" for id_, how, _ in BROKEN],
)
async def test_a_number_that_does_not_work_says_why(what: str, answers: Answers) -> None:
    report = await examined(answers)

    assert report.primary is not None
    assert report.primary.id == f"phone_number_id.{what}"
    assert "phone_number_id.valid" not in statuses(report)
    assert "PIN was set" not in report.primary.cause


@each_line("word", ["OFFLINE", "UNKNOWN", "SOMETHING_NEW"])
async def test_a_status_that_says_little_is_said(word: str) -> None:
    report = await examined(own(status=word, platform_type="CLOUD_API"))

    assert report.primary is None
    (said,) = [one for one in report.findings if one.id == "phone_number_id.status_unclear"]
    assert word in said.evidence


WARNED: list[tuple[str, str, Answers]] = [
    ("phone_number_id.payment", "141006", own(**CLOUD, **blocked("PHONE_NUMBER", 141006, UNPAID))),
    ("waba_id.payment", "141006", own(**CLOUD, **blocked("WABA", 141006, UNPAID))),
    ("waba_id.payment", "its portfolio's", own(**CLOUD, **blocked("BUSINESS", 131042, "Payment"))),
    ("waba_id.payment", "limited", own(**CLOUD, **blocked("WABA", 141006, UNPAID, "LIMITED"))),
    (
        "waba_id.payment",
        "a code that nobody knows",
        own(**CLOUD, **blocked("WABA", 141123, "Its credit line is used up.")),
    ),
    (
        "waba_id.payment",
        "said by the account",
        {WABA: {"id": WABA, "name": "S", **blocked("WABA", 141006, UNPAID)}},
    ),
    (
        "phone_number_id.payment",
        "a code that nobody knows, and a method that is not connected",
        own(**CLOUD, **blocked("PHONE_NUMBER", 141020, "The payment method is not connected.")),
    ),
    (
        "phone_number_id.send_blocked",
        "a code that nobody knows, which names a policy",
        own(**CLOUD, **blocked("PHONE_NUMBER", 141099, "Our policy wants a verified business.")),
    ),
    (
        "phone_number_id.send_blocked",
        "its name",
        own(**CLOUD, **blocked("PHONE_NUMBER", 131037, "Its display name is not approved.")),
    ),
    (
        "waba_id.send_blocked",
        "not verified",
        own(**CLOUD, **blocked("BUSINESS", 141010, "Not verified")),
    ),
]


@each_line(
    ("id_", "answers"),
    [(id_, told) for id_, _, told in WARNED],
    ids=[f"{id_}, {how}" for id_, how, _ in WARNED],
)
async def test_what_keeps_from_sending_alone_is_a_warning(id_: str, answers: Answers) -> None:
    report = await examined(answers)

    assert report.primary is None
    found = {one.id: one for one in report.findings}
    assert found[id_].status is Status.WARN
    assert ADVICE in found[id_].evidence
    assert {"waba_id.valid", "phone_number_id.valid"} <= found.keys()
    if id_.endswith("payment"):
        assert "billing_hub" in found[id_].fix[0]


async def test_a_lock_is_the_accounts_wherever_it_is_told() -> None:
    locked = blocked("PHONE_NUMBER", 131031, "Your account has been locked")
    report = await examined(own(**CLOUD, **locked))

    assert report.primary is not None
    assert report.primary.id == "waba_id.restricted"
    assert not {"phone_number_id.restricted", "waba_id.valid"} & statuses(report).keys()
    assert not any(one.status is Status.SKIP for one in report.findings)


async def test_what_a_number_tells_of_another_account_is_not_this_ones() -> None:
    health = blocked("WABA", 131031, "Your account has been locked")
    entities = health["health_status"]["entities"]  # type: ignore[index]
    entities[1]["id"] = OTHER_WABA
    other = {NUMBERS: {"data": [number(OTHER_PHONE)]}, **own(**CLOUD, **health)}
    report = await examined(other)

    assert report.primary is not None
    assert report.primary.id == "phone_number_id.other_waba"
    assert statuses(report)["waba_id.valid"] is Status.PASS


async def test_a_status_beside_a_missing_code_is_said() -> None:
    report = await examined(own(status="UNKNOWN", code_verification_status="NOT_VERIFIED"))

    assert report.primary is not None
    assert "UNKNOWN" in report.primary.evidence


async def test_what_account_and_number_both_tell_is_said_once() -> None:
    unpaid = blocked("WABA", 141006, UNPAID)
    report = await examined(
        {
            WABA: {"id": WABA, "name": "S", **unpaid},
            NUMBERS: {"data": [number()]},
            **own(**CLOUD, **unpaid),
        }
    )

    assert [one.id for one in report.findings].count("waba_id.payment") == 1
