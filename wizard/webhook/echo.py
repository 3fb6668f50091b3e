"""Takes the query that was sent out of what came back: many servers repeat the URL they refuse."""

from __future__ import annotations

import re

_AND = r"(?:[?&]|&amp;|&#38;|%3F|%26|%253F|%2526|\\u0026|\\x26)?"
_NAME = r"hub(?:\.|%2E|%252E|_)(?:mode|challenge|verify_token)"
_IS = r"(?:=|%3D|%253D|\\u003d|&#61;|&#x3D;)"
_VALUE = r"(?:(?!%26|%2526|\\u0026|\\x26|&)[^\s\"'<>`])*"
_IN_A_URL = re.compile(f"{_AND}{_NAME}{_IS}{_VALUE}", re.IGNORECASE)
_PARSED = re.compile(
    r"[\"']?hub(?:\.|_)(?:mode|challenge|verify_token)[\"']?\s*(?::|=>)\s*"
    r"\[?\s*(?:\"[^\"]*\"|'[^']*'|\d+)\s*\]?\s*,?",
    re.IGNORECASE,
)
_SHOWN = re.compile(r"hub[._](mode|challenge|verify_token)", re.IGNORECASE)
_ALL = 3


def without_query(text: str) -> str:
    """The text without Meta's three parameters as they stand in a URL, whichever way that was
    escaped: as it is, for HTML, for JSON, or inside another URL."""
    return _IN_A_URL.sub("", text)


def without_parameters(text: str) -> str:
    """The same, also where a server shows the parameters as it has read them: where all three
    stand, whatever is around them."""
    left = _PARSED.sub("", without_query(text))
    shown = {match[1].lower() for match in _SHOWN.finditer(left)}
    return _SHOWN.sub("", left) if len(shown) == _ALL else left
