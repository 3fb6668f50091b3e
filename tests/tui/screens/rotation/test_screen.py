"""Another access token on screen: pasted, tested, swapped in; or the old one stays."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.tui.conftest import Start
from tests.tui.screens.rotation.rotating import (
    STORED,
    ended,
    ends_at,
    field,
    newer,
    paste,
    rotation,
    stored,
)
from wizard.guide import guide
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.portal_layout import choose_layout
from wizard.simulator import Meta
from wizard.simulator.world.objects import BUSINESS, MANAGEMENT, MESSAGING
from wizard.state import StateFile
from wizard.tui.screens.rotation.screen import RotationScreen
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.screens.welcome.screen import START_OPTIONS
from wizard.values.credentials import Secret, Values, plain

PAGE = "developers.facebook.com/apps/{}/use_cases/customize/wa-dev-console/"


async def test_a_pasted_token_is_tested_at_once_and_swapped_in_and_enter_goes_back(
    wizard: Start, meta: Meta, values: Values, tmp_path: Path
) -> None:
    state = StateFile(tmp_path / "state")
    async with wizard(meta=meta, values=values, state=state, size=(80, 24)) as w:
        await rotation(w)
        for step in guide().chapter_of("7.5").steps:
            assert f"{step.id}   {step.title}" in w.text()
        assert PAGE.format(values.app_id)[:60] in w.text()
        token = newer(meta)
        paste(w, f"\ufeff Bearer {token.reveal()}\r\n")
        await ended(w, STORED)
        assert plain(token)[:12] not in w.text()
        assert w.text().count("Access token ✓   WABA ID ✓   Phone number ID ✓") == 2
        assert "Stored temporary, expires in 23 h 59 min  ▰▰▰▰▰▰▰▰▰▰" in w.text()
        assert field(w).value == ""
        assert stored(w) == token
        assert w.onboarding.chip("access_token") is Chip.PASSED
        remembered = state.load("test")
        assert remembered.token_expires_at == ends_at(meta, token)
        assert remembered.tested["waba_id"].outcome == "passed"
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))


async def test_no_toast_of_the_guide_covers_the_title(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.token.expires_at = meta.now() - 60
    async with wizard(meta=meta, values=values, size=(80, 24)) as w:
        await w.until(lambda: "Press r to fix it" in w.text())
        await w.press("escape", "r")
        await w.until(lambda: "Replace the access token" in w.text())
        assert "Press r to fix it" not in w.text()


BAD: dict[str, tuple[Callable[[Meta], Secret], str]] = {
    "the same": (lambda meta: meta.token.text, "This token is already stored"),
    "expired": (
        lambda meta: newer(meta, expires_at=meta.now() - 60),
        "The access token has expired",
    ),
    "another app's": (lambda meta: meta.other_token.text, "belongs to another app"),
    "less may": (newer, "lacks a permission the old one has"),
}


@pytest.mark.parametrize("name", BAD)
async def test_one_that_may_not_take_its_place_stays_in_the_field_and_it_is_said_why(
    wizard: Start, meta: Meta, values: Values, name: str
) -> None:
    make, said = BAD[name]
    if name == "less may":
        meta.token.scopes = (MANAGEMENT, MESSAGING, BUSINESS)
    token = make(meta)
    async with wizard(meta=meta, values=values, size=(100, 30)) as w:
        await rotation(w)
        paste(w, token)
        await ended(w, said)
        assert "The stored token is unchanged." in w.text()
        assert field(w).value == plain(token)
        assert field(w).has_focus
        assert stored(w) == values.access_token
        assert w.onboarding.chip("access_token") is Chip.PASSED


async def test_enter_tests_the_same_one_again_and_a_new_paste_takes_its_place(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await rotation(w)
        short = newer(meta, scopes=(MANAGEMENT,))
        paste(w, short)
        await ended(w, "It lacks whatsapp_business_messaging")
        refused = meta.find_token(short.reveal())
        assert refused is not None
        refused.scopes = (MANAGEMENT, MESSAGING)
        await w.press("enter")
        await ended(w, STORED)
        assert stored(w) == short
        token = newer(meta)
        assert w.app.focused is None
        paste(w, f"curl -H 'Authorization: Bearer {token.reveal()}' https://graph.facebook.com/")
        await w.until(lambda: stored(w) == token)


async def test_what_holds_no_token_and_nothing_at_all_are_told_and_nothing_is_asked(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await rotation(w)
        calls = meta.calls
        paste(w, f"App ID: {values.app_id}\nWABA ID: {values.waba_id}")
        await w.until(lambda: "Your paste has no access token." in w.text())
        await w.press("enter")
        await w.until(lambda: "Paste the new access token first." in w.text())
        assert w.webhook.rotation.progress is None
        assert meta.calls == calls


async def test_the_way_of_the_welcome_leads_straight_here(wizard: Start, meta: Meta) -> None:
    async with wizard(meta=meta, welcome=True) as w:
        number = next(n for n, way in enumerate(START_OPTIONS) if way.visit == "rotate")
        await w.press(*["down"] * number, "enter")
        await w.until(lambda: isinstance(w.app.screen, RotationScreen))
        await w.until(lambda: "Stored none yet" in w.text())
        token = newer(meta)
        paste(w, token)
        await ended(w, STORED)
        assert stored(w) == token


# longer-lived, and permanent


async def test_the_stored_one_is_exchanged_by_two_keys(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await rotation(w)
        assert "^l  exchange it for a long-lived token (60 days) first" in w.text()
        await w.press("ctrl+l")
        assert "Press enter without a paste to exchange the stored one." in w.text()
        await w.press("enter")
        await ended(w, STORED)
        assert "✓  Exchange" in w.text()
        assert "long-lived, expires in 59 d 23 h" in w.text()
        assert stored(w) != values.access_token
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))


async def test_what_an_exchange_needs_is_said_with_its_steps(
    wizard: Start, meta: Meta, values: Values
) -> None:
    lacking = values.with_("app_id", None).with_("app_secret", None)
    async with wizard(meta=meta, values=lacking) as w:
        await rotation(w, "R")
        needs = "A long-lived token needs the App ID (step 9.3) and the App Secret (step 9.5)"
        assert needs in w.text()
        assert stored(w) == values.access_token
        await w.press("escape", "g")
        await w.until(lambda: w.at == "9.3")


async def test_a_permanent_token_is_swapped_in_where_its_chapter_ends(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await rotation(w)
        await w.press("escape", "p")
        await w.until(lambda: w.at == "12.1")
        await w.go("12.5")
        assert "r  replace it; or paste it here" in w.text()
        paste(w, meta.system_token.text)
        await w.until(lambda: isinstance(w.app.screen, RotationScreen))
        await w.until(lambda: guide().by_id["12.4"].title in w.text())
        assert "business.facebook.com/settings/system-users" in w.text()
        await ended(w, STORED)
        assert "Stored system user, never expires" in w.text()
        assert stored(w) == meta.system_token.text


@pytest.mark.parametrize("step", [step.id for step in guide().steps if step.renews])
async def test_whatever_a_step_renews_has_a_room_for_it(wizard: Start, step: str) -> None:
    async with wizard() as w:
        await w.go(step)
        assert "r replace token" in w.last_line()


# the page


async def test_the_page_is_one_key_away_with_the_app_id_in_it(
    wizard: Start, meta: Meta, values: Values, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    browser, seen = tmp_path / "browser", tmp_path / "seen"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {seen}\n')
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", f"{browser} %s")
    url = "https://" + PAGE.format(values.app_id)
    async with wizard(meta=meta, values=values) as w:
        await choose_layout(w.onboarding, "classic")
        await rotation(w)
        await w.press("ctrl+o")
        await w.until(lambda: seen.exists() and seen.read_text() == url)
        await w.press("escape", "c")
        assert w.app.clipboard == url
