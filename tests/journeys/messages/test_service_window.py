"""Who wrote lately, and for how long they may be sent a text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.tables import each_line
from wizard.journeys.messages.recipients import read_recipient
from wizard.journeys.messages.service_window import RecentSenders
from wizard.webhook.events import InboundMessage

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
AYU = "6281234567890"


def wrote(
    sender: str = AYU,
    name: str = "Ayu",
    number_id: str = "1",
    at: datetime | None = None,
    *,
    sample: bool = False,
) -> InboundMessage:
    return InboundMessage("wamid.1", sender, name, "text", "halo", number_id, at, {}, sample)


def test_whoever_wrote_last_to_the_number_is_offered() -> None:
    writers = RecentSenders()
    assert writers.last("1") is None
    for one in (wrote(), wrote("16505550148", "Sheena"), wrote(), wrote("4915112345678", "", "2")):
        writers.handle_event(one, NOON)
    last = writers.last("1")
    assert last is not None
    assert (last.recipient.shown, last.name, last.at) == ("+62 812-3456-7890", "Ayu", NOON)


@each_line(
    "message",
    [wrote("US.13491208655302741918"), wrote(""), wrote("12"), wrote(sample=True)],
    ids=["business-scoped", "nobody", "no number", "sample"],
)
def test_who_shows_no_number_is_not_offered(message: InboundMessage) -> None:
    writers = RecentSenders()
    writers.handle_event(message, NOON)
    assert writers.last("1") is None


@each_line(("hours", "is_open"), [(0, True), (23.9, True), (24, False), (100, False)])
def test_the_window_is_open_for_24_hours(hours: float, is_open: bool) -> None:
    writers = RecentSenders()
    writers.handle_event(wrote(at=NOON), NOON + timedelta(days=30))
    now = NOON + timedelta(hours=hours)
    assert (writers.within("1", read_recipient(f"+{AYU}"), now) is not None) is is_open


def test_a_window_is_of_one_number_and_of_one_person_in_either_form() -> None:
    writers = RecentSenders()
    writers.handle_event(wrote("5491123456789"), NOON)
    assert writers.within("1", read_recipient("+541123456789"), NOON) is not None
    assert writers.within("2", read_recipient("+541123456789"), NOON) is None
    assert writers.within("1", read_recipient(f"+{AYU}"), NOON) is None


def test_a_name_does_nothing_to_a_terminal() -> None:
    writers = RecentSenders()
    writers.handle_event(wrote(name="\x1b[2JAyu\u202e"), NOON)
    last = writers.last("1")
    assert last is not None
    assert last.name.isprintable()


def test_a_crowd_is_forgotten_from_its_beginning() -> None:
    writers = RecentSenders()
    for number in range(600):
        writers.handle_event(wrote(f"62812345{number:05}"), NOON)
    assert writers.within("1", read_recipient("+6281234500599"), NOON) is not None
    assert writers.within("1", read_recipient("+6281234500000"), NOON) is None
