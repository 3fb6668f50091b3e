"""How an answer differs from what was expected of it, and its shape, which holds no value.

What is expected is written as data: `text`, `digits`, `number`, `boolean`, `texts`, a list of the
words that may stand there, `~ pattern`, a list of one table for a list of such objects; a key with
`?` may be missing, one with `!` too, but then nothing is shown; and `*` is any key. What nothing
is said of may be there all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wizard.values.credentials import Secret
from wizard.values.redaction import redact

_KINDS = {
    "text": lambda value: isinstance(value, str),
    "digits": lambda value: isinstance(value, str) and value.isdigit(),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "texts": lambda value: isinstance(value, list) and all(isinstance(v, str) for v in value),
}
_CODES = {"code", "error_code", "error_subcode", "subcode", "status"}
_SENTENCES = {"message", "details", "error_description", "possible_solution"}
_NAMES = {"name", "verified_name", "application"}
_KEY = re.compile(r"(?=.{1,48}$)[A-Za-z][a-z]*(?:[_-][a-z]+)*")
_WORD = re.compile(r"[A-Z]+(?:_[A-Z]+)*|[A-Z][A-Za-z]+Exception|v\d{1,3}\.\d{1,2}")
"""Words of Meta's own that tell nothing of anybody."""
_PLACES = {"type": r"\([A-Za-z]+\)", "=": r"\d{1,3};?"}
_LEFT_OUT = "…"
_MARKS = "?!"


def differences(expected: object, answered: object, path: str = "") -> Iterator[str]:
    """In what the answer differs, in a sentence each, without any value."""
    if isinstance(expected, Mapping):
        yield from _in_object(expected, answered, path)
    elif isinstance(expected, list) and expected and isinstance(expected[0], Mapping):
        yield from _in_list(expected[0], answered, path)
    elif not _fits(expected, answered):
        yield f"{path or 'the answer'} is {_word(answered, expected)}, not {_wanted(expected)}"


def _in_object(expected: Mapping[str, Any], answered: object, path: str) -> Iterator[str]:
    if not isinstance(answered, Mapping):
        yield f"{path or 'the answer'} is {_word(answered, expected)}, not an object"
        return
    for key, inner in expected.items():
        if key == "*":
            if not answered:
                yield f"{path or 'the answer'} is empty"
            for value in answered.values():
                yield from differences(inner, value, f"{path}.*".lstrip("."))
            continue
        name = key.rstrip(_MARKS)
        below = f"{path}.{name}".lstrip(".")
        if name in answered:
            yield from differences(inner, answered[name], below)
        elif name == key:
            yield f"{below} is missing"


def _in_list(expected: object, answered: object, path: str) -> Iterator[str]:
    if not isinstance(answered, list):
        yield f"{path or 'the answer'} is {_word(answered, expected)}, not a list"
        return
    yield from dict.fromkeys(
        said for value in answered for said in differences(expected, value, f"{path}[]")
    )


def shows_nothing(expected: object, answered: object) -> bool:
    """Whether what was to show something is empty, or was left out as it may be."""
    if isinstance(expected, list) and expected and isinstance(expected[0], Mapping):
        return answered == []
    if not isinstance(expected, Mapping) or not isinstance(answered, Mapping):
        return False
    if any(key.endswith("!") and not answered.get(key.rstrip(_MARKS)) for key in expected):
        return True
    inner = ((wanted, answered.get(key.rstrip(_MARKS))) for key, wanted in expected.items())
    return any(shows_nothing(wanted, value) for wanted, value in inner)


def _fits(expected: object, answered: object) -> bool:
    if isinstance(expected, list):
        return answered in expected
    if isinstance(expected, str) and expected in _KINDS:
        return bool(_KINDS[expected](answered))
    if isinstance(expected, str) and expected.startswith("~ "):
        pattern = expected.removeprefix("~ ")
        return isinstance(answered, str) and re.search(pattern, answered) is not None
    return type(answered) is type(expected) and answered == expected


def _wanted(expected: object) -> str:
    if isinstance(expected, list):
        return f"one of {', '.join(expected)}"
    if isinstance(expected, str) and expected.startswith("~ "):
        return "in the expected words"
    return _bare(expected)


def _bare(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class ResponseRedactor:
    """Reduces answers to their shapes; what is secret, and every name seen, stands in none."""

    def __init__(self, secrets: Iterable[Secret] = ()) -> None:
        self._secrets = list(secrets)
        self._names = set[str]()

    def of(self, answered: object, expected: object = None, key: str = "") -> Any:
        """Keys and types; of values Meta's own words and codes, and of its sentences the words
        that are nobody's."""
        self._learn(answered)
        return self._shape(answered, expected, key)

    def _shape(self, answered: object, expected: object, key: str) -> Any:
        if isinstance(answered, Mapping):
            inner = expected if isinstance(expected, Mapping) else {}
            return {
                self._key(str(name), inner): self._shape(value, _under(inner, name), str(name))
                for name, value in answered.items()
            }
        if isinstance(answered, list):
            item = expected[0] if isinstance(expected, list) and expected else None
            shapes = [self._shape(value, item, key) for value in answered]
            return [shape for at, shape in enumerate(shapes) if shape not in shapes[:at]]
        if isinstance(answered, str) and key in _SENTENCES:
            return self._sentence(answered)
        if key in _CODES and _is_code(answered):
            return answered
        return answered if isinstance(answered, bool) else _word(answered, expected)

    def _sentence(self, text: str) -> str:
        said = redact(text, self._secrets).split()
        words = [
            word if self._may_stay(word, before) else _LEFT_OUT
            for before, word in zip(["", *said], said, strict=False)
        ]
        kept = (word for at, word in enumerate(words) if at == 0 or (words[at - 1], word) != _TWICE)
        return " ".join(kept)

    def _may_stay(self, word: str, before: str) -> bool:
        """Small words stay, and beside them what can only be Meta's: a kind of object, a short
        number that something equals."""
        metas = _PLACES.get(before)
        if metas is not None and re.fullmatch(metas, word):
            return True
        return re.fullmatch("[a-z_]+[.,:;]?|=", word) is not None and self._is_nobodys(word)

    def _key(self, name: str, expected: Mapping[str, Any]) -> str:
        """A key as it is, where it can be nobody's: in place of a key some answers have an ID."""
        if any(f"{name}{mark}" in expected for mark in ("", *_MARKS)):
            return name
        own = "*" not in expected and _KEY.fullmatch(name) and self._is_nobodys(name)
        return name if own and redact(name, self._secrets) == name else "*"

    def _is_nobodys(self, word: str) -> bool:
        return word.rstrip(".,:;").casefold() not in self._names

    def _learn(self, answered: object) -> None:
        if isinstance(answered, list):
            for value in answered:
                self._learn(value)
        elif isinstance(answered, Mapping):
            for key, value in answered.items():
                if key in _NAMES and isinstance(value, str):
                    self._names.update(re.findall(r"\w+", value.casefold()))
                self._learn(value)


_TWICE = (_LEFT_OUT, _LEFT_OUT)


def _under(expected: Mapping[str, Any], name: str) -> object:
    keys = (name, *(f"{name}{mark}" for mark in _MARKS), "*")
    return next((expected[key] for key in keys if key in expected), None)


def _word(value: object, expected: object) -> str:
    """A value's type; itself, where it is a word of Meta's own in a place for such a word."""
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, bool):
        return _bare(value)
    if isinstance(value, int | float):
        coded = isinstance(expected, int) and not isinstance(expected, bool)
        return str(value) if coded and _is_code(value) else "number"
    text, words = str(value), _words(expected)
    if words and (text in words or _WORD.fullmatch(text)):
        return text
    return "digits" if text.isdigit() else "text"


def _is_code(value: object) -> bool:
    """Codes of Meta's have seven digits at most; what is longer may be somebody's number."""
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**7


def _words(expected: object) -> list[str]:
    """The words that may stand there, where it is a place for such."""
    if isinstance(expected, str):
        free = expected in _KINDS or expected.startswith("~ ")
        return [] if free else [expected]
    return (
        [word for word in expected if isinstance(word, str)] if isinstance(expected, list) else []
    )
