"""The layout of Meta's portal on screen: asked once, shown, switched by a key, remembered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from textual import events

from tests.tui.conftest import Start
from wizard.guide import guide
from wizard.journeys.discovery.several_ids import SeveralIds, narrow
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.portal_layout import choose_layout, layout_of
from wizard.portal import layouts
from wizard.simulator import Meta
from wizard.state import Progress, StateFile
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.qr_code import QrCodeModal
from wizard.values.credentials import Values, plain
from wizard.world import World

QUESTION = "What does the left sidebar"


def remembered(folder: Path, layout: str | None) -> StateFile:
    state = StateFile(folder)
    state.save("test", Progress("6.1", portal=layout))
    return state


async def test_it_is_asked_at_the_first_step_that_tells_them_apart(
    wizard: Start, tmp_path: Path
) -> None:
    async with wizard(state=remembered(tmp_path, None)) as w:
        await w.go("6.1")
        for layout in layouts().values():
            assert layout.sign in w.text()
        assert QUESTION in w.text()
        assert "portal: all" in w.text()
        await w.press("2")
        await w.until(lambda: "portal: new" in w.text())
        assert QUESTION not in w.text()
        assert StateFile(tmp_path).load("test").portal == "new"
        await w.press("1")
        assert layout_of(w.onboarding) == "new"


async def test_who_does_not_answer_reads_both_and_goes_on(wizard: Start, tmp_path: Path) -> None:
    async with wizard(state=remembered(tmp_path, None), size=(100, 60)) as w:
        await w.go("6.1")
        await w.press("enter")
        assert w.at == "6.2"
        assert QUESTION not in w.text()
        for layout in layouts().values():
            assert f'If you see "{layout.sign}":' in w.text()


async def test_a_key_switches_on_every_step_that_has_two(wizard: Start, tmp_path: Path) -> None:
    async with wizard(state=remembered(tmp_path, "classic")) as w:
        for step in ("5.2", "6.6", "7.5", "8.5", "11.7"):
            await w.go(step)
            await w.until(lambda: "portal: classic" in w.text())
            await w.press("ctrl+l")
            await w.until(lambda: "portal: new" in w.text())
            assert w.at == step
            await w.press("escape", "l")
            await w.until(lambda: "portal: classic" in w.text())
            assert StateFile(tmp_path).load("test").portal == "classic"


async def test_a_step_that_is_alike_in_both_has_no_such_key(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("9.1")
        assert "portal:" not in w.text()
        await w.press("l")
        assert layout_of(w.onboarding) is None
        assert not isinstance(w.app.screen, ChoiceModal)


async def test_while_it_is_unknown_the_key_asks(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("7.1")
        await w.press("l")
        assert isinstance(w.app.screen, ChoiceModal)
        await w.press("escape")
        assert layout_of(w.onboarding) is None
        await w.press("l", "down", "enter")
        await w.until(lambda: "portal: new" in w.text())


async def test_what_was_typed_is_still_there_in_the_other_layout(wizard: Start) -> None:
    async with wizard() as w:
        await choose_layout(w.onboarding, "classic")
        await w.go("6.6")
        await w.press(*"1234")
        await w.press("ctrl+l")
        await w.until(lambda: "portal: new" in w.text())
        capture = w.walk.query_one("#field-phone_number_id")
        assert getattr(capture, "value", "") == "1234"


@pytest.mark.parametrize("layout", layouts())
async def test_the_page_is_the_one_of_the_layout(wizard: Start, layout: str) -> None:
    async with wizard(size=(120, 50)) as w:
        w.onboarding.world.values = w.onboarding.world.values.with_("app_id", "2455021458570608")
        await choose_layout(w.onboarding, layout)
        await w.go("8.1")
        link = guide().by_id["8.1"].url("2455021458570608", layout)
        assert link is not None
        assert link.removeprefix("https://")[:60] in w.text()


CARDS = "".join(
    f"Phone Number ID\n{number}\nWhatsApp Business account ID\n{account}\n"
    for number, account in (
        ("105550001112223", "208880004445556"),
        ("106660002223334", "309990007778889"),
    )
)


async def test_while_meta_is_asked_which_of_several_ids_is_right_that_is_said(
    wizard: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def slow(world: World, several: Mapping[str, Sequence[str]]) -> SeveralIds:
        await asked.wait()
        return await narrow(world, several)

    monkeypatch.setattr("wizard.tui.dialogs.paste_choice.narrow", slow)
    async with wizard() as w:
        await w.go("6.6")
        w.app.post_message(events.Paste(CARDS))
        await w.until(lambda: "Asking Meta which one" in w.text())
        asked.set()
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))


async def test_of_several_ids_in_a_paste_the_person_names_one(wizard: Start) -> None:
    async with wizard() as w:
        await w.go("6.6")
        w.app.post_message(events.Paste(CARDS))
        await w.until(lambda: "105550001112223" in w.text())
        await w.press("down", "enter")
        await w.until(lambda: "208880004445556" in w.text())
        await w.press("escape")
        await w.until(lambda: w.onboarding.values.phone_number_id == "106660002223334")
        assert w.onboarding.values.waba_id is None


async def test_of_several_ids_in_a_paste_the_one_that_meta_confirms_is_taken_unasked(
    wizard: Start,
) -> None:
    meta = Meta()
    account = meta.add_whatsapp_account(meta.own_number, meta.token)
    page = (
        f"WhatsApp Business account ID\n{account.id}\nPhone Number ID\n{meta.own_number.id}\n"
        f"Messaging account\nWhatsApp Business account ID\n{meta.waba.id}\n"
    )
    async with wizard(meta=meta) as w:
        await w.go("7.5")
        w.app.post_message(events.Paste(plain(w.offers.access_token or "")))
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.PASSED)
        await w.go("6.6")
        w.app.post_message(events.Paste(page))
        await w.until(lambda: "Meta says that" in w.text())
        await w.until(lambda: w.onboarding.chip("waba_id") is Chip.PASSED)
        assert w.onboarding.world.values.waba_id == meta.waba.id
        assert w.onboarding.world.values.phone_number_id == meta.own_number.id


async def test_a_page_that_differs_is_opened_when_the_layout_is_known(
    wizard: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")
    async with wizard(values=Values(app_id="2455021458570608")) as w:
        await w.go("7.1")
        await w.press("o")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("escape")
        assert w.app.screen is w.walk
        await w.press("o")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("down", "enter")
        await w.until(lambda: "api-testing-v2" in w.text())
        await w.press("escape")
        await w.until(lambda: "portal: new" in w.text())
        await w.press("c")
        await w.until(lambda: "api-testing-v2" in w.app.clipboard)


async def test_a_page_that_is_the_same_in_each_layout_is_opened_at_once(
    wizard: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")
    async with wizard() as w:
        for step in ("6.2", "9.1"):
            await w.go(step)
            await w.press("o")
            await w.until(lambda: isinstance(w.app.screen, QrCodeModal))
            await w.press("escape")


@pytest.mark.parametrize(("layout", "label"), [("classic", "API Setup"), ("new", "Step 1. Try")])
async def test_a_note_beside_a_field_names_the_page_of_the_layout(
    wizard: Start, layout: str, label: str
) -> None:
    async with wizard(size=(120, 40)) as w:
        await choose_layout(w.onboarding, layout)
        await w.go("6.6")
        w.app.post_message(events.Paste("+1 555 014 2233"))
        await w.until(lambda: "This is the phone number" in w.text())
        words = " ".join(w.text().replace("▕", " ").split())
        assert f"below it on {label}" in words
        assert "(or " not in words
