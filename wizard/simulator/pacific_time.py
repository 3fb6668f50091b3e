"""The dates in Meta's sentences, which are in Pacific time whatever the caller's place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_SUNDAY = 6
# Not strftime's %A and %b: those follow the locale of this machine. Not zoneinfo either:
# Windows has no time zone data of its own.
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def format_pacific(seconds: float) -> str:
    """Such as `Monday, 03-Nov-25 05:00:00 PST`."""
    utc = datetime.fromtimestamp(seconds, UTC)
    hours, zone = (-7, "PDT") if _is_summer(utc) else (-8, "PST")
    local = utc + timedelta(hours=hours)
    day, month = _DAYS[local.weekday()], _MONTHS[local.month - 1]
    return f"{day}, {local:%d}-{month}-{local:%y} {local:%H:%M:%S} {zone}"


def _is_summer(utc: datetime) -> bool:
    begins = _sunday(utc.year, 3, earliest=8).replace(hour=10)
    ends = _sunday(utc.year, 11, earliest=1).replace(hour=9)
    return begins <= utc < ends


def _sunday(year: int, month: int, earliest: int) -> datetime:
    day = datetime(year, month, earliest, tzinfo=UTC)
    return day + timedelta(days=_SUNDAY - day.weekday())
