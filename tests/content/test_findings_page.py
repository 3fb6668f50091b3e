"""The page of the findings is the catalogue, written out."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_up_to_date() -> None:
    written = runpy.run_path(str(DOCS / "write_findings.py"))
    assert (DOCS / "findings.md").read_text("utf-8") == written["page"](), (
        "run python docs/write_findings.py"
    )
