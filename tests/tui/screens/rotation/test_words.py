"""What a rotation offers and says is so: nothing that can't be done, and nothing that was not."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Start, Wizard
from tests.tui.screens.rotation.rotating import STORED, ended, newer, paste, rotation, stored
from wizard.simulator import Meta
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.values.credentials import Values, plain

LONGER = "60 days"
SMALL = (80, 24)


def row(w: Wizard, label: str) -> str:
    """The line of one stage."""
    lines = (line.strip() for line in w.text().splitlines())
    return next((line for line in lines if line[1:].startswith(f"  {label}  ")), "")


def keys(w: Wizard) -> str:
    return w.last_line()


@pytest.mark.parametrize("key", ["r", "R"])
async def test_a_token_that_does_not_end_is_offered_no_exchange(
    wizard: Start, meta: Meta, values: Values, key: str
) -> None:
    endless = values.with_("access_token", meta.system_token.text)
    async with wizard(meta=meta, values=endless) as w:
        await rotation(w, key)
        await w.until(lambda: "Stored system user, never expires" in w.text())
        for pressed in ("ctrl+l", "escape", "l"):
            await w.press(pressed)
            await w.until(lambda: "help" in keys(w))
            assert LONGER not in w.text()
            assert "permanent" not in w.text()
            assert "exchange" not in w.text()
        await w.press("escape")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        await w.go("12.1")
        await w.until(lambda: "r replace token" in keys(w))
        assert "long-lived" not in keys(w)


async def test_without_an_app_secret_none_is_begun_and_a_good_token_is_not_in_its_way(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values.with_("app_secret", None), size=SMALL) as w:
        await rotation(w)
        await w.press("ctrl+l")
        await w.until(lambda: "✗ A long-lived token needs the App Secret (step 9.5)." in w.text())
        assert "Without it, a pasted token is stored unchanged." in w.text()
        token = newer(meta)
        paste(w, token)
        await ended(w, STORED)
        assert stored(w) == token


async def test_what_is_missing_for_one_is_a_key_away(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values.with_("app_secret", None), size=SMALL) as w:
        await rotation(w)
        await w.press("escape", "l")
        await w.until(lambda: "g step" in keys(w))
        await w.press("g")
        await w.until(lambda: w.at == "9.5")


async def test_the_key_that_begins_one_ends_it_and_says_so(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, size=SMALL) as w:
        await rotation(w)
        await w.press("ctrl+l")
        await w.until(lambda: "^l  store it without an exchange" in w.text())
        await w.press("ctrl+l")
        await w.until(lambda: "^l  exchange it for a long-lived token (60 days) first" in w.text())


async def test_where_the_network_is_gone_the_test_has_no_answer_and_has_not_failed(
    wizard: Start, meta: Meta, values: Values
) -> None:
    nobody = "http://127.0.0.1:9"
    async with wizard(meta=meta, values=values, size=SMALL, graph_url=nobody) as w:
        await rotation(w)
        paste(w, newer(meta))
        await ended(w, "The stored token is unchanged.")
        assert row(w, "Test").startswith("?")
        assert row(w, "Test").endswith("no answer")
        assert "enter  test it again" in w.text()
        assert row(w, "Store") == "–  Store       not tested"


async def test_where_nobody_was_asked_no_row_says_that_somebody_is(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, size=SMALL) as w:
        await rotation(w)
        paste(w, plain(values.access_token or ""))
        await ended(w, "This token is already stored")
        for label in ("Test", "Store", "Test again"):
            await w.until(lambda label=label: row(w, label).endswith("not tested"))  # type: ignore[misc]
        assert "testing" not in w.text()
        assert "test it again" not in w.text()


async def test_what_enter_does_after_a_swap_is_true_wherever_one_came_from(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, size=SMALL) as w:
        await rotation(w)
        paste(w, newer(meta))
        await ended(w, STORED)
        await w.until(lambda: "enter  close this screen" in w.text())
        await w.until(lambda: "close" in keys(w))
        assert "continue" not in keys(w)
        assert "back" not in w.text()
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
