"""The developers' lock: it holds what pyproject.toml asks for, by its hash, and no address."""

from __future__ import annotations

import re
import tomllib
from itertools import chain
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.tables import each_line

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
EXTRAS = PROJECT["optional-dependencies"]
ASKED = [
    Requirement(line)
    for line in chain(PROJECT["dependencies"], *EXTRAS.values())
    if not line.startswith("whatsapp-wizard")
]
PINNED = re.findall(r"^(\S+)==(\S+)(.*\n(?: .*\n)*)", LOCK, re.MULTILINE)


@each_line("asked", ASKED, ids=lambda asked: str(asked.name))
def test_what_is_asked_for_is_in_it_at_a_version_that_fits(asked: Requirement) -> None:
    name = canonicalize_name(asked.name)
    pinned = [version for one, version, _ in PINNED if one == name]
    assert pinned
    assert all(map(asked.specifier.contains, pinned))


def test_each_version_has_its_hashes_and_no_registry_is_named() -> None:
    assert len(PINNED) > len(ASKED)
    assert [name for name, _, rest in PINNED if "--hash=sha256:" not in rest] == []
    assert not re.search(r"https?://|--index|--find-links", LOCK)
