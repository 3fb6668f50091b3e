"""The page of the events is what the endpoint makes of a payload of each kind, written out."""

from __future__ import annotations

import runpy
from pathlib import Path

from tests.webhook.kinds import kinds
from wizard.webhook.summary import known_fields

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_up_to_date() -> None:
    written = runpy.run_path(str(DOCS / "write_events.py"))
    assert (DOCS / "events.md").read_text("utf-8") == written["page"](), (
        "run python docs/write_events.py"
    )


def test_every_field_that_words_are_kept_for_is_on_it() -> None:
    rare = {"group_participant_update", "business_username_updates"}
    assert set(known_fields()) - rare <= {kind.field for kind in kinds()}
