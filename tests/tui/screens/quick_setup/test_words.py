"""What the short way says is true, said once, and not cut off on a small screen."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Start
from tests.tui.screens.quick_setup.tokens import alone, looked, paste, secret, stored, token, visit
from wizard.simulator import Meta
from wizard.values.credentials import Values

SMALL = (80, 24)


@pytest.mark.parametrize("with_secret", [True, False])
async def test_a_waba_that_the_token_cant_see_is_not_blamed_on_an_app_id_that_was_found(
    wizard: Start, meta: Meta, values: Values, with_secret: bool
) -> None:
    meta.token.names_targets = False
    async with wizard(meta=alone(meta)) as w:
        await visit(w)
        if with_secret:
            await paste(w, secret(values))
            await w.until(lambda: "App Secret   32 characters" in w.text())
        await paste(w, token(values))
        await w.until(lambda: "No WABA was found" in w.text())
        await paste(w, "123456789012345")
        await w.until(lambda: "The token can't see a WABA with this ID" in w.text())
        assert "There is no App ID yet" not in w.text()
        assert f"App ID {values.app_id}" in w.text()


async def test_what_is_stored_without_the_secret_is_said_to_be(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta), size=SMALL) as w:
        await looked(w, token(values), "store these five values without it")
        await w.press("enter")
        await w.until(lambda: "✓  Hidden Market" in w.text() and "is stored in memory" in w.text())
        assert "Only the App Secret is missing" in w.text()
        assert len(stored(w)) == 5
        await paste(w, secret(values))
        await w.until(lambda: "store App Secret in memory" in w.text())


async def test_the_line_of_a_number_holds_its_whole_id_and_says_test_number_once(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta), size=SMALL) as w:
        await looked(w, token(values), "Paste the App Secret here")
        line = next(line for line in w.text().splitlines() if "Number   " in line)
        assert line.rstrip().endswith(f"(Test Number)  ID {values.phone_number_id}")


async def test_an_app_token_is_named_once_and_in_full(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, size=SMALL) as w:
        await visit(w)
        await paste(w, f"{values.app_id}|{secret(values)}")
        await w.until(lambda: "This is an app token, not an access token" in w.text())
        await w.until(lambda: w.text().count("(App ID, bar, secret)") == 1)
        told = " ".join(w.text().split())
        assert "(App ID, bar, secret). The access token comes from API Setup (or Step 1" in told


async def test_what_is_said_of_half_a_value_is_not_cut_off(wizard: Start) -> None:
    async with wizard(size=SMALL, offering=False) as w:
        await w.go("7.5")
        await paste(w, "1234567890123456|0123456789abcdef")
        await w.until(lambda: "This is an app token (App ID, bar, secret)." in w.text())
        assert "comes from API Setup (or Step 1. Try it out)." in " ".join(w.text().split())
