"""Takes a secret out of what a server sent back, whole or in part."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

from wizard.values.credentials import MASK, Secret

_PART = 6
"""So many characters in a row are a part worth hiding."""
_SHORTEST = 3


def redact(text: str, secrets: Iterable[Secret], *, parts: bool = True) -> str:
    """The text without the secrets, however they are written: as they are, in other cases,
    percent-encoded, escaped for HTML or JSON, in base64. With `parts` also without longer parts
    of them: a word that a token and a path have in common is then taken out too."""
    hidden = [False] * len(text)
    folded = "".join(letter.lower()[0] for letter in text)
    for form in {form.lower() for secret in secrets for form in _forms(secret)}:
        for start, end in _places(folded, form, parts):
            hidden[start:end] = [True] * (end - start)
    shown = "".join("\0" if gone else letter for letter, gone in zip(text, hidden, strict=True))
    return re.sub("\0+", MASK, shown)


def _forms(secret: Secret) -> Iterator[str]:
    text = secret.reveal()
    raw = text.encode(errors="surrogatepass")
    plain = raw.decode(errors="replace")
    yield from (plain, plain.strip(), quote(raw, safe=""), quote_plus(raw))
    yield from (html.escape(plain), json.dumps(plain)[1:-1])
    yield base64.b64encode(raw).decode().rstrip("=")


def _places(text: str, form: str, parts: bool) -> Iterator[tuple[int, int]]:
    size = min(len(form), max(_PART, len(form) // 3)) if parts else len(form)
    if len(form) < _SHORTEST:
        return
    for begin in range(len(form) - size + 1):
        part = form[begin : begin + size]
        at = text.find(part)
        while at >= 0:
            yield at, at + size
            at = text.find(part, at + 1)
