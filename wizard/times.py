"""Spans of time in words."""

from __future__ import annotations


def in_words(seconds: float) -> str:
    """A span as a person says it, in its two largest units: `23 h 41 min`, `59 d 3 h`."""
    minutes = max(0, int(seconds // 60))
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    return f"{minutes} min" if minutes else "less than a minute"
