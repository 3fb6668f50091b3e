"""How far a message has come, whatever the order in which Meta says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wizard.findings import new_finding
from wizard.journeys.messages.messages import MessageDraft, SendResult
from wizard.journeys.messages.recipients import read_recipient
from wizard.journeys.messages.status import MessageTracker
from wizard.webhook.events import StatusUpdate

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = NOON + timedelta(seconds=2)
TO = read_recipient("+16505550148")
TAKEN = SendResult((new_finding("message.sent"),), "wamid.1")


def said(
    word: str, id_: str = "wamid.1", at: datetime | None = None, code: int | None = None
) -> StatusUpdate:
    return StatusUpdate(id_, TO.digits, word, "1", code, "Title" if code else "", at, {})


def track() -> MessageTracker:
    return MessageTracker(MessageDraft(TO), "1234567890123456")


def test_a_message_goes_word_by_word() -> None:
    one = track()
    one.answer(TAKEN, NOON)
    assert (one.id, one.answered_at, one.furthest, one.is_over) == ("wamid.1", NOON, 0, False)
    for number, word in enumerate(("sent", "delivered", "read"), start=1):
        assert not one.is_over
        one.handle_event(said(word), LATER)
        assert one.furthest == number
    assert one.is_over
    assert one.times == dict.fromkeys(("sent", "delivered", "read"), LATER)


def test_words_may_come_before_the_answer_and_in_any_order() -> None:
    one = track()
    one.handle_event(said("delivered"), NOON)
    one.handle_event(said("sent", at=LATER), NOON)
    one.handle_event(said("read", "wamid.2"), NOON)
    assert one.times == {}
    one.answer(TAKEN, NOON)
    assert one.times == {"delivered": NOON, "sent": LATER}
    assert one.furthest == 2


def test_what_was_read_was_delivered() -> None:
    one = track()
    one.answer(TAKEN, NOON)
    one.handle_event(said("read"), NOON)
    assert (one.furthest, one.is_over) == (3, True)


@pytest.mark.parametrize("id_", ["wamid.2", ""])
def test_another_messages_words_are_not_this_ones(id_: str) -> None:
    one = track()
    one.answer(TAKEN, NOON)
    one.handle_event(said("read", id_), NOON)
    assert one.times == {}


def test_a_word_said_twice_keeps_its_first_time() -> None:
    one = track()
    one.answer(TAKEN, NOON)
    one.handle_event(said("sent"), NOON)
    one.handle_event(said("sent"), LATER)
    assert one.times == {"sent": NOON}


def test_a_failure_is_named_by_its_code_with_the_page_of_this_very_app() -> None:
    one = track()
    one.handle_event(said("failed", code=130497), NOON)
    one.answer(TAKEN, NOON)
    assert one.is_over
    assert one.failed is not None
    assert one.failed.id == "message.country_restricted"
    assert "/apps/1234567890123456/" in (one.failed.url or "")


def test_what_meta_did_not_take_is_over_and_no_word_is_its_own() -> None:
    one = track()
    one.handle_event(said("read", ""), NOON)
    one.answer(SendResult((new_finding("message.payment"),)), NOON)
    one.handle_event(said("read", ""), NOON)
    assert (one.is_over, one.times) == (True, {})
