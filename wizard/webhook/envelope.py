"""A body as JSON, read within bounds: of its parts, of their depth, and so of time and memory."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, NamedTuple, NoReturn, TypeAlias

from wizard.webhook.json_values import Path, Unreadable

MAX_NODES = 1_000_000
MAX_DEPTH = 100
"""Meta's own envelopes are about twelve deep. Deeper ones could not be written again either."""
MAX_TEXT = 65_536
"""Characters of the longest text that WhatsApp's apps let a person write."""

EnvelopeReason: TypeAlias = Literal["not_json", "too_complex"]
OddityReason: TypeAlias = Literal["too_deep", "too_long", "unreadable_number"]

_CONTAINERS = (dict, list)
_MAX_DIGITS = 300
_MAX_ODDITIES = 100
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}:,]', re.DOTALL)


class EnvelopeError(ValueError):
    """This body is nothing that Meta sends; the text quotes nothing of it. `is_object` tells a
    JSON object, which an envelope of tomorrow may be."""

    def __init__(
        self, message: str, *, is_object: bool = False, reason: EnvelopeReason = "not_json"
    ) -> None:
        super().__init__(message)
        self.is_object = is_object
        self.reason = reason


@dataclass(frozen=True)
class Oddity:
    """A value that can't be what Meta meant, wherever it stands."""

    path: Path
    reason: OddityReason


class Envelope(NamedTuple):
    """The whole object, about how many values and containers it holds, never fewer, and what is
    odd in it."""

    whole: dict[str, Any]
    nodes: int
    oddities: tuple[Oddity, ...] = ()

    @property
    def entries(self) -> list[Any]:
        """The list `entry`; an empty one where there is none."""
        entries = self.whole.get("entry")
        return entries if isinstance(entries, list) else []


def parse_envelope(body: bytes, *, is_signed: bool = False) -> Envelope:
    """Raises `EnvelopeError` where the body is no JSON object with a list `entry`, or where it has
    more parts, or deeper ones, than `MAX_NODES` and `MAX_DEPTH`.

    What bears Meta's signature is read as far as it goes: `entry` may be missing, numbers may be
    unreadable, and what is too deep is cut out; `oddities` tell of it.
    """
    if _structure(body) > MAX_NODES:
        raise _too_complex(is_object=body.lstrip()[:1] == b"{")
    if not is_signed:
        return _strictly(body)
    try:
        return _leniently(body, ())
    except EnvelopeError as error:
        if error.reason != "too_complex":
            raise
    cutter = _DepthCutter(body)
    return _leniently(cutter.cut(), tuple(Oddity(path, "too_deep") for path in cutter.paths))


def _strictly(body: bytes) -> Envelope:
    parsed, _ = _parse(body, is_signed=False)
    nodes, _ = _count(parsed, body)
    if not isinstance(parsed, dict) or not isinstance(parsed.get("entry"), list):
        is_object = isinstance(parsed, dict)
        raise EnvelopeError("The body has no list of entries.", is_object=is_object)
    return Envelope(parsed, nodes)


def _leniently(body: bytes, oddities: tuple[Oddity, ...]) -> Envelope:
    parsed, has_odd_numbers = _parse(body, is_signed=True)
    nodes, has_long_texts = _count(parsed, body)
    if not isinstance(parsed, dict):
        raise EnvelopeError("The body is no JSON object.")
    if has_odd_numbers or has_long_texts:
        oddities += tuple(islice(_odd_values(parsed), _MAX_ODDITIES))
    return Envelope(parsed, nodes, oddities)


def _structure(body: bytes) -> int:
    """About how many values parsing will make; never fewer. Counted before it makes them."""
    if len(body) <= MAX_NODES:
        return len(body)
    marks = _marks(body)
    return marks if marks <= MAX_NODES else _marks(_without_strings(body))


def _marks(body: bytes) -> int:
    """Every comma separates two values, and every container that is not empty has a first one."""
    filled = sum(body.count(one) for one in (b"{", b"[")) - body.count(b"{}") - body.count(b"[]")
    return 1 + body.count(b",") + filled


def _without_strings(body: bytes) -> bytes:
    plain = body.replace(rb"\\", b"").replace(rb"\"", b"")
    return b"".join(plain.split(b'"')[::2])


def _parse(body: bytes, *, is_signed: bool) -> tuple[object, bool]:
    """The document, and whether there are numbers in it that can't be held."""
    try:
        text = body.decode(json.detect_encoding(body), "surrogatepass")
        return _PLAIN.decode(text), False
    except (ValueError, RecursionError):
        return _parse_closely(body, is_signed=is_signed)


def _parse_closely(body: bytes, *, is_signed: bool) -> tuple[object, bool]:
    odd: list[Unreadable] = []

    def keep(text: str) -> Unreadable:
        odd.append(Unreadable(text[:_MAX_DIGITS]))
        return odd[-1]

    def whole(text: str) -> int | str:
        return int(text) if len(text) <= _MAX_DIGITS or not is_signed else keep(text)

    def broken(text: str) -> float | str:
        return made if math.isfinite(made := float(text)) else keep(text)

    try:
        parsed: object = json.loads(
            body,
            parse_constant=keep if is_signed else _refuse,
            parse_int=whole,
            parse_float=broken,
        )
    except RecursionError:
        raise _too_complex(is_object=body.lstrip()[:1] == b"{") from None
    except ValueError:
        # "from None": the decoder's own error carries the whole body.
        raise EnvelopeError("The body is not JSON.") from None
    return parsed, bool(odd)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _plain_int(text: str) -> int:
    return int(text) if len(text) <= _MAX_DIGITS else _refuse("a long number")


def _plain_float(text: str) -> float:
    return made if math.isfinite(made := float(text)) else _refuse("a large number")


_PLAIN = json.JSONDecoder(parse_constant=_refuse, parse_int=_plain_int, parse_float=_plain_float)
"""Made once, for bodies with no number that can't be held: nearly all."""


def _count(parsed: object, body: bytes) -> tuple[int, bool]:
    """Every value in it, and whether a text is longer than any of Meta's, where one may be; level
    by level, for recursion has a limit of its own."""
    may_be_long = len(body) > MAX_TEXT
    if not may_be_long and (marks := _marks(body)) <= MAX_DEPTH:
        return marks, False  # nearly every body has too few containers to be too deep
    nodes, level, is_long = 1, [parsed], False
    for _ in range(MAX_DEPTH):
        level = [
            part
            for whole in level
            if isinstance(whole, _CONTAINERS)
            for part in (whole.values() if isinstance(whole, dict) else whole)
        ]
        if not level:
            return nodes, is_long
        nodes += len(level)
        if may_be_long and not is_long:
            is_long = any(isinstance(part, str) and len(part) > MAX_TEXT for part in level)
    raise _too_complex(is_object=isinstance(parsed, dict))


def _odd_values(parsed: object) -> Iterator[Oddity]:
    """Where the values stand that no reader can use, in the order of the document."""
    waiting: list[tuple[Path, object]] = [((), parsed)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, Unreadable):
            yield Oddity(path, "unreadable_number")
        elif isinstance(value, str):
            if len(value) > MAX_TEXT:
                yield Oddity(path, "too_long")
        elif isinstance(value, dict | list):
            parts = value.items() if isinstance(value, dict) else enumerate(value)
            waiting += reversed([((*path, key), part) for key, part in parts])


class _DepthCutter:
    """Puts `null` in place of each container that is too deep, and keeps where those stood.

    One pass over the tokens: it must neither recurse nor build what is cut out.
    """

    def __init__(self, body: bytes) -> None:
        self.paths: list[Path] = []
        self._body = body
        self._kept: list[bytes] = []
        self._start = 0
        self._depth = 0
        self._path: list[str | int] = []
        self._key = ""

    def cut(self) -> bytes:
        """The body without its depths. Raises `EnvelopeError` where they never end."""
        for token in _TOKENS.finditer(self._body):
            match token[0]:
                case b"[" | b"{":
                    self._open(token)
                case b"]" | b"}":
                    self._close(token)
                case text if self._depth < MAX_DEPTH and self._path:
                    self._step(text)
        if self._depth >= MAX_DEPTH:
            raise _too_complex(is_object=self._body.lstrip()[:1] == b"{")
        return b"".join([*self._kept, self._body[self._start :]])

    def _open(self, token: re.Match[bytes]) -> None:
        self._depth += 1
        if self._depth < MAX_DEPTH:
            self._path.append("" if token[0] == b"{" else 0)
        elif self._depth == MAX_DEPTH:
            self._kept.append(self._body[self._start : token.start()] + b"null")
            if len(self.paths) < _MAX_ODDITIES:
                self.paths.append(tuple(self._path))

    def _close(self, token: re.Match[bytes]) -> None:
        if self._depth == MAX_DEPTH:
            self._start = token.end()
        elif self._depth < MAX_DEPTH and self._path:
            self._path.pop()
        self._depth -= 1

    def _step(self, text: bytes) -> None:
        last = self._path[-1]
        if text == b"," and isinstance(last, int):
            self._path[-1] = last + 1
        elif text == b":":
            self._path[-1] = self._key
        elif text[:1] == b'"':
            self._key = text[1:-1].decode("utf-8", "replace")


def _too_complex(*, is_object: bool) -> EnvelopeError:
    said = "The body has more parts, or deeper ones, than any of Meta's."
    reason: EnvelopeReason = "too_complex" if is_object else "not_json"
    return EnvelopeError(said, is_object=is_object, reason=reason)
