"""Business-scoped user IDs: how a person is named who shares no number."""

from __future__ import annotations

import re

_USER_ID = re.compile(r"[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}")


def is_user_id(text: str) -> bool:
    """Whether this is a business-scoped user ID, or a parent one: a country, a dot, and up to 128
    letters and digits.

    https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
    """
    return _USER_ID.fullmatch(text) is not None


def looks_like_user_id(text: str) -> bool:
    """Whether somebody meant to write one: two letters and a dot come first."""
    return re.match(r"\s*[A-Za-z]{2}\.", text) is not None
