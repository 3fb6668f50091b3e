"""Tokens that somebody may have stored in place of the right one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from wizard.values.credentials import Secret


class Lookalike(NamedTuple):
    """A token, the finding that it amounts to where it is taken, and how it differs."""

    token: Secret
    finding: str
    how: str


def lookalikes(token: Secret) -> Iterator[Lookalike]:
    """Each once, and none that is the token itself."""
    text = token.reveal()
    met = {text, ""}
    for finding, how, other in (*_spaced(text), *_cased(text), *_wrapped(text)):
        if other not in met:
            met.add(other)
            yield Lookalike(Secret(other), finding, how)


def _spaced(text: str) -> Iterator[tuple[str, str, str]]:
    tight = "".join(letter for letter in text if not letter.isspace() and letter.isprintable())
    for how, other in (
        ("without the whitespace around it", text.strip()),
        ("without the whitespace in it", tight),
        ("with a newline after it", f"{text}\n"),
        ("with a Windows line break after it", f"{text}\r\n"),
        ("with a carriage return after it", f"{text}\r"),
        ("with a space after it", f"{text} "),
        ("with a space before it", f" {text}"),
        ("with a space on both sides", f" {text} "),
        ("with a tab after it", f"{text}\t"),
        ("with spaces where it has +", text.replace("+", " ")),
        ("with + where it has spaces", text.replace(" ", "+")),
    ):
        yield "token_whitespace", how, other


def _cased(text: str) -> Iterator[tuple[str, str, str]]:
    tight = text.strip()
    for how, other in (
        ("in lower case", tight.lower()),
        ("in upper case", tight.upper()),
        ("with lower and upper case swapped", tight.swapcase()),
        ("with a capital first letter", tight[:1].upper() + tight[1:]),
        ("with a lower-case first letter", tight[:1].lower() + tight[1:]),
        ("with only the first letter capital", tight.capitalize()),
        ("with a capital letter for each word", tight.title()),
    ):
        yield "token_case", how, other


def _wrapped(text: str) -> Iterator[tuple[str, str, str]]:
    for how, other in (
        ("with double quotes around it", f'"{text}"'),
        ("with single quotes around it", f"'{text}'"),
        ("without the quotes around it", text.strip("\"'")),
        ("in another Unicode form", unicodedata.normalize("NFKC", text)),
        ("in another Unicode form", unicodedata.normalize("NFD", text)),
    ):
        yield "token_mismatch", how, other
