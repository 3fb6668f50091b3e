"""A callback that is set, and an account or a number that refuses more: each has one verdict."""

from __future__ import annotations

from tests.checks.foreign import APP, OTHER_WABA, PHONE, WABA, Answers, Reply, error, served, world
from tests.checks.test_one_verdict import APPS, REFUSALS, in_account
from tests.checks.test_overrides import hook
from tests.tables import each_line
from wizard.journeys.webhook.registration import Registration, Scope

URL = "http://127.0.0.1:9/webhook"
SET: Answers = {f"{APP}/subscriptions": {"success": True, "data": [hook(URL)]}}
OTHER_ACCOUNT = error(100, "(#100) WhatsApp accounts cannot be used with this API", 2388339)


async def registered(answers: Answers, scope: Scope = Scope.APP) -> tuple[str, str]:
    async with served({**SET, **answers}) as server, world(server) as there:
        finding = await Registration(there, scope).set(URL, None)
    return finding.id, finding.evidence


@each_line("scope", [Scope.APP, Scope.WABA])
@each_line("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_a_subscription_that_is_refused_is_said_of_the_account(
    refusal: Reply, scope: Scope
) -> None:
    id_, _ = await registered({APPS: refusal}, scope)

    assert id_ == "waba_id.limited_access"


async def test_an_account_that_nobody_sees_is_not_found() -> None:
    id_, _ = await registered({APPS: REFUSALS["100/33"], WABA: REFUSALS["100/33"]})

    assert id_ == "waba_id.not_found"


async def test_a_whatsapp_account_is_told_with_the_right_one() -> None:
    id_, evidence = await registered({APPS: OTHER_ACCOUNT, PHONE: in_account(OTHER_WABA)})

    assert id_ == "waba_id.is_whatsapp_account"
    assert OTHER_WABA in evidence


@each_line("refusal", REFUSALS.values(), ids=REFUSALS)
async def test_a_number_that_does_not_tell_its_callback_fails_no_registration(
    refusal: Reply,
) -> None:
    apps = {"data": [{"whatsapp_business_api_data": {"id": APP, "name": "A"}}]}
    id_, _ = await registered({APPS: apps, PHONE: refusal})

    assert id_ == "webhook.registered"
