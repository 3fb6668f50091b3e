"""Numbers as people write them, and the two forms that some of them have."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tables import each_line
from wizard.journeys.messages.recipients import (
    RecipientError,
    is_international,
    other_form,
    read_recipient,
    region_of,
)


@each_line(
    ("typed", "region", "digits", "shown"),
    [
        ("+62 812-3456-7890", None, "6281234567890", "+62 812-3456-7890"),
        ("+62 (0)812 3456 7890", "US", "6281234567890", "+62 812-3456-7890"),
        ("0062 812 3456 7890", "US", "6281234567890", "+62 812-3456-7890"),
        ("  +1 (650) 555-0148 ", None, "16505550148", "+1 650-555-0148"),
        ("0812-3456-7890", "ID", "6281234567890", "+62 812-3456-7890"),
        ("(650) 555-0148", "US", "16505550148", "+1 650-555-0148"),
        ("6281234567890", "US", "6281234567890", "+62 812-3456-7890"),
        ("6281234567890", None, "6281234567890", "+62 812-3456-7890"),
        ("16505550148", "ID", "16505550148", "+1 650-555-0148"),
        ("+٦٢٨١٢٣٤٥٦٧٨٩٠", None, "6281234567890", "+62 812-3456-7890"),
        ("+5491123456789", None, "5491123456789", "+54 9 11 2345-6789"),
        ("+541123456789", None, "541123456789", "+54 11 2345-6789"),
        ("+5215512345678", None, "5215512345678", "+52 15512345678"),
        ("+525512345678", None, "525512345678", "+52 55 1234 5678"),
        ("+551187654321", None, "551187654321", "+55 1187654321"),
        ("+5511987654321", None, "5511987654321", "+55 11 98765-4321"),
        ("+39 06 698 12345", None, "390669812345", "+39 06 6981 2345"),
    ],
)
def test_a_number_is_read_as_people_write_it(
    typed: str, region: str | None, digits: str, shown: str
) -> None:
    recipient = read_recipient(typed, region)
    assert (recipient.digits, recipient.shown) == (digits, shown)


@each_line(
    ("typed", "region", "why", "instead"),
    [
        ("Budi", "ID", "This is not a phone number.", "such as +62 812-345-678."),
        ("", None, "This is not a phone number.", "the country code"),
        ("+999 1234", None, "This is not a phone number.", "the country code"),
        ("+1 650", None, "This is too short for a number of +1.", "such as +"),
        ("+1 650 555 01 48 12", None, "This is too long for a number of +1.", "such as +62"),
        ("111 111 1111", "US", "Numbers of +1 don't look like this.", "+1 201-555-0123."),
        ("0812-3456-7890", "US", "This is too long for a number of +1.", "the country code"),
        ("+0812-3456-7890", "ID", "This is not a phone number.", "Did you mean +62 812-3456-7890?"),
    ],
)
def test_what_is_no_number_is_told_why_and_what_to_write(
    typed: str, region: str | None, why: str, instead: str
) -> None:
    with pytest.raises(RecipientError) as caught:
        read_recipient(typed, region)
    said = str(caught.value)
    assert said.startswith(why)
    assert instead in said


@each_line("typed", ["+1 555 000 1234", "+44 7700 900123", "0062 812345"])
def test_a_number_that_its_countrys_plan_lacks_is_taken_with_a_doubt(typed: str) -> None:
    recipient = read_recipient(typed)
    assert recipient.digits == typed.replace(" ", "").lstrip("+0")
    assert recipient.doubt.endswith("don't look like this.")


@each_line(
    ("one", "other"),
    [
        ("5491123456789", "541123456789"),
        ("5215512345678", "525512345678"),
        ("5511987654321", "551187654321"),
    ],
)
def test_the_two_forms_lead_to_each_other(one: str, other: str) -> None:
    assert other_form(one) == other
    assert other_form(other) == one
    assert read_recipient(f"+{one}").other == read_recipient(f"+{other}")


@each_line("digits", ["16505550148", "6281234567890", "551123456789", "54911"])
def test_all_other_numbers_have_one_form(digits: str) -> None:
    assert other_form(digits) is None


@given(st.text(max_size=40), st.sampled_from([None, "US", "ID", "AR"]))
def test_whatever_is_typed_is_read_to_digits_or_refused(text: str, region: str | None) -> None:
    with suppress(RecipientError):
        recipient = read_recipient(text, region)
        assert re.fullmatch("[0-9]{5,17}", recipient.digits)
        assert recipient.shown.startswith("+")


@each_line(
    ("display", "region"),
    [
        ("+1 555-014-2233", "US"),
        ("+62 812-3456-7890", "ID"),
        ("6281234567890", "ID"),
        ("+800 1234 5678", None),
        ("?", None),
        ("", None),
    ],
)
def test_a_senders_region_is_told_from_its_number(display: str, region: str | None) -> None:
    assert region_of(display) == region


@each_line(("text", "expected"), [("+62", True), (" 0062", True), ("0812", False)])
def test_a_plus_or_two_noughts_bear_the_countrys_code(text: str, expected: bool) -> None:
    assert is_international(text) is expected
