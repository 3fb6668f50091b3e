"""Takes secrets out of text that somebody else wrote, in whatever form they stand there."""

from __future__ import annotations

import base64
import codecs
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from wizard.values.credentials import MASK, Secret

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
_LEVELS = 3
"""How often a text may have been escaped: JSON in an address in JSON."""

_APP_TOKEN = re.compile(r"^[0-9]+\|(?=.)")
_ANY_TOKEN = re.compile(r"EAA[A-Za-z0-9_-]{5,}")
_ANY_AUTHTOKEN = re.compile(r"(?i)(your authtoken:\s*)\S+|(authtoken[= ])(?!\w+ )[\w-]{20,}")
_WORD = re.compile(r"[^\W_]+")
_VOICED = re.compile(r"(?!.*[^aeiouy]{5}).*[aeiouy]")
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{16,4096}={0,6}")
"""What may be an encoding of something; a longer one is looked at piece by piece."""
_NO_BLOB = re.compile(r"[a-z/_-]+|[0-9]+")
_ESCAPE = re.compile(
    r"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}|\\[^ux]|&#?[0-9A-Za-z]{2,8};"
)


def redact(text: str, secrets: Iterable[Secret] = ()) -> str:
    """The text without these secrets and without what looks like a token.

    They are found whole and in parts of seven characters; in other cases, reversed, in groups, in
    base64, base32 and hex, and escaped as in an address, in JSON and in HTML. IDs stay, and words
    that a secret has in common with the text.
    """
    return redactor(secrets).redact(text)


def redactor(secrets: Iterable[Secret]) -> Redactor:
    """One that knows these; the last few are kept, as making one takes a millisecond."""
    return _made(frozenset(map(_without_app_id, secrets)))


@lru_cache(maxsize=64)
def _made(secrets: frozenset[Secret]) -> Redactor:
    return Redactor(secrets)


def _without_app_id(secret: Secret) -> Secret:
    """Of an app token, App ID and App Secret with a bar between them, what is secret."""
    bare = _APP_TOKEN.sub("", secret.reveal())
    return secret if len(bare) == len(secret) else Secret(bare)


@dataclass(frozen=True)
class _View:
    """A text in lower case, and of each character the place in the original that it came from."""

    text: str
    starts: list[int]
    ends: list[int]


class Redactor:
    """Takes these secrets out of texts. Use `redactor`."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        self._whole: set[str] = set()
        self._words: set[str] = set()
        self._plain: dict[int, set[str]] = {}
        self._encoded: dict[int, set[str]] = {}
        self._phrases: set[str] = set()
        self._signs: dict[int, set[str]] = {}
        for secret in secrets:
            self._learn(secret.reveal())
        windows = (*self._plain.values(), *self._encoded.values())
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
        return [self.redact_all(part) for part in value] if isinstance(value, list) else value

    def _learn(self, secret: str) -> None:
        raw = secret.encode(errors="surrogatepass")
        folded = _folded(secret)
        squeezed = "".join(_WORD.findall(folded))
        self._whole |= {form for form in (folded, folded.strip()) if len(form) >= _SHORTEST}
        self._words |= {word for word in re.split(r"[^a-z]+", folded) if _VOICED.match(word)}
        words = _WORD.findall(folded)
        if all(map(_is_word, words)):
            self._phrases.update(words)
        elif len(folded) >= 8:
            parts = dict[int, set[str]]()
            _windows(parts, folded, _PART)
            # Letters and digits alone are looked for below, also where they stand apart.
            if signs := {part for part in parts[_PART] if not part.isalnum()}:
                self._signs.setdefault(_PART, set()).update(signs)
        if len(squeezed) < 6:
            return
        size = _PART if len(squeezed) >= _LONG else 6
        # Beyond ASCII an address holds bytes in the place of characters.
        for form in {squeezed, "".join(_WORD.findall(_folded(raw.decode("latin-1"))))}:
            _windows(self._plain, form, size)
            _windows(self._plain, form[::-1], size)
        for form, size in _encodings(raw):
            _windows(self._encoded, form, size)
        # Digits stay digits in rot13, and a number alone may be an ID.
        rotated = dict[int, set[str]]()
        _windows(rotated, codecs.encode(squeezed, "rot13"), 9)
        self._encoded.setdefault(9, set()).update(
            part for part in rotated.get(9, ()) if not part.isdecimal()
        )

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        if not self._whole:
            return
        if any(self._may_hold(level) for level in _levels(text)):
            for view in _views(text):
                yield from ((view.starts[a], view.ends[b - 1]) for a, b in self._in_view(view))
        for blob in _BLOB.finditer(text):
            if not _NO_BLOB.fullmatch(blob[0]) and self._is_in(blob[0]):
                yield blob.span()

    def _may_hold(self, text: str) -> bool:
        """Nearly every text has nothing of them, which one look tells."""
        folded = _folded(text)
        squeezed = "".join(_WORD.findall(folded))
        heads = {squeezed[at : at + _HEAD] for at in range(len(squeezed) - _HEAD + 1)}
        if not self._heads.isdisjoint(heads) or any(form in folded for form in self._whole):
            return True
        return bool(self._signs) and any(True for _ in _runs(folded, self._signs))

    def _is_in(self, blob: str, depth: int = _LEVELS) -> bool:
        """Whether a secret comes out of what may be an encoding, or one inside another."""
        for decoded in _decoded(blob):
            if any(self._may_hold(level) for level in _levels(decoded)) and any(
                True for view in _views(decoded) for _ in self._in_view(view)
            ):
                return True
            if depth > 1 and any(
                self._is_in(inner[0], depth - 1) for inner in _BLOB.finditer(decoded)
            ):
                return True
        return False

    def _in_view(self, view: _View) -> Iterator[tuple[int, int]]:
        for form in self._whole:
            yield from _found(view.text, form)
        yield from _runs(view.text, self._signs)
        squeezed = "".join(_WORD.findall(view.text))
        places = [at for word in _WORD.finditer(view.text) for at in range(*word.span())]
        for start, end in _runs(squeezed, self._encoded):
            yield places[start], places[end - 1] + 1
        for start, end in _runs(squeezed, self._plain):
            span = places[start], places[end - 1] + 1
            if not self._is_ordinary(view.text, *span):
                yield span

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


def _encodings(raw: bytes) -> Iterator[tuple[str, int]]:
    """Each other way to write it, and how many characters of that are a part worth hiding."""
    yield raw.hex(), 12
    for shift in range(3):
        coded = base64.b64encode(bytes(shift) + raw).decode()
        inner = coded[0 if shift == 0 else shift + 1 :].rstrip("=")
        squeezed = "".join(_WORD.findall(_folded(inner)))
        if len(squeezed) >= 8:
            yield squeezed, 9


def _decoded(blob: str) -> Iterator[str]:
    """What it may be an encoding of, read from either end; zeros, as of UTF-16, are left out."""
    for way in (blob.rstrip("="), blob.rstrip("=")[::-1]):
        bits = way.replace("-", "+").replace("_", "/")
        for skipped in range(4):
            part = bits[skipped:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            raw = base64.b64decode(part + "=" * (-len(part) % 4))
            yield raw.decode("latin-1").replace("\0", "")
        with suppress(ValueError):
            yield bytes.fromhex(way[: len(way) // 2 * 2]).decode("latin-1").replace("\0", "")
        with suppress(ValueError):
            part = way.upper()
            raw = base64.b32decode(part + "=" * (-len(part) % 8))
            yield raw.decode("latin-1").replace("\0", "")


def _windows(into: dict[int, set[str]], form: str, size: int) -> None:
    size = min(size, len(form))
    if size < _SHORTEST:
        return
    parts = {form[start : start + size] for start in range(len(form) - size + 1)}
    # Zeros in a row stand in IDs too. Of most parts a look at three characters tells that they are
    # of more than two.
    into.setdefault(size, set()).update(
        part for part in parts if part[0] != part[1] != part[2] != part[0] or len(set(part)) > 2
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


def _found(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where a whole one stands; a short one only as a word of its own."""
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        inside = text[max(0, at - 1) : at].isalnum() or text[end : end + 1].isalnum()
        if (len(form) >= 6 and not form.isalpha()) or not inside:
            yield at, end
        at = text.find(form, at + 1)


def _levels(text: str) -> Iterator[str]:
    """The text as it is, and with its escapes undone, for as long as there are any."""
    yield text
    if not _ESCAPE.search(text):
        return
    for _ in range(_LEVELS):
        before, text = text, _ESCAPE.sub(lambda found: _unescaped(found[0]) or found[0], text)
        if text == before:
            return
        yield text


def _views(text: str) -> Iterator[_View]:
    """The same, with the places of what is in them."""
    places = list(range(len(text)))
    view = _View(_folded(text), places, [place + 1 for place in places])
    yield view
    whole, starts, ends = text, view.starts, view.ends
    for _ in range(_LEVELS):
        parts, new_starts, new_ends, at = list[str](), list[int](), list[int](), 0
        for found in _ESCAPE.finditer(whole):
            char = _unescaped(found[0])
            if char is None:
                continue
            begin, end = found.span()
            parts += [whole[at:begin], char]
            new_starts += [*starts[at:begin], starts[begin]]
            new_ends += [*ends[at:begin], ends[end - 1]]
            at = end
        if not parts:
            return
        whole = "".join(parts) + whole[at:]
        starts, ends = [*new_starts, *starts[at:]], [*new_ends, *ends[at:]]
        yield _View(_folded(whole), starts, ends)


def _unescaped(written: str) -> str | None:
    """The one character that is meant, if it is one."""
    if written[0] == "&":
        import html  # few texts have one, and there are two thousand names

        char = html.unescape(written)
        return char if len(char) == 1 else None
    if written[0] == "%" or written[1] in "ux":
        return chr(int(written.lstrip("%\\ux"), 16))
    return {"n": "\n", "r": "\r", "t": "\t"}.get(written[1], written[1])


def _folded(text: str) -> str:
    """In lower case, each character still one."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(char.lower()[0] for char in text)
