"""Regular expressions for what is seldom met: one of some length takes a millisecond to compile."""

from __future__ import annotations

import re


class LatePattern:
    """A regular expression that is compiled when a text is first searched for it."""

    def __init__(self, pattern: str, flags: int = 0) -> None:
        self._pattern = pattern
        self._flags = flags

    def search(self, text: str) -> re.Match[str] | None:
        return re.search(self._pattern, text, self._flags)
