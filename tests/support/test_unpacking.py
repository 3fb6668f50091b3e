"""Packed bodies, and those that would fill the memory."""

from __future__ import annotations

import gzip
import zlib

from tests.tables import each_line
from wizard.support.unpacking import unpack

BOMB = gzip.compress(b"\0" * 2_000_000, 9, mtime=0)


@each_line(
    ("body", "encoding", "expected"),
    [
        (b"halo", "", (b"halo", "")),
        (b"halo", "identity", (b"halo", "")),
        (gzip.compress(b"halo", mtime=0), "gzip", (b"halo", "")),
        (zlib.compress(b"halo"), "deflate", (b"halo", "")),
        (zlib.compress(b"halo")[2:-4], "Deflate", (b"halo", "")),
        (gzip.compress(gzip.compress(b"halo", mtime=0), mtime=0), "gzip, gzip", (b"halo", "")),
        (b"halo", "gzip", (b"halo", "gzip")),
        (b"halo", "br", (b"halo", "br")),
        (BOMB, "gzip", (b"\0" * 1000, "")),
        (gzip.compress(BOMB, mtime=0), "gzip, gzip", (b"", "gzip")),
    ],
)
def test_a_body_is_unpacked_within_its_limit(
    body: bytes, encoding: str, expected: tuple[bytes, str]
) -> None:
    plain, left = unpack(body, encoding, 1000)
    assert len(plain) <= 1000 or left
    if expected[0]:
        assert (plain, left) == expected


def test_a_body_that_is_said_to_be_packed_ten_thousand_times_is_left_as_it_is() -> None:
    codings = ", ".join(["gzip"] * 10_000)
    once = gzip.compress(b"halo", mtime=0)
    assert unpack(once, codings, 1000) == (once, codings)
