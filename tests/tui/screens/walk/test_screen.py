"""The walk, by its keys and its mouse."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Start, Wizard
from tests.tui.screens.webhook.playing import Pretended
from wizard.guide import guide
from wizard.state import StateFile
from wizard.tui.dialogs.help import HelpModal
from wizard.tui.dialogs.jump import JumpModal
from wizard.tui.screens.walk.rail import Rail
from wizard.tui.screens.welcome.screen import WelcomeScreen
from wizard.tui.widgets.chips import CredentialChips
from wizard.tui.widgets.field import Field
from wizard.values.credentials import CREDENTIALS


def said(w: Wizard) -> str:
    """What the toasts say."""
    return " ".join(one.message for one in w.app._notifications)


async def test_a_newcomer_is_welcomed_and_chooses_where_to_begin(wizard: Start) -> None:
    async with wizard(welcome=True) as w:
        assert isinstance(w.app.screen, WelcomeScreen)
        await w.press("down", "enter")
        await w.until(lambda: w.at == "7.1")


async def test_the_welcome_of_the_demo_says_that_it_is_one(wizard: Start) -> None:
    async with wizard(welcome=True, portal=Pretended) as w:
        await w.until(lambda: "Demo" in w.text())
        assert "nothing is sent to Meta" in w.text()
        assert "keyring" not in w.text()
    async with wizard(welcome=True) as w:
        await w.until(lambda: "Your values go to your keyring and to Meta" in w.text())
        assert "Demo" not in w.text()


async def test_the_last_page_says_what_becomes_of_the_values(wizard: Start) -> None:
    last, kept, lost = guide().steps[-1].id, "Stored values are kept.", "Values in memory are lost."
    async with wizard() as w:
        await w.go(last)
        await w.press("enter")
        await w.until(lambda: kept in said(w))
        w.onboarding.go_on_in_memory()
        await w.press("enter")
        await w.until(lambda: lost in said(w))
    async with wizard(portal=Pretended) as w:
        await w.go(last)
        await w.press("enter")
        await w.until(lambda: lost in said(w))
        assert kept not in said(w)


async def test_enter_ticks_and_goes_on_and_left_goes_back(wizard: Start) -> None:
    async with wizard() as w:
        await w.press("enter")
        assert w.at == "2.1"
        await w.press("enter")
        assert w.at == "2.2"
        assert "2.1" in w.onboarding.walk.ticked
        await w.press("left")
        assert w.at == "2.1"


@pytest.mark.parametrize(("typed", "lands"), [("9.5", "9.5"), ("4", "4.1")])
async def test_a_step_is_found_by_its_number(wizard: Start, typed: str, lands: str) -> None:
    async with wizard() as w:
        await w.press("slash", *typed, "enter")
        assert w.at == lands


async def test_a_step_is_found_by_words(wizard: Start) -> None:
    async with wizard() as w:
        wanted = guide().by_id["8.4"]
        await w.press("slash", *[c if c != " " else "space" for c in wanted.title.lower()], "enter")
        assert w.at == "8.4"


async def test_escape_closes_the_jump_and_the_help_and_leaves_the_step_as_it_is(
    wizard: Start,
) -> None:
    async with wizard() as w:
        here = w.at
        await w.press("slash")
        assert isinstance(w.app.screen, JumpModal)
        await w.press("escape", "question_mark")
        assert isinstance(w.app.screen, HelpModal)
        await w.press("escape")
        assert w.at == here


async def test_a_chapter_that_one_does_not_need_is_left_out_and_taken_up_again(
    wizard: Start,
) -> None:
    async with wizard() as w:
        await w.go("2.1")
        await w.press("s")
        assert w.at == "3.1"
        assert w.onboarding.walk.progress == (6, 40)
        await w.go("2.3")
        await w.press("u")
        assert w.onboarding.walk.progress == (0, 40)


async def test_letters_typed_into_a_field_go_into_the_field(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("7.5")
        assert isinstance(w.app.focused, Field)
        await w.press("o", "c", "b", "s", "t", "u", "slash", "question_mark", "left", "q")
        assert w.app.focused.value == "ocbstu/q?"
        assert w.at == "7.5"
        assert "go to" not in w.last_line()


async def test_a_click_in_the_rail_goes_to_the_chapter(wizard: Start) -> None:
    async with wizard() as w:
        rail = w.walk.query_one(Rail)
        row = next(i for i, line in enumerate(w.text().splitlines()) if " 9  " in line[:12])
        await w.pilot.click(offset=(rail.region.x + 8, row))
        await w.until(lambda: w.at == "9.1")


async def test_a_click_on_a_chip_goes_to_where_its_credential_is_found(wizard: Start) -> None:
    async with wizard() as w:
        chips = w.walk.query_one(CredentialChips)
        before = chips.render_line(0).text.index(CREDENTIALS["app_secret"].short)
        await w.pilot.click(chips, offset=(before + 1, 0))
        await w.until(lambda: w.at == "9.5")


async def test_coming_back_resumes_at_the_same_step_with_the_same_ticks(
    wizard: Start, tmp_path: object
) -> None:
    async with wizard() as w:
        await w.press("enter", "enter", "enter", "enter")
        at, ticked = w.at, w.onboarding.walk.ticked
        path = w.onboarding.state.path if w.onboarding.state else None
    assert path is not None
    async with wizard(state=StateFile(path.parent)) as w:
        assert (w.at, w.onboarding.walk.ticked) == (at, ticked)


async def test_a_damaged_state_file_is_said_so(wizard: Start) -> None:
    async with wizard() as w:
        assert w.onboarding.state is not None
        path = w.onboarding.state.path
    path.write_text("{ nonsense")
    async with wizard(state=StateFile(path.parent)) as w:
        await w.until(lambda: "damaged" in w.text())


async def test_the_palette_offers_what_the_footer_does(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("7.5")
        commands = list(w.app.get_system_commands(w.walk))
        titles = {command.title for command in commands}
        assert len(titles) == len(commands)
        assert {"Next step", "Previous step", "Go to a step", "Copy its URL", "Quit"} <= titles
        assert {"Open this step's page", "Show keys and symbols"} <= titles


async def test_six_chips_are_in_sight_on_a_small_screen_too(wizard: Start) -> None:
    async with wizard(size=(80, 24)) as w:
        first = w.text().splitlines()[0]
        assert all(f"{name} –" in first for name in ("App", "Secret", "Token", "Phone", "WABA"))
        assert "Verify –" in first


async def test_both_themes_draw_every_state(wizard: Start) -> None:
    async with wizard() as w:
        w.app.theme = "wizard-light"
        await w.go("7.5")
        assert "Access token" in w.text()


async def test_the_link_bears_the_app_id_as_soon_as_it_is_known(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("9.3")
        assert "developers.facebook.com/apps/\n" not in w.text()
        await w.press("ctrl+g")
        app_id = w.offers.app_id or ""
        await w.until(lambda: f"/apps/{app_id}" in w.text())


async def test_without_a_browser_the_page_comes_as_a_code(
    wizard: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")
    async with wizard() as w:
        await w.go("2.1")
        await w.press("o")
        await w.until(lambda: "█" in w.text() and "SSH" in w.text())
        await w.press("escape")
        assert w.at == "2.1"


async def test_the_link_is_copied_to_the_clipboard(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("2.1")
        await w.press("c")
        assert w.app.clipboard == "https://developers.facebook.com"


async def test_what_was_saved_while_one_left_needs_no_place_to_say_so(wizard: Start) -> None:
    async with wizard() as w:
        walk = w.walk
    walk.notice("The progress could not be saved.")
