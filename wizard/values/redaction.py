"""Takes secrets out of text that somebody else wrote, in whatever form they stand there."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from wizard.values.credentials import MASK, Secret
from wizard.values.encodings import (
    View,
    encoded_parts,
    encodings,
    folded,
    levels,
    rare_encodings,
    spellings,
    squeezed,
    views,
    words_of,
)

_PART = 7
"""So many letters and digits in a row are a part worth hiding; of a short secret, one fewer."""
_SHORTEST = 3
_HEAD = 6
_LONG = 14
_ID_DIGITS = 13
"""A number of so many digits is one of Meta's IDs or a phone number, and not part of a secret."""
_NUMBER_DIGITS = 10
_SHORT, _KEPT = 64, 1024
"""Of events the names, types and IDs come again and again: so many texts, no longer than that."""
_RARE = 9
"""Of a rare encoding the parts of so many characters that follow one another are known: all that
overlap would be half of what is known. A longer piece has one, and goes with all around it."""
_NESTED = 3
"""So many encodings, one inside another, are looked through."""

_GAPS = frozenset(' \t\r\n"')

_APP_TOKEN = re.compile(r"^[0-9]+\|(?=.)")
_ANY_TOKEN = re.compile(r"EAA[A-Za-z0-9_-]{5,}")
_ANY_AUTHTOKEN = re.compile(r"(?i)(your authtoken:\s*)\S+|(authtoken[= ])(?!\w+ )[\w-]{20,}")
_WORD = re.compile(r"[^\W_]+")
_VOICED = re.compile(r"(?!.*[^aeiouy]{5}).*[aeiouy]")


def redact(text: str, secrets: Iterable[Secret] = ()) -> str:
    """The text without these secrets and without what looks like a token.

    They are found whole and in parts of seven characters; in other cases and letters, reversed, in
    groups, as lists of numbers, in base64, base32, base85 and hex, packed, and escaped as in an
    address, in JSON, in HTML and in source code. IDs stay, and words that a secret has in common
    with the text.
    """
    return redactor(secrets).redact(text)


def redactor(secrets: Iterable[Secret]) -> Redactor:
    """One that knows these; the last few are kept, as making one takes a millisecond."""
    return _made(frozenset(map(_without_app_id, secrets)))


@lru_cache(maxsize=32)
def _made(secrets: frozenset[Secret]) -> Redactor:
    return Redactor(secrets)


def _without_app_id(secret: Secret) -> Secret:
    """Of an app token, App ID and App Secret with a bar between them, what is secret."""
    bare = _APP_TOKEN.sub("", secret.reveal())
    return secret if len(bare) == len(secret) else Secret(bare)


class Redactor:
    """Takes these secrets out of texts. Use `redactor`."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._whole: set[str] = set()
        self._bare: set[str] = set()
        self._words: set[str] = set()
        self._plain: dict[int, set[str]] = {}
        self._encoded: dict[int, set[str]] = {}
        self._rare: dict[int, set[str]] = {_RARE: set()}
        self._phrases: set[str] = set()
        self._signs: dict[int, set[str]] = {}
        for secret in secrets:
            self._learn(secret.reveal())
        windows = (*self._plain.values(), *self._encoded.values(), *self._rare.values())
        self._heads = {window[:_HEAD] for known in windows for window in known}
        self._redact_short = lru_cache(_KEPT)(self.redact)

    def redact(self, text: str) -> str:
        """The text, each secret in it replaced by the mask."""
        hidden = bytearray(len(text))
        for start, end in self._spans(text):
            hidden[start:end] = b"\1" * (end - start)
        if any(hidden):
            shown = "".join("\0" if gone else char for char, gone in zip(text, hidden, strict=True))
            text = re.sub("\0+", MASK, shown)
        text = _ANY_TOKEN.sub(MASK, text)
        return _ANY_AUTHTOKEN.sub(lambda found: f"{found[1] or found[2]}{MASK}", text)

    def redact_all(self, value: Any) -> Any:
        """The same for every text in a value as `json` reads and writes it."""
        if isinstance(value, str):
            return self._redact_short(value) if len(value) <= _SHORT else self.redact(value)
        if isinstance(value, dict):
            return {self.redact_all(key): self.redact_all(part) for key, part in value.items()}
        if isinstance(value, list):
            parts = [self.redact_all(part) for part in value]
            return [MASK] if self._holds_pieces(parts) else parts
        if isinstance(value, int | float) and self._redact_short(str(value)) != str(value):
            return MASK
        return value

    def _holds_pieces(self, parts: list[Any]) -> bool:
        """Whether characters, bytes or pieces of one stand here one after another."""
        if len(parts) < 2 or any(isinstance(part, dict | list) for part in parts):
            return False
        together = " ".join(str(part) for part in parts if part != MASK)
        return self.redact(together) != together

    def _learn(self, secret: str) -> None:
        lower = folded(secret)
        self._whole |= {form for form in (lower, lower.strip()) if len(form) >= _SHORTEST}
        self._words |= {word for word in re.split(r"[^a-z]+", lower) if _VOICED.match(word)}
        words = words_of(lower)
        if all(map(_is_word, words)):
            self._phrases.update(words)
        elif len(lower) >= 8:
            parts = dict[int, set[str]]()
            _windows(parts, lower, _PART)
            # Letters and digits alone are looked for below, also where they stand apart.
            if signs := {part for part in parts[_PART] if not part.isalnum()}:
                self._signs.setdefault(_PART, set()).update(signs)
        bare = squeezed(secret)
        if len(bare) < 6:
            return
        self._bare |= {bare, bare[::-1]}
        size = _PART if len(bare) >= _LONG else 6
        for form in spellings(secret):
            _windows(self._plain, form, size)
            _windows(self._plain, form[::-1], size)
        raw = secret.encode(errors="surrogatepass")
        for form, size in encodings(raw):
            _windows(self._encoded, form, size)
        for form in rare_encodings(raw):
            starts = range(0, len(form) - _RARE + 1, _RARE)
            self._rare[_RARE].update(form[at : at + _RARE] for at in starts)
        # Digits stay digits in rot13, and a number alone may be an ID.
        rotated = dict[int, set[str]]()
        _windows(rotated, codecs.encode(bare, "rot13"), 9)
        self._encoded.setdefault(9, set()).update(
            part for part in rotated.get(9, ()) if not part.isdecimal()
        )

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        if not self._whole:
            return
        if any(self._may_hold(level) for level in levels(text)):
            for view in views(text):
                yield from ((view.starts[a], view.ends[b - 1]) for a, b in self._in_view(view))
        yield from (span for span, read in encoded_parts(text) if self._is_in(read))

    def _may_hold(self, text: str) -> bool:
        """Nearly every text has nothing of them, which one look tells."""
        lower = folded(text)
        bare = "".join(words_of(lower))
        if not self._heads.isdisjoint(_cut(bare, _HEAD)):
            return True
        if any(form in lower for form in self._whole):
            return True
        return any(not known.isdisjoint(_cut(lower, size)) for size, known in self._signs.items())

    def _is_in(self, readings: Iterator[str], depth: int = _NESTED) -> bool:
        """Whether a secret comes out of what may be an encoding, or one inside another."""
        for read in readings:
            if any(self._may_hold(level) for level in levels(read)) and any(
                True for view in views(read) for _ in self._in_view(view)
            ):
                return True
            if depth > 1 and any(self._is_in(inner, depth - 1) for _, inner in encoded_parts(read)):
                return True
        return False

    def _in_view(self, view: View) -> Iterator[tuple[int, int]]:
        for form in self._whole:
            yield from _found(view.text, form)
        yield from _runs(view.text, self._signs)
        bare = "".join(words_of(view.text))
        places = [at for word in _WORD.finditer(view.text) for at in range(*word.span())]
        for start, end in _runs(bare, self._encoded):
            yield places[start], places[end - 1] + 1
        for start, end in _runs(bare, self._rare):
            yield _around(view.text, places[start], places[end - 1] + 1)
        for start, end in _runs(bare, self._plain):
            span = places[start], places[end - 1] + 1
            is_whole = self._is_whole(bare[start:end], view.text, *span)
            if is_whole or not self._is_ordinary(view.text, *span):
                yield span

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


def _is_word(text: str) -> bool:
    return text.isalpha() and len(text) <= 12 and _VOICED.match(text) is not None


def _cut(text: str, size: int) -> set[str]:
    return {text[start : start + size] for start in range(len(text) - size + 1)}


def _windows(into: dict[int, set[str]], form: str, size: int) -> None:
    size = min(size, len(form))
    if size < _SHORTEST:
        return
    # Zeros in a row stand in IDs too. Of most parts a look at three characters tells that they are
    # of more than two.
    into.setdefault(size, set()).update(
        part
        for part in _cut(form, size)
        if part[0] != part[1] != part[2] != part[0] or len(set(part)) > 2
    )


def _runs(text: str, windows: dict[int, set[str]]) -> Iterator[tuple[int, int]]:
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


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The place with all that stands before and behind it without a blank or a quote."""
    before = next((at for at in range(start, 0, -1) if text[at - 1] in _GAPS), 0)
    behind = next((at for at in range(end, len(text)) if text[at] in _GAPS), len(text))
    return before, behind


def _found(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where a whole one stands; a short one only as a word of its own."""
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        inside = text[max(0, at - 1) : at].isalnum() or text[end : end + 1].isalnum()
        if (len(form) >= 6 and not form.isalpha()) or not inside:
            yield at, end
        at = text.find(form, at + 1)
