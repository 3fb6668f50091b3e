"""ngrok's error codes as reasons, by their number: their words change between versions."""

from __future__ import annotations

import re

from wizard.tunnel.tunnel import Reason

# https://ngrok.com/docs/errors/
_NUMBERS: dict[Reason, tuple[int, ...]] = {
    Reason.AUTHTOKEN_MISSING: (4018, 6022, 302, 340),
    Reason.AUTHTOKEN_INVALID: (105, 106, 107, 300),
    Reason.ACCOUNT_UNVERIFIED: (123,),
    Reason.SESSION_LIMIT: (108, 324, 348, 349),
    Reason.ACCOUNT_POLICY: (115, 116),
    Reason.ACCOUNT_BLOCKED: (102, 103, 247, 3208, 8014),
    Reason.AGENT_TOO_OLD: (120, 121),
    Reason.ENDPOINT_IN_USE: (334, 6030),
    Reason.DOMAIN_NOT_ALLOWED: (313, 314, 315, 318, 319, 320, 326, 354, 15002, 15013),
    Reason.PROXY_REFUSED: (9009, 9010),
    Reason.OFFLINE: (3200,),
    Reason.UPSTREAM_DOWN: (8012, 3004),
    Reason.QUOTA: (702, 734, 725, 727),
    Reason.AGENT_FAILED: (810, 802, 800),
    Reason.BLOCKED: tuple(range(8000, 8012)),
}
CODES = {number: reason for reason, numbers in _NUMBERS.items() for number in numbers}


def find_code(*texts: str | None) -> str:
    """The first code in the texts, in their order; the empty string where there is none."""
    for text in texts:
        found = re.search(r"ERR_NGROK_[0-9]{1,6}", text or "")
        if found:
            return found.group()
    return ""


def reason_of(code: str, otherwise: Reason = Reason.AGENT_FAILED) -> Reason:
    """The reason of `ERR_NGROK_<number>`, which is also what public pages carry as a header."""
    number = code.removeprefix("ERR_NGROK_")
    return CODES.get(int(number), otherwise) if re.fullmatch("[0-9]{1,6}", number) else otherwise
