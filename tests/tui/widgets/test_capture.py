"""Fields: what is pasted, tested, stored, kept and never lost."""

from __future__ import annotations

import asyncio
from pathlib import Path

from textual import events

from tests.tui.conftest import Start, Wizard
from wizard.journeys.onboarding.chip import Chip
from wizard.simulator import Meta, demo_values
from wizard.state import Progress, StateFile
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.rotation.screen import RotationScreen
from wizard.tui.widgets.capture import Capture
from wizard.tui.widgets.field import Field
from wizard.values.credentials import Secret, Value, Values, plain
from wizard.vault import Backend, MemoryVault, Reason, VaultError


def field(w: Wizard, name: str) -> Field:
    return w.walk.query_one(f"#field-{name}", Field)


def chip(w: Wizard, name: str) -> Chip:
    return w.onboarding.chip(name)


async def paste(w: Wizard, text: str) -> None:
    w.app.post_message(events.Paste(text))
    await w.pilot.pause()


async def test_a_pasted_token_is_cleaned_tested_and_stored_without_a_key(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("7.5")
        token = plain(w.offers.access_token or Secret(""))
        await paste(w, f'\n  "Bearer {token[:90]}\n{token[90:]}\u200b"  \n')
        await w.until(lambda: chip(w, "access_token") is Chip.PASSED)
        assert w.onboarding.world.values.access_token == Secret(token)
        await w.until(lambda: "my-whatsapp-webhook" in w.text())
        assert token not in w.text()


async def test_a_secret_is_shown_on_a_key_and_hidden_again(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("9.5")
        await w.press("ctrl+g")
        secret = plain(w.offers.app_secret or Secret(""))
        assert secret not in w.text()
        await w.press("ctrl+r")
        assert secret in w.text()
        await w.press("ctrl+r")
        assert secret not in w.text()


async def test_a_curl_sample_fills_every_field_it_holds_and_says_which(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("6.6")
        token, number = plain(w.offers.access_token or ""), w.offers.phone_number_id
        await paste(
            w,
            f"curl -i -X POST https://graph.facebook.com/v22.0/{number}/messages \\\n"
            f"  -H 'Authorization: Bearer {token}' \\\n"
            "  -H 'Content-Type: application/json' -d '{}'",
        )
        await w.until(lambda: chip(w, "access_token") is Chip.PASSED)
        assert field(w, "phone_number_id").value == number
        assert field(w, "waba_id").value == ""
        await w.until(lambda: "Access token, Phone number ID" in w.text())


async def test_a_paste_is_taken_when_no_field_has_the_focus(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("9.3")
        await w.press("escape")
        assert w.app.focused is None
        await paste(w, f" {w.offers.app_id} ")
        await w.until(lambda: field(w, "app_id").value == w.offers.app_id)


async def test_swapped_ids_are_named_by_meta_and_one_key_takes_the_right_one(
    wizard: Start,
) -> None:
    async with wizard() as w:
        await give(w, "7.5", "access_token")
        await w.go("6.6")
        field(w, "phone_number_id").focus()
        await paste(w, w.offers.waba_id or "")
        await w.until(lambda: "This is a WABA ID, not a phone number ID" in w.text())
        assert chip(w, "phone_number_id") is Chip.FAILED
        assert w.onboarding.world.values.phone_number_id is None
        await w.press("tab", "down", "enter")
        await w.until(lambda: chip(w, "phone_number_id") is Chip.PASSED)


async def test_what_failed_stays_in_the_field_and_is_stored_only_when_asked_to(
    wizard: Start,
) -> None:
    async with wizard() as w:
        await give(w, "9.3", "app_id", until=Chip.STORED)
        await w.go("9.5")
        wrong = "0123456789abcdef" * 2
        await paste(w, wrong)
        await w.until(lambda: chip(w, "app_secret") is Chip.FAILED)
        assert w.onboarding.world.values.app_secret is None
        await w.press("escape", "left", "enter")
        assert field(w, "app_secret").value == wrong
        await w.press("ctrl+s")
        await w.until(lambda: w.onboarding.world.values.app_secret == Secret(wrong))
        await w.until(lambda: "not tested yet" in w.text())


async def test_a_value_whose_test_needs_another_is_stored_and_tested_when_that_comes(
    wizard: Start,
) -> None:
    async with wizard() as w:
        await give(w, "6.6", "waba_id", until=Chip.STORED)
        await w.until(lambda: "not tested yet" in w.text())
        await give(w, "7.5", "access_token")
        await w.until(lambda: chip(w, "waba_id") is Chip.PASSED)


async def test_nothing_typed_is_lost_to_a_network_that_is_down(wizard: Start) -> None:
    async with wizard(graph_url="http://127.0.0.1:9") as w:
        await w.go("7.5")
        await paste(w, plain(w.offers.access_token or ""))
        await w.until(lambda: "Meta's server can't be reached" in w.text())
        await w.press("escape", "enter", "left")
        assert field(w, "access_token").value == plain(w.offers.access_token or "")
        assert w.onboarding.unsaved == ("access_token",)


async def test_a_resize_in_the_middle_of_a_test_loses_nothing(wizard: Start) -> None:
    async with wizard(meta=Meta(delay=0.2)) as w:
        await w.go("7.5")
        await paste(w, plain(w.offers.access_token or ""))
        await w.pilot.resize_terminal(80, 24)
        assert field(w, "access_token").value == plain(w.offers.access_token or "")
        await w.until(lambda: chip(w, "access_token") is Chip.PASSED)


async def test_reading_goes_on_while_a_test_runs(wizard: Start) -> None:
    async with wizard(meta=Meta(delay=0.3)) as w:
        await w.go("7.5")
        await paste(w, plain(w.offers.access_token or ""))
        await w.until(lambda: chip(w, "access_token") is Chip.TESTING)
        await w.press("escape", "enter")
        assert w.at == "8.1"
        await w.until(lambda: chip(w, "access_token") is Chip.PASSED)


async def test_a_value_changed_while_its_test_runs_is_not_stored_for_the_old_one(
    wizard: Start,
) -> None:
    async with wizard(meta=Meta(delay=1.0)) as w:
        await w.go("7.5")
        await paste(w, plain(w.offers.access_token or ""))
        await w.until(lambda: chip(w, "access_token") is Chip.TESTING)
        w.onboarding.set_draft("access_token", Secret("EAAanother"))
        trials = [worker for worker in w.app.workers if worker.group == "trial"]
        await w.app.workers.wait_for_complete(trials)
        await w.pilot.pause()
        assert w.onboarding.world.values.access_token is None


async def test_the_last_of_several_hasty_pastes_is_the_one_that_is_tested(wizard: Start) -> None:
    async with wizard(meta=Meta(delay=0.2)) as w:
        await w.go("7.5")
        token = plain(w.offers.access_token or "")
        for text in (token[:-1], token + "x", token):
            await paste(w, text)
            await w.pilot.pause(0.45)
        await w.until(lambda: chip(w, "access_token") is Chip.PASSED)
        assert w.onboarding.world.values.access_token == Secret(token)


async def test_a_stored_token_that_has_expired_is_announced_with_its_cure(
    wizard: Start, tmp_path: Path
) -> None:
    meta = Meta()
    values = demo_values(meta)
    meta.token.expires_at = int(meta.now()) - 3600
    state = StateFile(tmp_path)
    state.save("test", Progress(step="2.1"))
    async with wizard(meta=meta, vault=MemoryVault(values), state=state) as w:
        await w.until(lambda: "The access token has expired" in w.text())
        assert "Press r to fix it." in w.text()
        await w.press("r")
        await w.until(lambda: isinstance(w.app.screen, RotationScreen))


async def test_a_stored_verify_token_is_not_replaced_by_the_key_that_makes_one(
    wizard: Start,
) -> None:
    held = Values(verify_token=Secret("theOneThatMetaKnows0123456789"))
    async with wizard(offering=False, vault=MemoryVault(held)) as w:
        await w.go("8.3")
        await w.press("ctrl+g")
        await w.pilot.pause(0.6)
        assert w.onboarding.values == held


async def test_a_verify_token_is_made_on_a_key(wizard: Start) -> None:
    async with wizard(offering=False) as w:
        await give(w, "8.3", "verify_token", until=Chip.STORED)
        made = plain(w.onboarding.world.values.verify_token or "")
        assert len(made) >= 32
        assert made.isalnum()


async def test_leaving_with_something_unstored_asks_first(wizard: Start) -> None:
    async with wizard(graph_url="http://127.0.0.1:9") as w:
        await w.go("9.3")
        await paste(w, w.offers.app_id or "")
        await w.until(lambda: bool(w.onboarding.unsaved))
        await w.press("ctrl+q")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        assert "App ID" in w.text()
        await w.press("enter")
        await w.until(lambda: w.onboarding.world.values.app_id == w.offers.app_id)


class LockedVault(MemoryVault):
    """A keyring that is locked until it is opened."""

    persistent = True

    def __init__(self, *, reads: bool = False) -> None:
        super().__init__()
        self.opened = False
        self.reads = reads

    async def load(self) -> Values:
        if not self.opened and not self.reads:
            raise VaultError(Reason.LOCKED)
        return await super().load()

    async def put(self, name: str, value: Value) -> None:
        if not self.opened:
            raise VaultError(Reason.WRITE_FAILED, "It was accepted, but reads back differently.")
        await super().put(name, value)

    async def describe(self) -> Backend:
        return Backend("Test Keyring")


async def test_a_locked_keyring_is_said_and_may_be_tried_again(wizard: Start) -> None:
    vault = LockedVault()
    async with wizard(vault=vault) as w:
        await w.until(lambda: "The keyring is locked" in w.text())
        vault.opened = True
        await w.press("enter")
        await w.until(lambda: not isinstance(w.app.screen, ChoiceModal))
        assert "In memory only" not in w.text()


async def test_going_on_in_memory_stays_on_screen(wizard: Start) -> None:
    async with wizard(vault=LockedVault()) as w:
        await w.until(lambda: "The keyring is locked" in w.text())
        await w.press("down", "enter")
        await w.until(lambda: "In memory only" in w.text())
        await w.go("9.3")
        assert "In memory only" in w.text()


async def test_a_keyring_that_keeps_nothing_is_said_and_the_value_stays(wizard: Start) -> None:
    vault = LockedVault(reads=True)
    async with wizard(vault=vault) as w:
        await w.go("8.3")
        await w.press("ctrl+g")
        await w.until(lambda: "did not store the value" in w.text())
        assert w.onboarding.unsaved == ("verify_token",)
        vault.opened = True
        await w.press("enter")
        await w.until(lambda: chip(w, "verify_token") is Chip.STORED)
        await w.until(lambda: "Stored in Test Keyring" in w.text())


async def give(w: Wizard, step: str, name: str, *, until: Chip = Chip.PASSED) -> None:
    """Takes the offered value at a step and waits for its chip."""
    await w.go(step)
    capture = w.walk.query_one(f"#capture-{name}", Capture)
    capture.focus_field()
    await w.press("ctrl+g")
    await w.until(lambda: chip(w, name) is until)


class HangingVault(LockedVault):
    """Waits for a password dialog that nobody sees."""

    async def load(self) -> Values:
        await asyncio.Event().wait()
        return Values()


async def test_one_may_leave_while_the_keyring_waits(wizard: Start) -> None:
    async with wizard(vault=HangingVault()) as w:
        await w.until(lambda: "Waiting for the keyring" in w.text())
        await w.press("ctrl+q")
        await w.gone()


async def test_leave_in_the_keyrings_dialog_leaves(wizard: Start) -> None:
    async with wizard(vault=LockedVault()) as w:
        await w.until(lambda: "The keyring is locked" in w.text())
        await w.press("down", "down", "enter")
        await w.gone()


async def test_events_that_come_while_a_step_is_drawn_do_no_harm(wizard: Start) -> None:
    async with wizard() as w:
        drawing = asyncio.create_task(w.walk.jump("6.6"))
        while not drawing.done():
            w.walk.redraw()
            await asyncio.sleep(0)
        await asyncio.gather(w.walk.jump("7.5"), w.walk.jump("9.3"), w.walk.jump("9.5"))
        await w.pilot.pause()
        assert len(w.walk.query(Capture)) == 1
        assert field(w, "app_secret")


async def test_the_same_value_in_both_fields_is_noticed(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("6.6")
        await paste(w, w.offers.waba_id or "")
        field(w, "waba_id").focus()
        await paste(w, w.offers.waba_id or "")
        await w.until(lambda: "the same value as your WABA ID" in w.text())


async def test_two_values_that_a_locked_keyring_refuses_are_one_dialog(wizard: Start) -> None:
    vault = LockedVault(reads=True)
    async with wizard(vault=vault) as w:
        await w.go("8.3")
        await w.press("ctrl+g")
        await w.until(lambda: "did not store the value" in w.text())
        w.walk.draft_tester.store_passed()
        await w.pilot.pause(0.2)
        assert sum(isinstance(screen, ChoiceModal) for screen in w.app.screen_stack) == 1


async def test_a_place_that_can_not_be_saved_is_said_on_screen(
    wizard: Start, tmp_path: Path
) -> None:
    async with wizard() as w:
        (tmp_path / "file").write_text("in the way")
        w.onboarding.progress_store.state = StateFile(tmp_path / "file" / "folder")
        await w.press("enter")
        await w.until(lambda: "Your progress is not saved" in w.text())
