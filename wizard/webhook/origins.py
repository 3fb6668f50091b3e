"""Where a change in a body comes from: which field, which account, which number."""

from __future__ import annotations

from typing import NamedTuple

SAMPLE_NUMBER_ID = "123456123"
SAMPLE_ENTRY_ID = "0"
"""What the dashboard's "Test" button sends."""


class Origin(NamedTuple):
    """Of one change its field, the account that it is sent for, and the number it is about."""

    field: str
    account_id: str
    number_id: str
    has_messages: bool
