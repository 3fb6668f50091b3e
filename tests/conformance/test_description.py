"""Meta's description is the one that was published, and its licence goes along."""

from __future__ import annotations

import hashlib

from tests.conformance.description import CLIENT, LICENSE, PATH, description
from tests.conformance.operations import operations

PUBLISHED = "c7148d5e2aeff32f2effc3d3557795d7eddd07abf8b017c9e40e86bb3312c116"


def test_the_copy_is_not_changed_by_a_letter() -> None:
    text = PATH.read_bytes().replace(b"\r\n", b"\n")
    assert hashlib.sha256(text).hexdigest() == PUBLISHED
    assert description()["openapi"] == "3.1.0"


def test_the_licence_stands_beside_it() -> None:
    text = LICENSE.read_text("utf-8")
    assert text.startswith("MIT License")
    assert "Copyright (c) Meta Platforms, Inc. and affiliates." in text


def test_the_simulators_own_file_repeats_nothing_that_is_described() -> None:
    found = operations()
    assert all(found[name].described for name in CLIENT)
    described = {(one.method, one.path) for one in found.values() if one.described}
    assert not {(one.method, one.path) for one in found.values() if not one.described} & described
