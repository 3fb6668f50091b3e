"""A body as JSON, read within bounds: of its parts, of their depth, and so of time and memory."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, NoReturn, TypeAlias

MAX_NODES = 1_000_000
MAX_DEPTH = 100
"""Meta's own envelopes are about twelve deep. Deeper ones could not be written again either."""

EnvelopeReason: TypeAlias = Literal["not_json", "too_complex"]


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
class Envelope:
    """The list `entry`, and how many values and containers the body holds."""

    entries: list[Any]
    nodes: int


def parse_envelope(body: bytes) -> Envelope:
    """Raises `EnvelopeError` where the body is no JSON object with a list `entry`, or where it has
    more parts, or deeper ones, than `MAX_NODES` and `MAX_DEPTH`."""
    if _structure(body) > MAX_NODES:
        raise _too_complex(is_object=body.lstrip()[:1] == b"{")
    parsed = _parse(body)
    nodes = _count(parsed)
    entries = parsed.get("entry") if isinstance(parsed, dict) else None
    if not isinstance(entries, list):
        is_object = isinstance(parsed, dict)
        raise EnvelopeError("The body has no list of entries.", is_object=is_object)
    return Envelope(entries, nodes)


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


def _parse(body: bytes) -> object:
    try:
        parsed: object = json.loads(body, parse_constant=_refuse)
    except RecursionError:
        raise _too_complex(is_object=body.lstrip()[:1] == b"{") from None
    except ValueError:
        # "from None": the decoder's own error carries the whole body.
        raise EnvelopeError("The body is not JSON.") from None
    return parsed


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")


def _count(parsed: object) -> int:
    """Every value in it; level by level, for recursion has a limit of its own."""
    nodes, level = 1, [parsed]
    for _ in range(MAX_DEPTH):
        level = [
            part
            for whole in level
            if isinstance(whole, dict | list)
            for part in (whole.values() if isinstance(whole, dict) else whole)
        ]
        if not level:
            return nodes
        nodes += len(level)
    raise _too_complex(is_object=isinstance(parsed, dict))


def _too_complex(*, is_object: bool) -> EnvelopeError:
    said = "The body has more parts, or deeper ones, than any of Meta's."
    reason: EnvelopeReason = "too_complex" if is_object else "not_json"
    return EnvelopeError(said, is_object=is_object, reason=reason)
