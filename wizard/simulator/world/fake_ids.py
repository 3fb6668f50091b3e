"""Ids and secrets that look like Meta's, the same ones for the same seed."""

from __future__ import annotations

import hashlib
import string
from functools import lru_cache


def digits(seed: str, label: str, count: int) -> str:
    """An id of Meta's kind: `count` digits, the first not zero."""
    first = _spell(seed, f"{label}/first", string.digits[1:], 1)
    return first + _spell(seed, label, string.digits, count - 1)


def hexadecimal(seed: str, label: str, count: int) -> str:
    return _spell(seed, label, "0123456789abcdef", count)


def letters(seed: str, label: str, count: int) -> str:
    """Letters and digits, as tokens are made of."""
    return _spell(seed, label, string.ascii_letters + string.digits, count)


@lru_cache(maxsize=256)  # each world of the same seed begins with the same ones
def _spell(seed: str, label: str, alphabet: str, count: int) -> str:
    number = int.from_bytes(hashlib.shake_256(f"{seed}/{label}".encode()).digest(count + 8))
    spelled = []
    for _ in range(count):
        number, index = divmod(number, len(alphabet))
        spelled.append(alphabet[index])
    return "".join(spelled)
