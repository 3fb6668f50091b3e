"""How a body differs from the challenge that it should be."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from wizard.checks.callback.pages import extract_reason, title_of
from wizard.values.credentials import MASK
from wizard.values.redaction import redact
from wizard.webhook.probe import ProbeResponse

_QUOTES = "\"'`“”‘’«»"
_EMPTY_WORDS = {"undefined", "null", "none", "nil", "nan", "0", "[object object]", "array"}
_UNICODE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32")


def difference(answer: ProbeResponse) -> str:
    """In a few words; nothing of the body is quoted that may be secret."""
    return redact(_difference(answer), answer.sent)


def _difference(answer: ProbeResponse) -> str:
    words = _packed(answer) or _encoded(answer)
    if not words and answer.body and not answer.content.strip():
        return "the query that was sent in place of the challenge"
    return words or next(_of_text(answer, answer.content, answer.challenge))


def _packed(answer: ProbeResponse) -> str:
    body, right = answer.body, answer.challenge
    coding = answer.headers.get("content-encoding", "").strip().lower()
    if not body:
        return "an empty body"
    if body == right.encode():
        return f"the challenge, with a wrong Content-Encoding ({coding})"
    if body.startswith((b"\x1f\x8b", b"\x28\xb5\x2f\xfd")) or (
        coding not in {"", "identity"} and right.encode() not in body and not body.isascii()
    ):
        return f"a compressed body ({coding or 'without a Content-Encoding'})"
    return ""


def _encoded(answer: ProbeResponse) -> str:
    body, right = answer.body, answer.challenge
    if body.startswith(b"\xef\xbb\xbf"):
        rest = body[3:].decode(errors="replace").strip()
        return "a byte order mark before " + ("the challenge" if rest == right else "a text")
    for coding in _UNICODE if b"\0" in body or body[:1] in b"\xff\xfe" else ():
        try:
            if body.decode(coding).strip("\ufeff \r\n") == right:
                return f"the challenge in {coding[:6].upper()}"
        except UnicodeDecodeError:
            continue
    return ""


def _of_text(answer: ProbeResponse, text: str, right: str) -> Iterator[str]:
    bare = text.strip()
    if not bare:
        yield "whitespace only" if text else "an empty body"
    elif bare == right:
        yield _space(text, right)
    for recognise in _RECOGNISED:
        if words := recognise(bare, right):
            yield words
    shown = answer.text.strip()
    if shown and not shown.replace(MASK, "").strip(" \"'"):
        yield "the verify token instead of the challenge"
    yield _quoted(shown)


def _space(text: str, right: str) -> str:
    before, _, after = text.partition(right)
    named = [
        f"{_kind(space)} {where} it"
        for space, where in ((before, "before"), (after, "after"))
        if space
    ]
    return f"the challenge with {' and '.join(named)}"


def _kind(space: str) -> str:
    return "a newline" if set(space) & set("\r\n") else "a space"


def _in_quotes(bare: str, right: str) -> str:
    wrapped = bare.strip(_QUOTES + " \r\n\\")
    if bare in {f"b'{right}'", f'b"{right}"'}:
        return "the challenge as Python shows bytes (b'…')"
    return "the challenge in quotes" if wrapped == right else ""


def _json(bare: str, right: str) -> str:
    if bare[:1] not in "{[":
        return ""
    try:
        parsed = json.loads(bare)
    except (ValueError, RecursionError):
        if bare == f"['{right}']":
            return "the challenge as Python shows a list (['…'])"
        return "the challenge in brackets" if right in bare else ""
    kind = "a JSON object" if isinstance(parsed, dict) else "a JSON list"
    if right in bare:
        return f"{kind} with the challenge in it"
    reason = extract_reason(bare)
    return f"{kind} without the challenge" + (f" (“{reason}”)" if reason else "")


def _html(bare: str, right: str) -> str:
    if bare[:1] != "<":
        return ""
    kind = "an XML document" if bare.startswith("<?xml") else "an HTML page"
    if right in bare:
        return f"{kind} around the challenge"
    title = title_of(bare)
    return f"{kind} titled “{title}”" if title else kind


def _number(bare: str, right: str) -> str:
    digits = re.sub(r"[ ,._'’\u00a0\u202f]", "", bare)
    if digits == right and bare != right:
        return "the challenge with separators between its digits"
    try:
        same = not bare.isdigit() and abs(float(bare) - int(right)) < 1e-4 * int(right)
    except ValueError:
        same = False
    return "the challenge as another kind of number" if same else ""


def _part(bare: str, right: str) -> str:
    if right in bare:
        return "the challenge with text around it" if bare.count(right) == 1 else "it twice"
    if bare.isdigit() and (right.startswith(bare) or right.endswith(bare)):
        return f"the challenge cut to {len(bare)} of its {len(right)} digits"
    if bare.isdigit() and len(bare) >= 4:
        return "another challenge, which may come from a cache"
    return ""


def _word(bare: str, _right: str) -> str:
    if bare.lower() in _EMPTY_WORDS:
        return "an empty value: it may read hub.challenge by another name"
    if bare.lower() in {"true", "false", "ok", "success", "subscribe"}:
        return f"“{bare.lower()}” instead of the challenge"
    return ""


_RECOGNISED: tuple[Callable[[str, str], str], ...] = (
    _in_quotes,
    _json,
    _html,
    _number,
    _part,
    _word,
)


def _quoted(shown: str) -> str:
    """A text that nobody knows, at the length of a line; what speaks of tokens is not repeated."""
    line = "".join(letter if letter.isprintable() else " " for letter in shown)
    if re.search(r"token|secret|password|key", line, re.IGNORECASE) or MASK in line:
        return "a text that is not the challenge"
    cut = line[:40].strip()
    return f"another text, “{cut}{'…' if len(line) > 40 else ''}”"
