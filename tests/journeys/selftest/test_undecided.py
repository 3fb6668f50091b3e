"""What leaves a claim open: a credential, a silence, or an answer that shows nothing of it."""

from __future__ import annotations

from tests.journeys.selftest.selftesting import Field, ids, of
from tests.tables import each_line
from wizard.journeys.selftest.selftest import Cause, ClaimOutcome, exit_code
from wizard.simulator import Meta, demo_values
from wizard.simulator.world.objects import LOGGED_OUT
from wizard.simulator.world.state import Outage
from wizard.values.credentials import Secret


async def test_a_dead_token_is_no_difference_but_the_end_of_what_is_asked_with_it() -> None:
    there = Field()
    there.meta.token.ended = LOGGED_OUT
    verdicts = await there.verdicts()
    dead = [one for one in verdicts if one.cause is Cause.CREDENTIAL]
    assert {one.claim.asker for one in dead if one.claim.id != "token.inspected"} == {
        "access_token"
    }
    assert ids(verdicts, ClaimOutcome.DIFFERS) == []
    assert {one.why for one in dead} == {("The access token is rejected: 190/467.",)}
    assert "app.read" in ids(verdicts, ClaimOutcome.CONFIRMED)
    assert exit_code(verdicts) == 1


async def test_a_wrong_app_secret_is_named_as_the_reason() -> None:
    there = Field()
    values = demo_values(there.meta).with_("app_secret", Secret("f" * 32))
    verdicts = await there.verdicts(values)
    assert of(verdicts, "app.read").why == (
        "The token made of App ID and App Secret is rejected: 190.",
    )
    assert "number.fields" in ids(verdicts, ClaimOutcome.CONFIRMED)


async def test_an_app_that_demands_proof_is_given_it() -> None:
    there = Field()
    there.meta.app.requires_proof = True
    verdicts = await there.verdicts()
    assert ids(verdicts, ClaimOutcome.DIFFERS) == []


@each_line("outage", [Outage.PORTAL, Outage.HTML_ERROR, Outage.CUT_SHORT])
async def test_without_an_answer_it_soon_gives_up(outage: Outage) -> None:
    there = Field(Meta(outage=outage))
    verdicts = await there.verdicts()
    assert len(there.asked) == 2
    assert {one.cause for one in verdicts if not one.claim.writes} == {Cause.SILENCE}
    assert exit_code(verdicts) == 3


async def test_a_limit_that_is_reached_is_no_difference() -> None:
    verdicts = await Field(Meta(outage=Outage.APP_LIMIT)).verdicts()
    assert {one.cause for one in verdicts if not one.claim.writes} == {Cause.SILENCE}
    assert exit_code(verdicts) == 3


async def test_an_empty_list_confirms_nothing() -> None:
    there = Field()
    there.meta.app.subscriptions.clear()
    verdict = of(await there.verdicts(), "app.subscriptions")
    assert (verdict.outcome, verdict.cause) == (ClaimOutcome.NOT_ASKED, None)


async def test_no_callback_at_all_confirms_nothing_of_callbacks() -> None:
    there = Field()
    there.meta.app.subscriptions.clear()
    verdict = of(await there.verdicts(), "number.callbacks")
    assert (verdict.outcome, verdict.cause) == (ClaimOutcome.NOT_ASKED, None)


async def test_a_recipient_who_is_not_on_the_list_is_no_difference() -> None:
    verdicts = await Field().verdicts(may_write=True, to="6281255501234")
    assert ids(verdicts, ClaimOutcome.DIFFERS) == []
    verdict = of(verdicts, "message.hello_world")
    assert verdict.outcome is ClaimOutcome.NOT_ASKED
    assert verdict.why == ("The recipient isn't on the test number's list.",)
    assert exit_code(verdicts) == 0
