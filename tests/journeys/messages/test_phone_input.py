"""A number while it is typed: its blanks and dashes, its country, and what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import SUPPORTED_REGIONS, example_number_for_type, format_number
from phonenumbers import PhoneNumberFormat as Format
from phonenumbers import PhoneNumberType as Type

from tests.tables import each_line
from wizard.journeys.messages.phone_input import country_of, format_as_you_type, parse_phone_input
from wizard.journeys.messages.recipients import read_recipient


@each_line(
    ("typed", "region", "shown"),
    [
        ("+6281", None, "+62 81"),
        ("+62 812-34", None, "+62 812-34"),
        ("+6281234567890", "US", "+62 812-3456-7890"),
        ("+62 ", None, "+62"),
        ("081234567890", "ID", "0812-3456-7890"),
        ("6505550148", "US", "(650) 555-0148"),
        ("", None, ""),
        ("Budi", "ID", "Budi"),
        ("+1+2", None, "+1+2"),
        ("tel:+6281", None, "tel:+6281"),
    ],
)
def test_blanks_and_dashes_come_as_the_digits_do(
    typed: str, region: str | None, shown: str
) -> None:
    assert format_as_you_type(typed, region) == shown


@given(st.text("+0123456789 -().", max_size=30), st.sampled_from([None, "US", "ID"]))
def test_no_digit_is_lost_or_made_up(text: str, region: str | None) -> None:
    def digits(shown: str) -> str:
        return "".join(char for char in shown if char.isdigit() or char == "+")

    assert digits(format_as_you_type(text, region)) == digits(text)


@each_line("number", ["+6281234567890", "+16505550148", "+5491123456789", "+4915112345678"])
def test_nothing_is_wrong_with_a_number_while_digits_are_still_to_come(number: str) -> None:
    for length in range(1, len(number)):
        reading = parse_phone_input(number[:length])
        assert reading.recipient or reading.unfinished, number[:length]
    assert parse_phone_input(number).recipient == read_recipient(number)


@each_line("text", ["Budi", "+1 650 555 01 48 12", "+999 123 456"])
def test_what_no_digit_can_mend_is_told_at_once(text: str) -> None:
    reading = parse_phone_input(text, "ID")
    assert reading.recipient is None
    assert not reading.unfinished
    assert reading.wrong


@pytest.mark.parametrize("text", ["", "  "])
def test_nothing_typed_is_nothing_wrong(text: str) -> None:
    reading = parse_phone_input(text)
    assert (reading.wrong, reading.unfinished) == ("", True)


@each_line(
    ("number", "country"),
    [
        ("+16505550148", "United States"),
        ("+541123456789", "Argentina"),
        ("+5215512345678", "Mexico"),
        ("+551187654321", "Brazil"),
        ("+80012345678", ""),
    ],
)
def test_the_country_of_a_number_is_named(number: str, country: str) -> None:
    assert country_of(read_recipient(number)) == country


def test_every_country_that_numbers_are_known_of_has_a_name() -> None:
    for region in sorted(SUPPORTED_REGIONS):
        number = example_number_for_type(region, Type.MOBILE)
        if number is not None:
            to = read_recipient(format_number(number, Format.INTERNATIONAL))
            assert country_of(to), region
