"""Spans of time in words."""

from __future__ import annotations

_DAY = 86400
_WHOLE = {"temporary": _DAY, "long-lived": 60 * _DAY, "system user": 60 * _DAY}
"""Seconds that Meta gives a token of each kind, where it ends at all."""
_FURTHEST = 10 * 365 * _DAY


def known_end(expires_at: int | None, now: float) -> int | None:
    """When a token ends, in unix seconds; 0 means never, `None` that it is not known. What lies
    ten years ahead is no end of Meta's, whose tokens end within some 60 days or never:
    https://developers.facebook.com/docs/facebook-login/guides/access-tokens/get-long-lived"""
    return None if expires_at is not None and expires_at - now > _FURTHEST else expires_at


def in_words(seconds: float) -> str:
    """A span as a person says it, in its two largest units: `23 h 41 min`, `59 d 3 h`."""
    minutes = max(0, int(seconds // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"


def share_left(kind: str | None, seconds: float) -> float:
    """How much of a token's life is left, from 0 to 1, by its kind's usual length."""
    return min(1.0, max(0.0, seconds / _WHOLE.get(kind or "", _DAY)))


def bar(share: float, width: int = 20, signs: str = "█░") -> str:
    """A share from 0 to 1 as a row of blocks; empty only where nothing is left."""
    filled = max(1, round(share * width)) if share > 0 else 0
    return signs[0] * filled + signs[1] * (width - filled)
