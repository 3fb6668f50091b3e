"""The parts of secrets that are worth hiding, in each way in which they can be written."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from wizard.values.encodings import (
    encodings,
    folded,
    rare_encodings,
    spellings,
    squeezed,
    words_of,
)

PART = 7
"""So many letters and digits in a row are a part worth hiding; of a short secret, one fewer."""
HINT = 6
"""The length of the shortest part."""
_SHORTEST = 3
_LONG = 14
_ID_DIGITS = 13
"""A number of so many digits is one of Meta's IDs or a phone number, and not part of a secret."""
_NUMBER_DIGITS = 10
_RARE = 9
"""Of a rare encoding the parts of so many characters that follow one another are known: all that
overlap would be half of what is known. A longer piece has one, and goes with all around it."""

_GAPS = frozenset(' \t\r\n"')
_WORD = re.compile(r"[^\W_]+")
_VOICED = re.compile(r"(?!.*[^aeiouy]{5}).*[aeiouy]")


class Parts:
    """The parts of secrets, by their sizes, in each way in which they can be written."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._bare: set[str] = set()
        self._words: set[str] = set()
        self._phrases: set[str] = set()
        self._plain: dict[int, set[str]] = {}
        self._encoded: dict[int, set[str]] = {}
        self._rare: dict[int, set[str]] = {_RARE: set()}
        for secret in secrets:
            self._learn(secret)

    def found(self, text: str) -> Iterator[tuple[int, int]]:
        """The places of some in a text in lower case."""
        bare = "".join(words_of(text))
        places = [at for word in _WORD.finditer(text) for at in range(*word.span())]
        for start, end in runs(bare, self._encoded):
            yield places[start], places[end - 1] + 1
        for start, end in runs(bare, self._rare):
            yield _around(text, places[start], places[end - 1] + 1)
        for start, end in runs(bare, self._plain):
            span = places[start], places[end - 1] + 1
            is_whole = self._is_whole(bare[start:end], text, *span)
            if is_whole or not self._is_ordinary(text, *span):
                yield span

    def _learn(self, secret: str) -> None:
        lower = folded(secret)
        self._words |= {word for word in re.split(r"[^a-z]+", lower) if _VOICED.match(word)}
        words = words_of(lower)
        if all(map(_is_word, words)):
            self._phrases.update(words)
        bare = squeezed(secret)
        if len(bare) < HINT:
            return
        self._bare |= {bare, bare[::-1]}
        for form, size in _plain_forms(secret, bare):
            _windows(self._plain, form, size)
        for form, size in encodings(_raw(secret)):
            _windows(self._encoded, form, size)
        for form in rare_encodings(_raw(secret)):
            self._rare[_RARE].update(_pieces(form, _RARE))
        # Digits stay digits in rot13, and a number alone may be an ID.
        rotated = dict[int, set[str]]()
        _windows(rotated, *_rotated(bare))
        self._encoded.setdefault(9, set()).update(
            part for part in rotated.get(9, ()) if not part.isdecimal()
        )

    def _is_whole(self, part: str, text: str, start: int, end: int) -> bool:
        """Whether this is all of a phrase, its words set apart otherwise, or much of one cut into
        others than its words. A word of the text's that is not all in it has an end of its own."""
        if len(part) < _LONG:
            return False
        near = _WORD.finditer(text, max(0, start - 64), min(len(text), end + 64))
        whole = (word[0] for word in near if start <= word.start() and word.end() <= end)
        return part in self._bare or any(
            word.isalpha() and word not in self._words for word in whole
        )

    def _is_ordinary(self, text: str, start: int, end: int) -> bool:
        """Whether nothing but IDs and words stands here, which a secret happens to share."""
        words = (
            word
            for word in _WORD.finditer(text, max(0, start - 64), min(len(text), end + 64))
            if word.end() > start and word.start() < end
        )
        return all(self._is_shared(word[0], word.span(), start, end) for word in words)

    def _is_shared(self, word: str, place: tuple[int, int], start: int, end: int) -> bool:
        shared = word[max(0, start - place[0]) : end - place[0]]
        if word.isdecimal():
            least = _ID_DIGITS if shared == word else _NUMBER_DIGITS
            return len(word) >= least
        part = shared != word and len(shared) < 6
        known = part or shared in self._words or any(shared in whole for whole in self._phrases)
        return word.isalpha() and known


def hints(secret: str) -> set[str]:
    """Of each part that is hidden a piece that stands in it wherever it begins: some hundred in the
    place of all parts, and a text without any of them has no part either."""
    bare = squeezed(secret)
    if len(bare) < HINT:
        return set()
    raw = _raw(secret)
    forms = (*_plain_forms(secret, bare), *encodings(raw), _rotated(bare))
    known = {
        form[at : at + HINT]
        for form, size in forms
        for at in range(0, len(form) - HINT + 1, size - HINT + 1)
    }
    return known.union(
        piece[:HINT] for form in rare_encodings(raw) for piece in _pieces(form, _RARE)
    )


def signs(lower: str) -> set[str]:
    """The parts of a secret with something else in them than letters and digits; those alone are
    looked for also where they stand apart."""
    if lower.isalnum() or len(lower) < 8 or all(map(_is_word, words_of(lower))):
        return set()
    parts = dict[int, set[str]]()
    _windows(parts, lower, PART)
    return {part for part in parts[PART] if not part.isalnum()}


def cut(text: str, size: int) -> set[str]:
    return {text[start : start + size] for start in range(len(text) - size + 1)}


def runs(text: str, windows: dict[int, set[str]]) -> Iterator[tuple[int, int]]:
    """Where windows follow one another without a gap."""
    for size, known in windows.items():
        begun = over = -1
        for start in range(len(text) - size + 1):
            if text[start : start + size] in known:
                if start > over:
                    if over > 0:
                        yield begun, over
                    begun = start
                over = start + size
        if over > 0:
            yield begun, over


def _plain_forms(secret: str, bare: str) -> Iterator[tuple[str, int]]:
    """Its letters and digits forwards and backwards, and how many in a row are worth hiding."""
    size = PART if len(bare) >= _LONG else HINT
    for form in spellings(secret):
        yield form, size
        yield form[::-1], size


def _rotated(bare: str) -> tuple[str, int]:
    return codecs.encode(bare, "rot13"), 9


def _raw(secret: str) -> bytes:
    return secret.encode(errors="surrogatepass")


def _pieces(form: str, size: int) -> Iterator[str]:
    """Whole ones, one after another."""
    return (form[at : at + size] for at in range(0, len(form) - size + 1, size))


def _is_word(text: str) -> bool:
    return text.isalpha() and len(text) <= 12 and _VOICED.match(text) is not None


def _windows(into: dict[int, set[str]], form: str, size: int) -> None:
    size = min(size, len(form))
    if size < _SHORTEST:
        return
    # Zeros in a row stand in IDs too. Of most parts a look at three characters tells that they are
    # of more than two.
    into.setdefault(size, set()).update(
        part
        for part in cut(form, size)
        if part[0] != part[1] != part[2] != part[0] or len(set(part)) > 2
    )


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The place with all that stands before and behind it without a blank or a quote."""
    before = next((at for at in range(start, 0, -1) if text[at - 1] in _GAPS), 0)
    behind = next((at for at in range(end, len(text)) if text[at] in _GAPS), len(text))
    return before, behind
