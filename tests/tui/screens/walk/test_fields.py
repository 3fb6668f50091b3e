"""Fields that one can trust: no key of the walk gets into a value, and every change goes back."""

from __future__ import annotations

from textual import events

from tests.tui.conftest import Start, Wizard
from wizard.journeys.onboarding.chip import Chip
from wizard.simulator import Meta, demo_values
from wizard.tui.screens.send.screen import SendScreen
from wizard.tui.widgets.field import Field
from wizard.values.credentials import Secret, Value, Values, plain
from wizard.vault import MemoryVault

KEPT = Secret("theOneThatMetaKnows0123456789")
ALL_TYPED = "s3cretVerify0Tok"
"""As short as one that looks whole: on a busy machine the pause after which such a one is tested
may pass between two keys."""


def field(w: Wizard, name: str) -> Field:
    return w.walk.query_one(f"#field-{name}", Field)


def stored(w: Wizard, name: str) -> Value | None:
    return w.onboarding.world.values.get(name)


async def paste(w: Wizard, text: str) -> None:
    w.app.post_message(events.Paste(text))
    await w.pilot.pause()


async def settled(w: Wizard) -> None:
    """Longer than a pause in typing, and until every test and store has ended."""
    await w.pilot.pause(0.5)
    await w.until(lambda: not any(one.group in {"trial", "store"} for one in w.app.workers))


async def test_keys_that_move_about_do_not_get_into_a_stored_secret(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("8.3")
        await w.press("ctrl+g")
        await w.until(lambda: w.onboarding.chip("verify_token") is Chip.STORED)
        made = stored(w, "verify_token")
        await w.press("enter")
        await w.until(lambda: w.at == "8.4")
        await w.press("left", "b", "b")
        await settled(w)
        assert stored(w, "verify_token") == made
        assert w.onboarding.unsaved == ()
        assert w.at == "8.1"


async def test_keys_right_after_a_value_came_in_move_about_too(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("8.3")
        await w.press("ctrl+g")
        await w.until(lambda: w.onboarding.chip("verify_token") is Chip.STORED)
        await w.press("b")
        assert w.at == "8.2"


async def test_a_filled_field_takes_no_focus_on_return_from_another_screen(wizard: Start) -> None:
    async with wizard(vault=MemoryVault(Values(verify_token=KEPT))) as w:
        await w.go("8.3")
        await w.press("m")
        await w.until(lambda: isinstance(w.app.screen, SendScreen))
        await w.press("escape", "escape")
        await w.until(lambda: w.app.screen is w.walk)
        await w.press("b")
        await settled(w)
        assert stored(w, "verify_token") == KEPT


async def test_tab_into_a_filled_field_and_letters_change_nothing(wizard: Start) -> None:
    async with wizard(vault=MemoryVault(Values(verify_token=KEPT)), offering=False) as w:
        await w.go("8.3")
        await w.press("tab")
        assert field(w, "verify_token").has_focus
        await w.press("x", "y", "backspace", "delete", "ctrl+u", "ctrl+w")
        await settled(w)
        assert field(w, "verify_token").value == plain(KEPT)
        assert stored(w, "verify_token") == KEPT


async def test_what_is_typed_over_a_stored_secret_is_stored_on_enter_alone(wizard: Start) -> None:
    async with wizard(vault=MemoryVault(Values(verify_token=KEPT)), offering=False) as w:
        await w.go("8.3")
        await w.press("e", *"XY")
        await settled(w)
        assert stored(w, "verify_token") == KEPT
        await w.until(lambda: "Press enter to test it" in w.text())
        await w.press("escape", "t")
        await settled(w)
        assert stored(w, "verify_token") == KEPT
        await w.press("left", "enter")
        assert field(w, "verify_token").value == plain(KEPT) + "XY"
        await w.press("e", "enter")
        await w.until(lambda: stored(w, "verify_token") == Secret(plain(KEPT) + "XY"))


async def test_the_stored_value_is_tested_when_it_comes_again(wizard: Start) -> None:
    meta = Meta()
    app_id = demo_values(meta).app_id
    assert app_id is not None
    async with wizard(vault=MemoryVault(demo_values(meta)), meta=meta) as w:
        await w.go("9.3")
        await settled(w)
        assert "The app exists" in w.text()
        await paste(w, app_id)
        await settled(w)
        assert "The app exists" in w.text()
        await w.press("e", "1", "backspace")
        await settled(w)
        assert "The app exists" in w.text()


async def test_enter_in_a_field_is_called_what_it_does(wizard: Start) -> None:
    async with wizard(offering=False) as w:
        await w.go("8.3")
        assert field(w, "verify_token").has_focus
        await w.until(lambda: "⏎ next" in w.text() and "⏎ test" not in w.text())
        await w.press("x", "y")
        await w.until(lambda: "⏎ test" in w.text() and "⏎ next" not in w.text())
        await w.press("backspace", "backspace", "ctrl+g")
        await w.until(lambda: w.onboarding.chip("verify_token") is Chip.STORED)
        await w.until(lambda: "⏎ next" in w.text() and "⏎ test" not in w.text())
        await w.press("enter")
        await w.until(lambda: w.at == "8.4")


async def test_leaving_with_something_typed_over_asks_first(wizard: Start) -> None:
    async with wizard(vault=MemoryVault(Values(verify_token=KEPT)), offering=False) as w:
        await w.go("8.3")
        await w.press("e", "Z", "ctrl+q")
        await w.until(lambda: "Not stored yet: Verify token" in w.text())


async def test_a_value_typed_into_an_empty_field_is_tested_and_stored(wizard: Start) -> None:
    async with wizard(offering=False) as w:
        await w.go("8.3")
        await w.press("escape", "tab", *ALL_TYPED)
        await w.until(lambda: stored(w, "verify_token") == Secret(ALL_TYPED))


async def test_the_last_change_goes_back_with_what_was_stored(wizard: Start) -> None:
    async with wizard(vault=MemoryVault(Values(verify_token=KEPT)), offering=False) as w:
        await w.go("8.3")
        await paste(w, "anotherOne0123456789abc")
        await w.until(lambda: stored(w, "verify_token") == Secret("anotherOne0123456789abc"))
        await w.press("ctrl+z")
        await w.until(lambda: stored(w, "verify_token") == KEPT)
        assert field(w, "verify_token").value == plain(KEPT)
        assert not w.walk.check_action("undo", ())


async def test_undo_of_a_first_value_empties_the_field_and_the_keyring(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("8.3")
        await w.press("ctrl+g")
        await w.until(lambda: stored(w, "verify_token") is not None)
        await w.press("ctrl+z")
        await w.until(lambda: stored(w, "verify_token") is None)
        assert field(w, "verify_token").value == ""


async def test_a_change_made_on_another_step_is_not_taken_back(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("8.3")
        await w.press("ctrl+g")
        await w.until(lambda: stored(w, "verify_token") is not None)
        await w.go("9.3")
        await w.press("ctrl+z")
        await settled(w)
        assert stored(w, "verify_token") is not None


async def test_a_word_that_can_be_no_app_secret_is_stored_on_ctrl_s_alone(wizard: Start) -> None:
    async with wizard(offering=False) as w:
        await w.go("9.5")
        await w.press(*"hello", "enter")
        await w.until(lambda: "doesn't look like the App Secret" in w.text())
        await settled(w)
        assert stored(w, "app_secret") is None
        await w.press("ctrl+s")
        await w.until(lambda: stored(w, "app_secret") == Secret("hello"))


async def test_an_old_token_in_a_sample_does_not_take_the_place_of_a_good_one(
    wizard: Start,
) -> None:
    meta = Meta()
    old = plain(meta.issue(meta.app, lifetime=-3600).text)
    async with wizard(meta=meta) as w:
        await w.go("7.5")
        await w.press("ctrl+g")
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.PASSED)
        good = stored(w, "access_token")
        await w.go("6.6")
        await paste(
            w,
            f"curl 'https://graph.facebook.com/v22.0/{w.offers.phone_number_id}/messages'"
            f" -H 'Authorization: Bearer {old}'",
        )
        await w.until(lambda: "In your paste:" in w.text())
        await w.until(lambda: w.onboarding.chip("phone_number_id") is Chip.PASSED)
        assert stored(w, "access_token") == good
        assert w.onboarding.chip("access_token") is Chip.PASSED
        assert w.onboarding.unsaved == ()


async def test_tab_and_enter_take_the_first_that_meta_offers_and_show_its_outcome(
    wizard: Start,
) -> None:
    async with wizard() as w:
        await w.go("7.5")
        await w.press("ctrl+g")
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.PASSED)
        await w.go("6.6")
        await paste(w, w.offers.waba_id or "")
        await w.until(lambda: "This is a WABA ID" in w.text())
        await w.press("tab", "enter")
        await w.until(lambda: w.onboarding.chip("phone_number_id") is Chip.PASSED)
        assert field(w, "phone_number_id").has_focus


async def test_a_value_in_the_wrong_field_is_moved_on_a_key(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("7.5")
        await w.press("ctrl+g")
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.PASSED)
        await w.go("6.6")
        await paste(w, w.offers.waba_id or "")
        await w.until(lambda: "move this value to the WABA ID" in w.text())
        await w.press("m")
        await w.until(lambda: stored(w, "waba_id") == w.offers.waba_id)
        assert field(w, "phone_number_id").value == ""
        assert field(w, "waba_id").value == w.offers.waba_id
