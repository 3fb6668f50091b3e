"""A recipient's number: read as people write it, and the other form it may have at WhatsApp."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.values.user_ids import is_user_id, looks_like_user_id

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_FORMS = (
    (re.compile(r"(54)(9?)(\d{10})"), "9"),
    (re.compile(r"(52)(1?)(\d{10})"), "1"),
    (re.compile(r"(55\d\d)(9?)([6-9]\d{7})"), "9"),
)
"""Argentina, Mexico and Brazil: a mobile number is known with this digit and without it."""


class RecipientError(ValueError):
    """This is no number that WhatsApp can know; the text says why, and what to write instead.

    `unfinished` where more digits may make it one."""

    def __init__(self, text: str, *, unfinished: bool = False) -> None:
        super().__init__(text)
        self.unfinished = unfinished


@dataclass(frozen=True)
class Recipient:
    """`digits` are what Meta is given, with the country's code, or else the business-scoped user
    ID of somebody who shares no number; `shown` is for people, and so is the `doubt`, where the
    plan of its country has no such number."""

    digits: str
    shown: str
    doubt: str = ""

    @property
    def is_user_id(self) -> bool:
        """Whether it is a user ID, and no number."""
        return is_user_id(self.digits)

    @property
    def other(self) -> Recipient | None:
        """The other form of the same number; `None` where there is only one."""
        digits = other_form(self.digits)
        return Recipient(digits, _shown(_parsed(f"+{digits}"))) if digits else None


def read_recipient(text: str, region: str | None = None) -> Recipient:
    """The number, with its country's code or as it is dialled in `region`, such as `ID`.

    Without a plus sign the region's own reading goes first. A business-scoped user ID stays as it
    is. Raises `RecipientError`.
    """
    if looks_like_user_id(text):
        return _by_user_id(text.strip())
    typed = re.sub(r"^\s*00", "+", text)
    whole = is_international(typed)
    readings = [_parsed(typed, region)] if whole else _readings(typed, region)
    good = next((number for number in readings if _is_number(number)), None)
    if good is not None:
        return Recipient(_digits(good), _shown(good))
    first = readings[0]
    if whole and first is not None and _is_possible(first):
        # Plans of numbers change before the library knows: Meta has the last word.
        return Recipient(_digits(first), _shown(first), _unknown(first))
    fault, unfinished = _fault(first)
    raise RecipientError(f"{fault} {_hint(typed, region)}", unfinished=unfinished)


def _by_user_id(text: str) -> Recipient:
    if is_user_id(text):
        return Recipient(text, text)
    raise RecipientError(
        "This is not a user ID. Write two capital letters, a dot, and up to 128 letters or digits.",
        unfinished=is_user_id(f"{text}1"),
    )


def is_international(text: str) -> bool:
    """Whether the text bears a country's code for sure, so that no region is needed: a number
    with its code, or a user ID."""
    return looks_like_user_id(text) or text.lstrip().startswith(("+", "00", "tel:+"))


def region_of(display: str) -> str | None:
    """The region of a number as Meta shows it: `US`, `ID`; `None` where there is no telling."""
    import phonenumbers

    number = _parsed(display if is_international(display) else f"+{display}")
    if number is None or number.country_code is None:
        return None
    # Meta's test numbers are fictitious, so that only their country's code tells anything.
    region = phonenumbers.region_code_for_number(number)
    region = region or phonenumbers.region_code_for_country_code(number.country_code)
    return region if re.fullmatch("[A-Z]{2}", region) and region != "ZZ" else None


def other_form(digits: str) -> str | None:
    """The digits of the other form that this number has, if it has one: WhatsApp may know it by
    the one, while a test number's list of recipients keeps the one that was typed."""
    for pattern, extra in _FORMS:
        if match := pattern.fullmatch(digits):
            return f"{match[1]}{'' if match[2] else extra}{match[3]}"
    return None


def _readings(typed: str, region: str | None) -> list[PhoneNumber | None]:
    national = [_parsed(typed, region)] if region else []
    return [*national, _parsed(f"+{typed.strip()}")]


def _parsed(text: str, region: str | None = None) -> PhoneNumber | None:
    import phonenumbers

    try:
        return phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None


def _is_number(number: PhoneNumber | None) -> bool:
    """Whether it is one by its country's plan, or the other form of one."""
    import phonenumbers

    if number is None:
        return False
    other = other_form(_digits(number))
    alike = _parsed(f"+{other}") if other else None
    return any(one and phonenumbers.is_valid_number(one) for one in (number, alike))


def _fault(number: PhoneNumber | None) -> tuple[str, bool]:
    """What is wrong with it, and whether more digits may mend it."""
    import phonenumbers
    from phonenumbers import ValidationResult

    if number is None:
        return "This is not a phone number.", False
    code = f"+{number.country_code}"
    match phonenumbers.is_possible_number_with_reason(number):
        case ValidationResult.TOO_SHORT:
            return f"This is too short for a number of {code}.", True
        case ValidationResult.TOO_LONG:
            return f"This is too long for a number of {code}.", False
    return _unknown(number), _may_grow(number)


def _unknown(number: PhoneNumber) -> str:
    return f"Numbers of +{number.country_code} don't look like this."


def _is_possible(number: PhoneNumber) -> bool:
    """Whether it has as many digits as a number of its country."""
    import phonenumbers

    return phonenumbers.is_possible_number(number)


def _may_grow(number: PhoneNumber) -> bool:
    """Whether the country has numbers with more digits than this one."""
    import phonenumbers

    longer = phonenumbers.PhoneNumber(
        country_code=number.country_code, national_number=(number.national_number or 0) * 10
    )
    too_long = phonenumbers.ValidationResult.TOO_LONG
    return bool(phonenumbers.is_possible_number_with_reason(longer) != too_long)


def _hint(typed: str, region: str | None) -> str:
    """What may have been meant, or else how a number is to be written."""
    meant = _parsed(typed.replace("+", ""), region) if region else None
    if meant is not None and _is_number(meant):
        return f"Did you mean {_shown(meant)}?"
    return f"Add the country code, such as {_example(region)}."


def _example(region: str | None) -> str:
    import phonenumbers
    from phonenumbers import PhoneNumberType

    example = phonenumbers.example_number_for_type(region or "ID", PhoneNumberType.MOBILE)
    return _shown(example)


def _digits(number: PhoneNumber) -> str:
    import phonenumbers

    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).lstrip("+")


def _shown(number: PhoneNumber | None) -> str:
    import phonenumbers

    if number is None:
        return ""
    bare = phonenumbers.PhoneNumber(
        country_code=number.country_code,
        national_number=number.national_number,
        italian_leading_zero=number.italian_leading_zero,
        number_of_leading_zeros=number.number_of_leading_zeros,
    )
    return phonenumbers.format_number(bare, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
