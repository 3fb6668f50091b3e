"""What Meta refuses or gives up, told with its cure, and the keys that mend it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

from tests.tui.conftest import Start, Wizard
from tests.tui.screens.send.sending import (
    SHOWN,
    TO,
    WAY,
    answered,
    followed,
    looked_over,
    sent,
    told,
    writing,
)
from wizard.findings import new_finding
from wizard.journeys.onboarding.chip import Chip
from wizard.journeys.onboarding.portal_layout import choose_layout
from wizard.simulator import SCENARIOS, Meta, scenario
from wizard.simulator.faults.message import ARGENTINE
from wizard.simulator.world.objects import Template
from wizard.tui.dialogs.choose import ChoiceModal
from wizard.tui.dialogs.pin import PinModal
from wizard.tui.screens.send.screen import SendScreen
from wizard.tui.screens.walk.screen import WalkScreen

Change: TypeAlias = Callable[[Meta], None]

PIN = "246810"
OTHER = "+54 11 2345-6789"
NAMES = [n for n, one in SCENARIOS.items() if one.asked_by == "send" and n != "message.delivered"]
LATER = {"message.window_closed", "message.failed"}
LATER |= {name for name in NAMES if name.endswith("/later")}
PAGES = "https://developers.facebook.com/"


def broken(name: str) -> dict[str, object]:
    """The world of a scenario's victim, for `wizard`."""
    meta, values = scenario(name)
    meta.dispatcher.pace = 0
    return {"meta": meta, "values": values}


def meta_of(world: dict[str, object]) -> Meta:
    meta = world["meta"]
    assert isinstance(meta, Meta)
    return meta


async def order_ready(w: Wizard) -> None:
    """Chooses the account's own template."""
    await writing(w)
    await w.press("ctrl+t")
    await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
    await w.press("enter")
    await w.until(lambda: "sends the template order_ready (id)" in w.text())


@pytest.mark.parametrize("name", NAMES)
async def test_each_of_metas_reasons_is_told_with_its_cure(wizard: Start, name: str) -> None:
    finding = new_finding(SCENARIOS[name].finding)
    async with wizard(**broken(name)) as w:
        if name in LATER:
            await followed(w)
        if name == "message.payment":
            await order_ready(w)
            await w.press("escape", "escape")
        to = f"+{ARGENTINE}" if finding.id == "message.recipient_rewritten" else TO
        await sent(w, to, "Halo" if finding.id == "message.window_closed" else "")
        await w.until(lambda: finding.title in w.text())
        assert finding.cause[:60] in w.text()
        assert told(w, "accepted") is (name in LATER)
        assert ("✗  failed" if name in LATER else "✗  rejected") in w.text()
        screen = w.app.screen
        assert screen.check_action("open", ()) is (finding.url is not None)
        assert screen.check_action("step", ()) is (finding.step is not None)
        if finding.step is not None:
            await w.press("g")
            assert isinstance(w.app.screen, WalkScreen)
            assert w.at == finding.step


async def test_the_other_form_of_a_number_is_sent_to_by_a_key_that_names_it(wizard: Start) -> None:
    async with wizard(**broken("message.recipient_rewritten")) as w:
        await followed(w)
        await sent(w, f"+{ARGENTINE}")
        assert f"f  send to {OTHER}: template hello_world (en_US)" in w.text()
        await w.press("f", "f", "f")
        await w.until(lambda: told(w, "accepted", *WAY))
        assert f"To       {OTHER}" in w.text()


async def test_where_the_list_holds_neither_form_there_is_no_going_to_and_fro(
    wizard: Start,
) -> None:
    world = broken("message.recipient_rewritten")
    meta_of(world).dispatcher.sending_rules.allowed_recipients.clear()
    async with wizard(**world) as w:
        await sent(w, f"+{ARGENTINE}")
        await w.press("f")
        await w.until(lambda: f"To       {OTHER}" in w.text())
        await w.until(lambda: new_finding("message.not_allowed_recipient").title in w.text())
        assert f"Neither {OTHER} nor +54 9 11 2345-6789 is on the list" in w.text()
        assert "f  send to" not in w.text()


async def test_a_recipient_who_was_put_on_the_list_is_sent_to_again_by_a_key(
    wizard: Start,
) -> None:
    world = broken("message.not_allowed_recipient")
    async with wizard(**world, size=(80, 24)) as w:
        await followed(w)
        await sent(w)
        assert "Add phone number" in w.text()
        meta_of(world).dispatcher.sending_rules.allowed_recipients.append(TO[1:])
        await w.press("a")
        await w.until(lambda: told(w, "accepted", *WAY))


async def test_a_text_outside_the_window_becomes_a_template_by_a_key(wizard: Start) -> None:
    async with wizard(**broken("message.window_closed")) as w:
        await followed(w)
        await sent(w, text="Halo")
        await w.until(lambda: f"t  send to {SHOWN}: template hello_world (en_US)" in w.text())
        await w.press("t")
        await w.until(lambda: told(w, "accepted", *WAY))
        assert "Message  template hello_world" in w.text()


async def test_the_number_is_registered_from_here_and_then_the_message_sent(wizard: Start) -> None:
    world = broken("message.not_registered")
    meta = meta_of(world)
    meta.waba.templates.append(Template("1", "order_ready", "id"))
    async with wizard(**world) as w:
        await order_ready_of_two(w)
        await looked_over_again(w)
        await w.press("enter")
        await answered(w)
        assert "r  register the number with its PIN" in w.text()
        await register(w, "12345")
        assert "A PIN has 6 digits" in w.text()
        assert w.onboarding.chip("phone_number_id") is Chip.FAILED
        await w.press("6", "enter")
        await w.until(lambda: new_finding("message.registered").title in w.text())
        await w.until(lambda: w.onboarding.chip("phone_number_id") is Chip.PASSED)
        await w.until(lambda: "Phone ✓" in w.text())
        assert "123456" not in w.text()
        assert meta.own_number.platform_type == "CLOUD_API"
        assert f"a  send it again to {SHOWN}" in w.text()
        await w.press("a")
        await w.until(lambda: told(w, "accepted"))


async def order_ready_of_two(w: Wizard) -> None:
    await writing(w)
    await w.press("ctrl+t")
    await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
    await w.press("down", "enter")
    await w.until(lambda: "sends the template order_ready (id)" in w.text())
    await w.press("escape", "escape")


async def looked_over_again(w: Wizard) -> None:
    await looked_over(w)
    assert "template order_ready (id)" in w.text()


async def register(w: Wizard, pin: str) -> None:
    await w.press("r")
    await w.until(lambda: isinstance(w.app.screen, PinModal))
    await w.press(*pin, "enter")


async def test_a_wrong_pin_is_told_and_asked_for_again_without_a_failed_message(
    wizard: Start,
) -> None:
    world = broken("message.not_registered")
    meta = meta_of(world)
    meta.dispatcher.sending_rules.pins[meta.own_number.id] = "111111"
    async with wizard(**world) as w:
        await writing(w)
        await w.press("escape")
        await register(w, PIN)
        await w.until(lambda: new_finding("message.pin_mismatch").title in w.text())
        assert PIN not in w.text()
        await register(w, "111111")
        await w.until(lambda: new_finding("message.registered").title in w.text())


@pytest.mark.parametrize("name", ["message.template_missing", "message.template_test_only"])
async def test_another_template_is_chosen_among_the_approved_ones_and_looked_over(
    wizard: Start, name: str
) -> None:
    world = broken(name)
    meta = meta_of(world)
    meta.waba.templates[:] = [Template("1", "order_ready", "id")]
    if name == "message.template_test_only":
        meta.waba.templates.append(Template("2", "hello_world", "en_US"))
    async with wizard(**world) as w:
        await sent(w)
        assert "^t  choose an approved template" in w.text()
        await w.press("ctrl+t")
        await w.until(lambda: isinstance(w.app.screen, ChoiceModal))
        await w.press("enter")
        await w.until(lambda: "enter  send it" in w.text())
        assert f"To       {SHOWN}" in w.text()
        assert "Message  template order_ready (id)" in w.text()
        await w.press("enter")
        await w.until(lambda: told(w, "accepted"))


async def test_hello_world_from_an_own_number_is_doubted_before_it_is_sent(wizard: Start) -> None:
    async with wizard(**broken("message.template_test_only")) as w:
        await writing(w)
        assert "^t  another template: hello_world works only from test numbers." in w.text()
        await w.press("escape", "escape")
        await looked_over(w)
        assert "!  hello_world works only from test numbers." in w.text()


async def test_the_page_of_a_cure_is_opened_by_a_key(
    wizard: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"):
        monkeypatch.delenv(name, raising=False)
    async with wizard(**broken("message.country_restricted")) as w:
        await choose_layout(w.onboarding, "new")
        await sent(w)
        await w.press("o")
        await w.until(lambda: not isinstance(w.app.screen, SendScreen))
        assert f"{PAGES}apps/{w.onboarding.values.app_id}/use_cases" in w.text()
        assert "api-testing-v2" in w.text()
