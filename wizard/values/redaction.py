"""Takes secrets out of text that somebody else wrote, in whatever form they stand there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache
from typing import Any

from wizard.values.credentials import MASK, Secret
from wizard.values.encodings import View, encoded_parts, folded, is_escaped, levels, views, words_of
from wizard.values.secret_parts import HINT, PART, Parts, cut, hints, runs, signs

_SHORTEST = 3
_SHORT, _KEPT = 64, 1024
"""Of events the names, types and IDs come again and again: so many texts, no longer than that."""
_NESTED = 3
"""So many encodings, one inside another, are looked through."""

_APART = "\n" * 5
"""Between texts: no escape, no encoding and no list of numbers reaches across."""

_APP_TOKEN = re.compile(r"^[0-9]+\|(?=.)")
_ANY_TOKEN = re.compile(r"EAA[A-Za-z0-9_-]{5,}")
_ANY_AUTHTOKEN = re.compile(r"(?i)(your authtoken:\s*)\S+|(authtoken[= ])(?!\w+ )[\w-]{20,}")


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
        self._secrets = [secret.reveal() for secret in secrets]
        lower = [folded(secret) for secret in self._secrets]
        self._whole = {
            form for one in lower for form in (one, one.strip()) if len(form) >= _SHORTEST
        }
        self._signs = set[str]().union(*map(signs, lower))
        self._hints = set[str]().union(*map(hints, self._secrets))

    @cached_property
    def _redact_short(self) -> Callable[[str], str]:
        return lru_cache(_KEPT)(self.redact)

    @cached_property
    def _parts(self) -> Parts:
        # Nearly every run meets no text that may hold any, and to cut them takes a while.
        return Parts(self._secrets)

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

    def are_clean(self, texts: Iterable[str]) -> bool:
        """Whether a look at all of these together shows that each stays as it is. That may be so
        where it does not show it; of what it shows is nothing left out."""
        together = _APART.join(texts)
        return not (
            is_escaped(together)
            or self._may_hold(together)
            or any(self._is_in(read) for _, read in encoded_parts(together))
            or _ANY_TOKEN.search(together)
            or _ANY_AUTHTOKEN.search(together)
        )

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
        if not self._hints.isdisjoint(cut(bare, HINT)):
            return True
        if any(form in lower for form in self._whole):
            return True
        return bool(self._signs) and not self._signs.isdisjoint(cut(lower, PART))

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
        yield from runs(view.text, {PART: self._signs})
        yield from self._parts.found(view.text)


def _found(text: str, form: str) -> Iterator[tuple[int, int]]:
    """Where a whole one stands; a short one only as a word of its own."""
    at = text.find(form)
    while at >= 0:
        end = at + len(form)
        inside = text[max(0, at - 1) : at].isalnum() or text[end : end + 1].isalnum()
        if (len(form) >= 6 and not form.isalpha()) or not inside:
            yield at, end
        at = text.find(form, at + 1)
