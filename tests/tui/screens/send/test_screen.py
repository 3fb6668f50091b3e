"""A message on screen: looked over, sent on a second enter, followed to the phone."""

from __future__ import annotations

import pytest

from tests.tui.conftest import Start
from tests.tui.screens.send.sending import (
    SHOWN,
    TO,
    WAY,
    answered,
    followed,
    looked_over,
    messages,
    paste_to,
    sent,
    told,
    writing,
)
from tests.tui.screens.webhook.playing import Pretended, deliver, message, secret
from wizard.findings import new_finding
from wizard.simulator import Meta
from wizard.simulator.world.people import HIDDEN
from wizard.simulator.world.state import Outage
from wizard.tui.screens.doctor.screen import DoctorScreen
from wizard.tui.screens.send.screen import SendScreen
from wizard.tui.screens.walk.screen import WalkScreen
from wizard.tui.screens.webhook.screen import WebhookScreen
from wizard.values.credentials import Values

ENTER = "enter  send it"


@pytest.fixture
def meta() -> Meta:
    pretended = Meta()
    pretended.dispatcher.pace = 0
    return pretended


# Writing


async def test_a_number_is_formatted_and_judged_while_it_is_typed(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values, size=(80, 24)) as w:
        await writing(w)
        assert "+1 555-014-2233 (Test Number)   a test number" in w.text()
        await w.press("plus", *"62812345")
        assert "+62 812-345" in w.text()
        assert "✗" not in w.text()
        await w.press(*"67890")
        assert "✓ +62 812-3456-7890   Indonesia" in w.text()
        await w.press(*["backspace"] * 3)
        assert "+62 812-3456-7\n" in "\n".join(line.strip() for line in w.text().splitlines())
        await w.press(*"890123456789012")
        assert "✗ This is not a phone number." in w.text()
        await w.press("enter")
        assert ENTER not in w.text()


async def test_a_number_that_nobody_knows_the_like_of_may_be_sent_to_with_a_doubt(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await writing(w)
        await paste_to(w, "+15550001234")
        assert "✓ +1" not in w.text()
        await w.press("enter")
        await w.until(lambda: ENTER in w.text())
        assert "!  Numbers of +1 don't look like this." in w.text()


async def test_a_number_without_a_plus_is_dialled_as_where_the_sender_is_at_home(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values) as w:
        await writing(w)
        await paste_to(w, "6505550148")
        assert f"✓ {SHOWN}   United States" in w.text()


async def test_who_wrote_last_is_filled_in_by_a_key_and_may_be_sent_a_text(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await followed(w)
        await deliver(w, message("halo"), secret(values))
        await writing(w)
        assert "^g  +62 812-3456-7890 (Ayu), who wrote last" in w.text()
        assert "the 24-hour window may be closed" in w.text()
        await w.press("ctrl+g")
        assert "✓ +62 812-3456-7890   Indonesia" in w.text()
        assert "the 24-hour window is open until" in w.text()
        await w.press("tab", *"Hi", "enter")
        await w.until(lambda: ENTER in w.text())
        assert 'text "Hi"' in w.text()
        assert "may fail" not in w.text()


async def test_the_demo_offers_its_phone_so_that_nothing_has_to_be_typed(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, portal=Pretended) as w:
        await followed(w)
        await writing(w)
        assert f"^g  {SHOWN}, a simulated phone of the demo" in w.text()
        await w.press("ctrl+g", "enter")
        await w.until(lambda: ENTER in w.text())
        await w.press("enter")
        await w.until(lambda: told(w, "accepted", *WAY))


async def test_a_customer_without_a_number_is_answered_by_keys(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values, portal=Pretended) as w:
        await followed(w)
        await w.press("w")
        await w.until(lambda: isinstance(w.app.screen, WebhookScreen))
        await w.press("M")
        await w.until(lambda: 'Noor  "halo"' in w.text())
        await w.press("s")
        await w.until(lambda: isinstance(w.app.screen, SendScreen) and HIDDEN.user_id in w.text())
        assert "Noor wrote" in w.text()
        await w.press("tab", *"Hi", "enter")
        await w.until(lambda: ENTER in w.text())
        assert f"To       {HIDDEN.user_id}   United States" in w.text()
        await w.press("enter")
        await w.until(lambda: told(w, "accepted", *WAY))


# Sending


async def test_one_enter_sends_nothing_and_two_send_once(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await followed(w)
        await looked_over(w)
        assert f"To       {SHOWN}   United States" in w.text()
        assert "From     +1 555-014-2233 (Test Number)" in w.text()
        assert "Message  template hello_world (en_US)" in w.text()
        await meta.dispatcher.idle()
        assert not messages(w)
        await w.press("escape")
        assert ENTER not in w.text()
        await w.press("enter")
        await w.until(lambda: ENTER in w.text())
        await w.press("enter", "enter", "enter", "enter")
        await w.until(lambda: told(w, *WAY))
        await meta.dispatcher.idle()
        assert len(messages(w)) == 1


async def test_enters_that_come_before_the_recipient_is_seen_send_nothing(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await writing(w)
        await paste_to(w, TO)
        screen = w.app.screen
        assert isinstance(screen, SendScreen)
        screen.action_look_over()
        assert screen.check_action("send", ()) is False
        screen.action_send()
        await w.until(lambda: ENTER in w.text())
        assert screen.check_action("send", ()) is True


async def test_a_message_is_followed_to_read_with_the_time_of_each_word(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.dispatcher.sending_rules.last_heard[values.phone_number_id or "", TO[1:]] = meta.now()
    async with wizard(meta=meta, values=values, size=(80, 24)) as w:
        await followed(w)
        await looked_over(w, text="Halo")
        assert "window may be closed, so a text may fail" in w.text()
        await w.press("enter")
        await w.until(lambda: told(w, "accepted", *WAY))
        said = [line.split() for line in w.text().splitlines() if line.strip().startswith("✓")]
        assert [line[1] for line in said] == ["accepted", *WAY]
        assert all(len(line[2].split(":")) == 3 for line in said)


async def test_a_message_under_way_is_there_again_when_one_comes_back(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.dispatcher.pace = 0.3
    async with wizard(meta=meta, values=values) as w:
        await followed(w)
        await sent(w)
        await w.press("escape")
        assert isinstance(w.app.screen, WalkScreen)
        await meta.dispatcher.idle()
        await w.press("m")
        await w.until(lambda: told(w, "accepted", *WAY))
        await w.press("n")
        await w.until(lambda: "sends the template hello_world (en_US)" in w.text())
        assert f"✓ {SHOWN}" in w.text()


async def test_without_a_webhook_it_says_so_and_leads_there_and_back(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await looked_over(w)
        assert "delivery can't be tracked.  w start one" in w.text()
        await w.press("enter")
        await answered(w)
        assert told(w, "accepted")
        assert "delivery can't be tracked.  w start one" in w.text()
        assert "waiting for status" not in w.text()
        await w.press("w")
        assert isinstance(w.app.screen, WebhookScreen)
        await w.press("escape")
        assert isinstance(w.app.screen, SendScreen)
        assert told(w, "accepted")


async def test_silence_is_told_of_after_a_while_and_the_doctor_is_a_key_away(
    wizard: Start, meta: Meta, values: Values
) -> None:
    meta.dispatcher.pace = 60
    async with wizard(meta=meta, values=values) as w:
        await followed(w)
        w.webhook.message.patience *= 0
        await sent(w)
        await w.until(lambda: new_finding("message.pending").title in w.text())
        assert "waiting for status" in w.text()
        await w.press("d")
        assert isinstance(w.app.screen, DoctorScreen)


async def test_without_an_answer_nothing_is_sent_again_by_itself(
    wizard: Start, meta: Meta, values: Values
) -> None:
    async with wizard(meta=meta, values=values) as w:
        await followed(w)
        await looked_over(w)
        meta.outage = Outage.CUT_SHORT
        await w.press("enter")
        await answered(w)
        assert "the message may have been sent" in w.text()
        assert f"a  send it again to {SHOWN}, after confirmation" in w.text()
        meta.outage = None
        await w.press("enter", "enter")
        await meta.dispatcher.idle()
        assert not messages(w)
        await w.press("a", "a", "a")
        await w.until(lambda: ENTER in w.text())
        await meta.dispatcher.idle()
        assert not messages(w)
        await w.press("enter")
        await w.until(lambda: told(w, *WAY))
        assert len(messages(w)) == 1


async def test_why_nothing_can_be_sent_is_told_before_anything_is_written(
    wizard: Start, values: Values
) -> None:
    async with wizard(values=values.with_("access_token", None)) as w:
        await writing(w)
        assert new_finding("access_token.missing").title in w.text()
        await paste_to(w, TO)
        await w.press("enter")
        await w.until(lambda: "It can't be sent." in w.text())
        await w.press("enter", "g")
        assert isinstance(w.app.screen, WalkScreen)
        assert w.at == "7.1"
