"""In how many ways a text can be written, and what another text may be a way of writing."""

from __future__ import annotations

import base64
import re
import string
import sys
import unicodedata
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

LEVELS = 6
"""How often a text may have been escaped: JSON in an address in JSON."""

_WORD = re.compile(r"[^\W_]+")
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{12,4096}={0,6}")
"""What may be an encoding of something; a longer one is looked at piece by piece."""
_NO_BLOB = re.compile(r"[a-z/_-]+|[0-9]{1,23}|[0-9]{3}-[0-9]{3}-[0-9]{4}")
"""Words, IDs, and phone numbers as Meta writes those of America."""
_LISTS = tuple(
    (re.compile(rf"(?<!\w){number}(?:\W{{1,4}}{number}(?!\w)){{5,4096}}"), bases)
    for number, bases in (
        ("[0-9]{2,8}", (10, 8, 2)),
        (r"(?:0[xob]|U\+)[0-9A-Fa-f]{2,8}", (16, 8, 2)),
    )
)
"""Bytes or characters as programs print a list of them."""
_PREFIX = re.compile(r"0[xob]|U\+")
_ESCAPE = re.compile(
    r"%[0-9A-Fa-f]{2}|[%\\]u[0-9A-Fa-f]{4}|\\u\{[0-9A-Fa-f]{2,6}\}|\\U000[0-9A-Fa-f]{5}"
    r"|\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2}|\\[^uUx]"
    r"|&#[0-9]{2,7};?|&#[xX][0-9A-Fa-f]{2,6};?|&[0-9A-Za-z]{2,8};"
)
_BASE85 = bytes.maketrans(
    bytes(range(33, 118)),
    f"{string.digits}{string.ascii_letters}".encode().swapcase() + b"!#$%&()*+-;<=>?@^_`{|}~",
)
"""Of the digits of Ascii85 those of RFC 1924, which otherwise writes the same."""
_PACKED = (b"\x1f\x8b", b"x\x01", b"x^", b"x\x9c", b"x\xda")
_UNPACKED = 64 * 1024


@dataclass(frozen=True)
class View:
    """A text in lower case, and of each character the place in the original that it came from."""

    text: str
    starts: list[int]
    ends: list[int]


def words_of(text: str) -> list[str]:
    """What stands between everything that is neither letter nor digit."""
    return _WORD.findall(text)


def squeezed(text: str) -> str:
    """The text's letters and digits alone, in lower case."""
    return "".join(_WORD.findall(folded(text)))


def spellings(secret: str) -> set[str]:
    """As `squeezed`, with the marks on its letters and without; and as an address holds it, which
    beyond ASCII has bytes in the place of characters."""
    raw = secret.encode(errors="surrogatepass").decode("latin-1")
    forms = (secret, raw, *(unicodedata.normalize(form, secret) for form in ("NFC", "NFD")))
    return set(map(squeezed, forms))


def encodings(raw: bytes) -> Iterator[tuple[str, int]]:
    """Each other way to write it, as `squeezed`, and how many characters of that are a part worth
    hiding. What stands before it in the same encoding shifts it by some bits."""
    yield raw.hex(), 12
    coded = [base64.b64encode(bytes(shift) + raw)[shift and shift + 1 :] for shift in range(3)]
    for form in coded:
        if len(part := squeezed(form.decode().rstrip("="))) >= 8:
            yield part, 9


def rare_encodings(raw: bytes) -> Iterator[str]:
    """The same in base85 of both kinds, which hardly any program writes."""
    for shift in range(4):
        shifted = bytes(shift) + raw
        form = base64.a85encode(shifted[: len(shifted) // 4 * 4])[shift and 5 :]
        yield squeezed(form.decode())
        yield squeezed(form.translate(_BASE85).decode())  # many times as fast as to encode it anew


def encoded_parts(text: str) -> Iterator[tuple[tuple[int, int], Iterator[str]]]:
    """What in a text may be an encoding: its place, and what it may be one of."""
    for blob in _BLOB.finditer(text):
        if not _NO_BLOB.fullmatch(blob[0]):
            yield blob.span(), _decoded(blob[0])
    for numbers, bases in _LISTS:
        for listed in numbers.finditer(text):
            yield listed.span(), _of_numbers(listed[0], bases)


def _decoded(blob: str) -> Iterator[str]:
    """What it may be an encoding of, read from either end."""
    for way in (blob.rstrip("="), blob.rstrip("=")[::-1]):
        bits = way.replace("-", "+").replace("_", "/")
        for skipped in range(4):
            part = bits[skipped:]
            part = part[: len(part) - (len(part) % 4 == 1)]
            yield from _readings(base64.b64decode(part + "=" * (-len(part) % 4)))
        with suppress(ValueError):
            yield from _readings(bytes.fromhex(way[: len(way) // 2 * 2]))
        with suppress(ValueError):
            part = way.upper()
            yield from _readings(base64.b32decode(part + "=" * (-len(part) % 8)))


def _readings(raw: bytes) -> Iterator[str]:
    """The text that bytes may be; zeros, as of UTF-16, are left out."""
    if raw.startswith(_PACKED):
        with suppress(zlib.error):
            raw = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(raw, _UNPACKED)
    yield raw.decode("latin-1").replace("\0", "")
    if not raw.isascii():
        with suppress(UnicodeDecodeError):
            yield raw.decode()


def _of_numbers(listed: str, bases: tuple[int, ...]) -> Iterator[str]:
    numbers = words_of(_PREFIX.sub("", listed))
    for base in bases:
        yield "".join(_char(number, base) for number in numbers)


@lru_cache(maxsize=1024)
def _char(number: str, base: int) -> str:
    try:
        return chr(int(number, base))
    except (ValueError, OverflowError):
        return ""


def is_escaped(text: str) -> bool:
    """Whether anything in it stands for another character."""
    return _ESCAPE.search(text) is not None


def levels(text: str) -> Iterator[str]:
    """The text as it is, and with its escapes undone, for as long as there are any."""
    yield text
    if not is_escaped(text):
        return
    for _ in range(LEVELS):
        before, text = text, _ESCAPE.sub(lambda found: _unescaped(found[0]) or found[0], text)
        if text == before:
            return
        yield text


def views(text: str) -> Iterator[View]:
    """The same, with the places of what is in them."""
    places = list(range(len(text)))
    view = View(folded(text), places, [place + 1 for place in places])
    yield view
    whole, starts, ends = text, view.starts, view.ends
    for _ in range(LEVELS):
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
        yield View(folded(whole), starts, ends)


def _unescaped(written: str) -> str | None:
    """The one character that is meant, if it is one."""
    if written[0] == "&":
        import html  # few texts have one, and there are two thousand names

        char = html.unescape(written)
        return char if len(char) == 1 else None
    if written[0] == "\\" and len(written) == 4 and written[1].isdigit():
        return chr(int(written[1:], 8))
    if written[0] == "%" or written[1] in "uUx":
        number = int(written.strip("%\\uUx{}"), 16)
        return chr(number) if number <= sys.maxunicode else None
    return {"n": "\n", "r": "\r", "t": "\t"}.get(written[1], written[1])


def folded(text: str) -> str:
    """In lower case and without the ways in which Unicode draws a letter otherwise, each character
    still one."""
    lower = text.lower()
    return lower if lower.isascii() else "".join(map(_folded_char, text))


@lru_cache(maxsize=1024)
def _folded_char(char: str) -> str:
    return unicodedata.normalize("NFKC", char).lower()[:1] or char
