"""The doctor on screen: every rung, the one cause, and the keys that mend it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from textual.worker import WorkerFailed

from tests.tui.conftest import Start, Wizard
from tests.tui.screens.webhook.playing import opened
from wizard.findings import new_finding
from wizard.simulator import Meta, demo_values
from wizard.simulator.world.objects import Subscription
from wizard.state import Progress, ReplacedCallback, StateFile, StoredWebhook
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.screens.doctor.screen import DoctorScreen
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.tui.screens.welcome.screen import START_OPTIONS
from wizard.values.credentials import Secret, Values
from wizard.vault import Backend, MemoryVault
from wizard.webhook.endpoint import Endpoint

NOBODY = "http://127.0.0.1:9/webhook"
WELL = "No problems found from this machine."


class Broken(MemoryVault):
    """A keyring that meets a bug once it is no longer whole."""

    persistent = True
    whole = True

    async def describe(self) -> Backend:
        if not self.whole:
            raise RuntimeError("a bug")
        return await super().describe()


@pytest.fixture
async def theirs(values: Values) -> AsyncIterator[Endpoint]:
    """A callback that knows the same token and secret, and is not this machine's own."""
    assert values.verify_token is not None
    async with Endpoint(values.verify_token, values.app_secret) as endpoint:
        yield endpoint


async def doctor(w: Wizard) -> None:
    """Opens the doctor and waits until everything was asked."""
    await w.press("escape", "d")
    await w.until(lambda: isinstance(w.app.screen, DoctorScreen))
    await asked(w, "13 checked ·")


async def asked(w: Wizard, what: str) -> None:
    await w.until(lambda: what in w.text() and w.webhook.job is None)


def line(w: Wizard, rung: str) -> str:
    """What stands on one rung, its sign first."""
    return next((at.strip(" ▸") for at in w.text().splitlines() if f"  {rung}  " in at), "")


async def test_a_healthy_setup_is_told_rung_by_rung_and_a_rung_is_asked_again(
    wizard: Start, meta: Meta, values: Values, theirs: Endpoint
) -> None:
    meta.app.subscriptions.append(Subscription(theirs.local_url, ("messages",)))
    async with wizard(meta=meta, values=values, size=(80, 24)) as w:
        await doctor(w)
        await w.until(lambda: WELL in w.text())
        assert line(w, "Graph API").startswith("✓")
        assert line(w, "App Secret").startswith("✓")
        assert line(w, "Callback URL").startswith("!")
        assert line(w, "Registration").endswith(f"  Meta calls {theirs.local_url}")
        assert "no endpoint of this wizard is running" in line(w, "Endpoint")
        await w.press("home", "enter")
        await asked(w, "Graph API checked again ·")
        await w.press("end", "up", "enter")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("enter")
        await asked(w, "Verification checked again ·")
        assert line(w, "Verification").startswith("✓")
        assert f"Meta verified {theirs.local_url}" in w.text()
        await w.press("escape")
        assert isinstance(w.app.screen, WalkScreen)


async def test_test_messages_are_announced_before_they_are_sent(
    wizard: Start, theirs: Endpoint
) -> None:
    slow = Meta(delay=0.3)
    slow.app.subscriptions.append(Subscription(theirs.local_url, ("messages",)))
    async with wizard(meta=slow, values=demo_values(slow), size=(80, 24)) as w:
        await w.press("escape", "d")
        await w.until(lambda: "Sends test messages to the callback URL" in w.text())
        assert not theirs.received
        await asked(w, "13 checked ·")


async def test_an_old_address_of_ours_is_replaced_by_a_key_which_opens_the_way_first(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.app.subscriptions.append(Subscription(NOBODY, ("messages",)))
    async with wizard(meta=meta, values=values) as w:
        w.onboarding.world.webhook = StoredWebhook(NOBODY)
        await doctor(w)
        assert line(w, "Callback URL").startswith("✗")
        assert "w  start a tunnel to this machine" in w.text()
        await w.press("r")
        await w.until(lambda: w.webhook.verified is not None)
        await asked(w, WELL)
        assert (w.webhook.callback_url or "nowhere") in line(w, "Endpoint")
        meta.app.subscriptions[:] = [Subscription(NOBODY, ("messages",))]
        await w.press("t")
        await asked(w, new_finding("webhook.stale_url").cause)
        assert f"Meta calls {NOBODY}" in w.text()
        await w.press("r")
        await asked(w, WELL)
        assert meta.app.subscriptions[0].callback_url == w.webhook.callback_url


async def test_somebody_elses_callback_is_replaced_only_after_a_word(
    wizard: Start, meta: Meta, values: Values, theirs: Endpoint
) -> None:
    meta.app.subscriptions.append(Subscription(theirs.local_url, ("messages",)))
    async with wizard(meta=meta, values=values) as w:
        await opened(w)
        await doctor(w)
        await w.until(lambda: new_finding("webhook.shared_app").cause[:60] in w.text())
        for answer, stands in (("escape", theirs.local_url), ("enter", w.webhook.callback_url)):
            await w.press("r")
            await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
            await w.press(answer)
            await w.until(lambda: isinstance(w.app.screen, DoctorScreen))
            await w.until(lambda: w.webhook.job is None)
            await asked(w, WELL if answer == "enter" else "13 checked ·")
            assert meta.app.subscriptions[0].callback_url == stands


async def test_the_account_is_subscribed_by_a_key_and_only_that_is_asked_again(
    wizard: Start, meta: Meta, values: Values, theirs: Endpoint
) -> None:
    meta.app.subscriptions.append(Subscription(theirs.local_url, ("messages",)))
    meta.waba.subscribed.clear()
    async with wizard(meta=meta, values=values) as w:
        await doctor(w)
        assert "s  subscribe the app to this WABA" in w.text()
        assert "not checked: Subscription" in line(w, "Publication")
        await w.press("s")
        await asked(w, "Subscription checked again ·")
        await w.until(lambda: WELL in w.text())
        assert "not checked" not in w.text()
        assert meta.waba.subscribed


async def test_what_was_not_tried_names_its_rung_and_the_report_holds_no_secret(
    wizard: Start, values: Values
) -> None:
    broken = values.with_("app_secret", Secret("0123456789abcdef" * 2))
    async with wizard(values=broken, size=(80, 24)) as w:
        await w.until(lambda: "Secret ✗" in w.text() and "d doctor" in w.text())
        await doctor(w)
        await w.until(lambda: new_finding("app_secret.mismatch").cause[:40] in w.text())
        assert "→  In App settings > Basic" in w.text()
        await w.press("y")
        report = w.app.clipboard
        assert "Cause: app_secret.mismatch" in report
        for _, value in broken.present():
            assert not isinstance(value, Secret) or value.reveal() not in report
        w.app.clear_notifications()
        await w.press("down", "end")
        assert "not checked: App Secret" in line(w, "Publication")
        await w.press("home", "down", "down", "g")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        assert w.at == "9.5"


async def test_it_is_a_choice_of_the_first_screen_and_leads_on_to_the_webhook(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values, welcome=True) as w:
        number = next(n for n, way in enumerate(START_OPTIONS) if way.visit == "doctor")
        await w.press(*["down"] * number, "enter")
        await w.until(lambda: isinstance(w.app.screen, DoctorScreen))
        await asked(w, new_finding("webhook.not_registered").cause)
        assert f"✗  {new_finding('webhook.not_registered').title}" in w.text().splitlines()[2]
        await w.press("g")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        assert w.at == "8.4"


async def test_a_new_address_is_opened_and_registered_on_one_key_until_all_is_green(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await w.until(lambda: "d doctor" in w.text())
        await w.press("d")
        await asked(w, new_finding("webhook.not_registered").cause)
        assert "w  start a tunnel to this machine and register it with Meta" in w.text()
        await w.press("w")
        await w.until(lambda: WELL in w.text().splitlines()[2])
        assert w.webhook.verified is not None
        assert "The app is subscribed to this WABA" in line(w, "Subscription")
        await w.press("w")
        await w.until(lambda: isinstance(w.app.screen, WebhookScreen))


async def test_an_error_that_no_rung_foresaw_ends_the_app_and_is_told(
    wizard: Start, values: Values
) -> None:
    vault = Broken(values)
    with pytest.raises(WorkerFailed, match="a bug"):
        await _broken_meanwhile(wizard, vault)
    assert not vault.whole


async def _broken_meanwhile(wizard: Start, vault: Broken) -> None:
    async with wizard(vault=vault) as w:
        await w.until(lambda: not w.onboarding.testing)
        vault.whole = False
        await w.press("escape", "d")
        await w.until(lambda: w.app.crash is not None)


async def test_a_callback_that_a_killed_run_replaced_is_put_back_by_a_key(
    wizard: Start, meta: Meta, values: Values, theirs: Endpoint, tmp_path: Path
) -> None:
    meta.app.subscriptions.append(Subscription(NOBODY, ("messages",)))
    before = ReplacedCallback("app", meta.app.id, theirs.local_url, ("messages",), NOBODY)
    state = StateFile(tmp_path / "state")
    state.save("test", Progress(webhook=StoredWebhook(NOBODY, replaced=(before,))))
    async with wizard(meta=meta, values=values, state=state, welcome=True) as w:
        await w.until(lambda: "did not restore" in w.text())
        await w.press("enter")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        await w.until(lambda: "did not restore" in w.text())
        await doctor(w)
        assert line(w, "Endpoint").startswith("✗")
        assert new_finding("webhook.not_restored").title in w.text()
        await w.press("p")
        await w.until(lambda: meta.app.subscriptions[0].callback_url == theirs.local_url)
        await asked(w, WELL)
        assert state.load("test").webhook.replaced == ()
        await w.press("escape")
        await w.until(lambda: isinstance(w.app.screen, WalkScreen))
        await w.until(lambda: "did not restore" not in w.text())


async def test_the_cause_is_in_sight_on_a_small_terminal(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, size=(80, 20)) as w:
        await opened(w)
        meta.app.subscriptions[:] = [Subscription(NOBODY, ("messages",))]
        await doctor(w)
        await w.until(lambda: any("▸ ✗  Registration" in row for row in w.text().splitlines()))
        assert w.app.screen.query_one("#why").has_class("-fail")
