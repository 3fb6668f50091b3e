"""Bodies as their Content-Encoding means them, unpacked up to a limit."""

from __future__ import annotations

import zlib
from contextlib import suppress

_PACKED = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""zlib's window bits; deflate comes with zlib's head and without."""
_MOST_CODINGS = 4
"""Each may take a body of the limit's size, and a header has room for ten thousand."""
_NOT_ASKED_FOR = {"br", "zstd", "compress", "x-compress", "dcb", "dcz"}


def unpack(body: bytes, encoding: str, most: int) -> tuple[bytes, str]:
    """At most so many bytes of what is meant, and what is left of the Content-Encoding: empty
    where all could be unpacked."""
    codings = [coding.strip().lower() for coding in encoding.split(",")]
    if len(codings) > _MOST_CODINGS:
        return body, encoding
    while codings and (unpacked := _once(body, codings[-1], most)) is not None:
        body = unpacked
        codings.pop()
    return body, ", ".join(codings)


def _once(body: bytes, coding: str, most: int) -> bytes | None:
    if coding not in _PACKED:
        return None if coding in _NOT_ASKED_FOR else body
    for bits in _PACKED[coding]:
        with suppress(zlib.error):
            return zlib.decompressobj(bits).decompress(body, most)
    return None
