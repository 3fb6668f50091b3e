"""The secrets of these tests, every form that one may come in, and the search for them."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from urllib.parse import quote, unquote

from tests.cli.world import VALUES

AUTHTOKEN = "2NdQbV8xTz5pWkLmY3RjHc7sFg_4vKq9ZtXr6BnMw1PyDe"
NEXT_TOKEN = "EAAKq7ZtPv3WmXc9RbLs4NyHd8FgJj2TkUe5iOa6uQzBxViCrMpLwEoSn7DhGf1Yt"
CANARIES: Mapping[str, str] = {
    "app_secret": VALUES["app_secret"],
    "access_token": VALUES["access_token"],
    "verify_token": 'Vt9/+kQ é"zW7\\pL4&mX2=bN8%cR5',
    "ngrok_authtoken": AUTHTOKEN,
    "another token": NEXT_TOKEN,
}
_PIECE, _OF_BASE64, _OF_HEX = _SIZES = (7, 12, 14)
_WORD = re.compile(r"[^\W_]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})|\\(.)")


def _grouped(text: str) -> str:
    return " ".join(text[at : at + _PIECE] for at in range(0, len(text), _PIECE))


FORMS: Mapping[str, Callable[[str], str]] = {
    "whole": str,
    "sevens": _grouped,
    "a piece": lambda text: text[5 : 5 + 2 * _PIECE],
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "upper case": str.upper,
    "lower case": str.lower,
    "reversed": lambda text: text[::-1],
    "in an address": lambda text: quote(text, safe=""),
    "escaped whole": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "in JSON": lambda text: json.dumps(text)[1:-1],
    "in JSON whole": lambda text: "".join(f"\\u{ord(char):04x}" for char in text),
    "in HTML": lambda text: "".join(f"&#{ord(char)};" for char in text),
}


def told(form: str, names: Iterable[str] = CANARIES) -> str:
    """These in this form, as a careless server would tell them."""
    return ", ".join(FORMS[form](CANARIES[name]) for name in names)


def found(text: str, names: Iterable[str] = CANARIES) -> list[str]:
    """Which of the secrets stand in the text, with the form in which they do.

    Whole or in pieces of seven, forwards and backwards, without regard to case or to what stands
    between letters; also once the text's escapes are undone, and in base64 and hex.
    """
    views = {_squeezed(view) for view in _unescaped(text)}
    there = {size: _windows(views, size) for size in _SIZES}
    return [
        f"{name}, {form}"
        for name in names
        for form, (size, pieces) in _pieces(name).items()
        if not pieces.isdisjoint(there[size])
    ]


def _squeezed(text: str) -> str:
    return "".join(_WORD.findall(text.lower()))


def _unescaped(text: str) -> Iterable[str]:
    yield text
    yield _ESCAPED.sub(_one_escape, text)
    yield unquote(text)
    yield html.unescape(text)


def _one_escape(match: re.Match[str]) -> str:
    digits = match[1] or match[2]
    return chr(int(digits, 16)) if digits else match[3]


@cache
def _pieces(name: str) -> Mapping[str, tuple[int, frozenset[str]]]:
    """What must stand nowhere, and how long each is: windows that no other text has by chance."""
    text = CANARIES[name]
    plain, raw = _squeezed(text), text.encode()
    shifted = [base64.b64encode(b"\0" * n + raw).decode()[4 if n else 0 :] for n in range(3)]
    forms = {
        "in pieces": (_PIECE, [plain]),
        "reversed": (_PIECE, [plain[::-1]]),
        "base64": (_OF_BASE64, [_squeezed(one[:-4]) for one in shifted]),
        "hex": (_OF_HEX, [raw.hex()]),
    }
    return {form: (size, _windows(texts, size)) for form, (size, texts) in forms.items()}


def _windows(texts: Iterable[str], size: int) -> frozenset[str]:
    return frozenset(text[at : at + size] for text in texts for at in range(len(text) - size + 1))
