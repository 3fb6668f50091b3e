"""Writes the catalogue as a page: `python docs/write_findings.py`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from wizard.findings import SIGNS, Entry, catalogue

PAGE = Path(__file__).parent / "findings.md"

_HEAD = """\
# Findings

Every id that a report can bear, from `wizard/content/findings.toml`. This page is written by
`python docs/write_findings.py`.

The status is what the finding amounts to: `pass`, `warn` (exit code 0), `fail` (1), `unknown` (no
answer, 3) or `skip` (could not be asked because of an earlier finding). A report's `primary` is the
one that explains the others.

A place in Meta's portal has a name in each of its layouts: API Setup (or Step 1. Try it out). On
screen it is named as the profile's portal does.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([_HEAD, *_parts()])


def _parts() -> Iterator[str]:
    for subject, entries in groupby(catalogue().values(), lambda entry: entry.id.partition(".")[0]):
        yield f"## {subject}\n"
        for entry in entries:
            yield from _entry(entry)


def _entry(entry: Entry) -> Iterator[str]:
    yield f"### {entry.id}\n"
    yield f"{SIGNS[entry.status]} {entry.status.value}: **{entry.title}.** {entry.cause}\n"
    if entry.fix:
        yield "\n".join(f"- {step}" for step in entry.fix) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
