"""From the short way on to a registered webhook, and what is ticked behind it."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Start
from tests.tui.screens.quick_setup.tokens import alone, both, looked, paste, token
from tests.tui.screens.webhook.playing import AUTHTOKEN, Blocked, Needy, Pretended
from wizard.journeys.onboarding.chip import Chip
from wizard.simulator import Meta
from wizard.simulator.world.objects import LOGGED_OUT
from wizard.state import StateFile
from wizard.tui.dialogs.ask import AuthtokenModal
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.send.screen import SendScreen
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.values.credentials import Secret, Values


async def test_the_page_of_the_app_secret_is_a_key_away(
    wizard: Start, meta: Meta, values: Values, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BROWSER", raising=False)
    monkeypatch.setenv("SSH_CONNECTION", "10.0.0.1 5 10.0.0.2 22")
    async with wizard(meta=alone(meta)) as w:
        await looked(w, token(values), "Paste the App Secret here")
        await w.press("ctrl+o")
        await w.until(lambda: f"/apps/{values.app_id}/settings/basic" in w.text())


async def test_enter_goes_on_to_a_registered_webhook_and_an_answer_to_who_wrote(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta), portal=Pretended) as w:
        await looked(w, both(values), "store these six values")
        await w.press("enter")
        await w.until(lambda: "register it with Meta" in w.text())
        assert w.onboarding.walk.left.id == "8.1"
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, WebhookScreen))
        await w.until(lambda: w.webhook.hears_meta and w.webhook.job is None)
        assert meta.app.subscriptions[0].callback_url == w.webhook.callback_url
        await w.until(lambda: w.onboarding.chip("verify_token") is Chip.PASSED)
        meta.dispatcher.inbound_text("halo", sender="6281234567890")
        await w.until(lambda: "press s to reply" in w.text())
        await w.press("s")
        await w.until(lambda: isinstance(w.app.screen, SendScreen))
        await w.until(lambda: "+62 812" in w.text())
        assert w.onboarding.walk.at == "10"
        assert w.onboarding.walk.progress == (40, 40)
        state, kept = w.onboarding.state, w.onboarding.world.values
    async with wizard(meta=meta, values=kept, state=state) as w:
        await w.until(lambda: w.onboarding.walk.progress == (40, 40))


async def test_an_authtoken_that_is_missing_is_asked_for_and_registering_goes_on(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta), tunnels=Needy) as w:
        await looked(w, both(values), "store these six values")
        await w.press("enter")
        await w.until(lambda: "register it with Meta" in w.text())
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, AuthtokenModal))
        await paste(w, AUTHTOKEN)
        await w.press("enter")
        await w.until(lambda: w.webhook.hears_meta and w.webhook.job is None)


async def test_one_comes_back_from_the_webhook_to_what_is_left_of_the_walk(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=alone(meta), tunnels=Blocked) as w:
        await looked(w, both(values), "store these six values")
        await w.press("enter")
        await w.until(lambda: "register it with Meta" in w.text())
        await w.press("enter")
        await w.until(lambda: "✗  Tunnel" in w.text())
        await w.press("escape")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        assert w.at == "8.1"
        assert meta.app.subscriptions == []


async def test_the_rail_ticks_what_the_values_prove(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, size=(120, 40)) as w:
        await w.until(lambda: w.onboarding.chip("access_token") is Chip.PASSED)
        await w.until(lambda: not w.onboarding.testing)
        await w.until(lambda: w.onboarding.walk.left.id == "8.1")
        assert w.onboarding.walk.ticked == frozenset()
        await w.until(lambda: "✓  7  Access token" in w.text())
        path = w.onboarding.state.path if w.onboarding.state else None
    assert path is not None
    async with wizard(meta=meta, values=values, state=StateFile(path.parent)) as w:
        await w.until(lambda: w.onboarding.walk.left.id == "8.1")


async def test_a_wrong_value_unticks_its_chapter_alone(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await w.until(lambda: w.onboarding.walk.left.id == "8.1")
        meta.token.ended = LOGGED_OUT
        await w.go("7.5")
        await w.press("escape", "t")
        await w.until(lambda: w.onboarding.walk.left.id == "7.1")
        assert w.onboarding.world.values.access_token == Secret(token(values))
