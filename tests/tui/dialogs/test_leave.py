"""Leaving with something typed: what failed is said, and is not what enter would store."""

from __future__ import annotations

from textual import events

from tests.tui.conftest import Start, Wizard
from tests.tui.screens.quick_setup.tokens import WRONG, looked, paste, token
from tests.tui.widgets.test_pointer_list import pointed
from wizard.journeys.onboarding.chip import Chip
from wizard.simulator import Meta
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.values.credentials import Values, plain


async def leaves(w: Wizard) -> None:
    await w.press("ctrl+q")
    await w.until(lambda: isinstance(w.app.screen, ChoiceModal))


async def test_a_token_that_failed_is_said_to_have_and_enter_stays(
    wizard: Start, meta: Meta
) -> None:
    meta.token.expires_at = meta.now() - 60
    async with wizard(meta=meta) as w:
        await w.go("7.5")
        w.app.post_message(events.Paste(plain(meta.token.text)))
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.FAILED)
        await leaves(w)
        await w.until(lambda: "✗  Access token: The access token has expired" in w.text())
        assert "untested" not in w.text()
        assert "Store it anyway, then leave" in w.text()
        assert pointed(w) == "Cancel"
        await w.press("enter")
        await w.until(lambda: w.app.screen is w.walk)
        assert w.onboarding.world.values.access_token is None


async def test_a_token_that_led_nowhere_on_the_short_way_is_said_too(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.token.expires_at = meta.now() - 60
    async with wizard(meta=meta) as w:
        await looked(w, token(values), "The access token has expired")
        await leaves(w)
        await w.until(lambda: "✗  Access token: The access token has expired" in w.text())
        assert pointed(w) == "Cancel"


async def test_an_app_secret_that_is_wrong_beside_a_good_token(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.waba.phones.remove(meta.own_number)
    async with wizard(meta=meta) as w:
        await looked(w, token(values), "Paste the App Secret here")
        await paste(w, WRONG)
        await w.until(lambda: "doesn't belong to this app" in w.text())
        await leaves(w)
        await w.until(lambda: "✗  App Secret: " in w.text())
        assert "✗  Access token" not in w.text()
        assert pointed(w) == "Cancel"


async def test_what_is_merely_untested_may_be_stored_with_enter(wizard: Start) -> None:
    async with wizard(graph_url="http://127.0.0.1:9") as w:
        await w.go("9.3")
        w.app.post_message(events.Paste(w.offers.app_id or ""))
        await w.until(lambda: bool(w.onboarding.unsaved))
        await leaves(w)
        await w.until(lambda: pointed(w) == "Store it untested, then leave")
