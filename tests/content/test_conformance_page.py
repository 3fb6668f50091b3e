"""The page of what is proved is made of the same data as the proofs."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

from tests.loopback import http_client
from wizard.cli import COMMANDS
from wizard.journeys.selftest.claims import claims
from wizard.simulator import Meta, create_app, serve

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "conformance.md").read_text("utf-8")


def test_the_page_is_up_to_date() -> None:
    written = runpy.run_path(str(ROOT / "docs" / "write_conformance.py"))
    assert written["page"]() == PAGE, "run python docs/write_conformance.py"


def test_every_claim_is_an_item_of_its_checklist() -> None:
    assert [claim.id for claim in claims() if f"- [ ] `{claim.id}`" not in PAGE] == []


def test_every_command_that_it_names_exists() -> None:
    named = re.findall(r"whatsapp-wizard ([a-z]+)", PAGE)
    assert "selftest" in named
    assert set(named) <= set(COMMANDS)


@pytest.mark.unlike_meta
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "oauth/revoke"),
        ("GET", "oauth/authorize"),
        ("POST", "{user}/access_tokens"),
    ],
)
async def test_what_it_says_is_not_simulated_is_refused(method: str, path: str) -> None:
    assert path.rpartition("/")[2] in PAGE
    meta = Meta()
    async with serve(create_app(meta)) as base, http_client() as client:
        there = path.format(user=meta.system_user.id)
        token = {"authorization": f"Bearer {meta.token.text.reveal()}"}
        answer = await client.request(method, f"{base}/v26.0/{there}", headers=token)
    assert answer.json()["error"]["code"] in {100, 803, 2500}


def test_the_readme_leads_to_it() -> None:
    assert "(docs/conformance.md)" in (ROOT / "README.md").read_text("utf-8")
