"""The wizard learns from the token: what it leads to is taken on a key, and shortens the walk."""

from __future__ import annotations

from textual import events

from tests.tui.conftest import Start, Wizard
from wizard.journeys.onboarding.onboarding import Chip
from wizard.simulator import Meta
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.values.credentials import CREDENTIALS, plain


async def paste(w: Wizard, text: str) -> None:
    w.app.post_message(events.Paste(text))
    await w.pilot.pause()


def lone_number(meta: Meta) -> Meta:
    meta.waba.phones.remove(meta.own_number)
    return meta


async def test_from_a_token_pasted_to_all_six_in_three_keys_and_two_pastes(wizard: Start) -> None:
    meta = lone_number(Meta())
    async with wizard(meta=meta) as w:
        await w.go("7.5")
        await paste(w, plain(w.offers.access_token or ""))
        await w.until(lambda: "Meta says: App ID" in w.text())
        keys = ["enter"]
        await w.press("enter")
        await w.until(lambda: w.at == "8.3")
        await w.until(lambda: w.onboarding.chip("phone_number_id") is Chip.PASSED)
        assert w.onboarding.world.values.waba_id == w.offers.waba_id
        await w.press("ctrl+g")
        await w.until(lambda: w.onboarding.chip("verify_token") is Chip.STORED)
        await w.press("enter")
        keys += ["ctrl+g", "enter"]
        await w.until(lambda: w.at == "9.5")
        await paste(w, plain(w.offers.app_secret or ""))
        await w.until(
            lambda: all(w.onboarding.world.values.get(name) is not None for name in CREDENTIALS)
        )
        await w.press("enter")
        await w.until(lambda: w.at == "10")
        assert len(keys) == 3


async def test_of_two_numbers_one_is_chosen_on_the_spot(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("7.5")
        await paste(w, plain(w.offers.access_token or ""))
        await w.until(lambda: "2 numbers" in w.text())
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("enter")
        await w.until(lambda: w.onboarding.world.values.phone_number_id is not None)
        assert w.onboarding.world.values.waba_id == w.offers.waba_id


async def test_every_step_is_one_key_away_and_the_offer_can_wait(wizard: Start) -> None:
    async with wizard(meta=lone_number(Meta())) as w:
        await w.go("7.5")
        await paste(w, plain(w.offers.access_token or ""))
        await w.until(lambda: "Meta says" in w.text())
        await w.press("n")
        await w.until(lambda: "Meta says" not in w.text())
        assert w.onboarding.world.values.app_id is None
        await w.press("enter")
        assert w.at == "8.1"


async def test_nothing_is_offered_where_nothing_is_absent(wizard: Start) -> None:
    async with wizard() as w:
        for step in ("6.6", "9.3", "7.5"):
            await w.go(step)
            await w.press("ctrl+g")
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.PASSED)
        await w.pilot.pause(0.3)
        assert "Meta says" not in w.text()
