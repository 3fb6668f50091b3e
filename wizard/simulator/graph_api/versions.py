"""Which Graph version answers when one is asked for.

https://developers.facebook.com/docs/graph-api/guides/versioning
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from wizard.simulator.meta import Meta

_ENDS = {
    "v21.0": date(2027, 1, 21),
    "v22.0": date(2027, 5, 20),
    "v23.0": date(2027, 10, 8),
    "v24.0": date(2028, 2, 18),
    "v25.0": date(2028, 7, 29),
    "v26.0": date(2028, 11, 4),
}
"""The day from which each version is not served any more; v20.0 ended on 2026-09-24, and v26.0 ends
two years after v27.0 came: https://developers.facebook.com/docs/graph-api/changelog/versions/"""
_LAST_MINOR = {1: 0, 2: 12, 3: 3}


def is_version(part: str) -> bool:
    return re.fullmatch(r"v\d+\.\d+", part) is not None


def answering(meta: Meta, asked: str | None) -> str | None:
    """The version that serves the call, or `None` where the asked one never existed.

    A retired version is served by the oldest one in use, and nothing but a header says so.
    """
    if asked is None:
        return meta.newest_version
    if not _existed(meta, asked):
        return None
    return max(asked, oldest_version(meta), key=_number)


def oldest_version(meta: Meta) -> str:
    """The oldest version that has not ended yet."""
    today = datetime.fromtimestamp(meta.now(), UTC).date()
    in_use = (version for version, end in _ENDS.items() if today < end)
    return meta.oldest_version or next(in_use, meta.newest_version)


def _existed(meta: Meta, version: str) -> bool:
    major, minor = _number(version)
    return (1, 0) <= (major, minor) <= _number(meta.newest_version) and minor <= _LAST_MINOR.get(
        major, 0
    )


def _number(version: str) -> tuple[int, int]:
    major, minor = version[1:].split(".")
    return int(major), int(minor)
