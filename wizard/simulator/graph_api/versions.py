"""Which Graph version answers when one is asked for.

https://developers.facebook.com/docs/graph-api/guides/versioning
"""

from __future__ import annotations

import re

from wizard.simulator.meta import Meta

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
    return max(asked, meta.oldest_version, key=_number)


def _existed(meta: Meta, version: str) -> bool:
    major, minor = _number(version)
    return (1, 0) <= (major, minor) <= _number(meta.newest_version) and minor <= _LAST_MINOR.get(
        major, 0
    )


def _number(version: str) -> tuple[int, int]:
    major, minor = version[1:].split(".")
    return int(major), int(minor)
