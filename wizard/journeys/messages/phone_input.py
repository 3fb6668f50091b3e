"""A recipient's number while it is typed: how it reads so far, and where it leads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from wizard import content
from wizard.journeys.messages.recipients import Recipient, RecipientError, read_recipient, region_of
from wizard.values.user_ids import looks_like_user_id

_FEW = 6
"""Digits up to which there is no judging a number."""
_MOST = 15
"""Digits of a number, in any country (ITU-T E.164)."""
_DIALLED = re.compile(r"[+\d\s().\-/]*")


@dataclass(frozen=True)
class PhoneInput:
    """A number as far as it is typed: the recipient once it is whole, or else what is `wrong`.

    `country` is a name, or nothing while there is no telling; `unfinished` is what more digits
    may still make a number.
    """

    recipient: Recipient | None = None
    country: str = ""
    wrong: str = ""
    unfinished: bool = False


def parse_phone_input(text: str, region: str | None = None) -> PhoneInput:
    """How the text reads, with its country's code or as it is dialled in `region`."""
    if not text.strip():
        return PhoneInput(unfinished=True)
    try:
        recipient = read_recipient(text, region)
    except RecipientError as error:
        count = sum(char.isdigit() for char in text)
        begun = bool(_DIALLED.fullmatch(text)) and count <= _FEW
        more = error.unfinished and (count < _MOST or looks_like_user_id(text))
        return PhoneInput(None, "", str(error), begun or more)
    return PhoneInput(recipient, country_of(recipient))


def format_as_you_type(text: str, region: str | None = None) -> str:
    """The text with the blanks and dashes that belong there so far; as it is where it holds more
    than people dial."""
    import phonenumbers

    digits = re.sub(r"[^+\d]", "", text)
    if not _DIALLED.fullmatch(text) or "+" in digits[1:] or not digits.isascii():
        return text
    formatter, shown = phonenumbers.AsYouTypeFormatter(region or "ZZ"), ""
    for digit in digits:
        shown = formatter.input_digit(digit)
    return shown.rstrip()


def country_of(recipient: Recipient) -> str:
    """The English name of the number's country, or of the user ID's; nothing for a number of no
    country's."""
    if recipient.is_user_id:
        return _countries().get(recipient.digits[:2], "")
    return _countries().get(region_of(f"+{recipient.digits}") or "", "")


@cache
def _countries() -> Mapping[str, str]:
    """Names by region: the library's own come with places of the whole world, 100 MB of them."""
    return tomllib.loads(content.read_text("countries.toml"))
