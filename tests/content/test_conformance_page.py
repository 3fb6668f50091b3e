"""The page of what is proved is made of the same data as the proofs."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

from wizard.cli import COMMANDS
from wizard.journeys.claims import claims

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "conformance.md").read_text("utf-8")


def test_the_page_is_up_to_date() -> None:
    written = runpy.run_path(str(ROOT / "docs" / "write_conformance.py"))
    assert written["page"]() == PAGE, "run python docs/write_conformance.py"


def test_every_claim_is_an_item_of_its_checklist() -> None:
    assert [claim.id for claim in claims() if f"- [ ] `{claim.id}`" not in PAGE] == []


def test_every_command_that_it_names_exists() -> None:
    named = re.findall(r"whatsapp-wizard ([a-z]+)", PAGE)
    assert named[0] == "selftest"
    assert set(named) <= set(COMMANDS)


def test_the_readme_leads_to_it() -> None:
    assert "(docs/conformance.md)" in (ROOT / "README.md").read_text("utf-8")
