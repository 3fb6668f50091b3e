"""Which operations each client was seen to use, and which the simulator answers with an example:
`used.json`, from which docs/conformance.md has its table. `UPDATE_USED=1 pytest` writes it anew."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from tests.conformance.operations import find
from wizard.simulator.graph_api.recorder import Exchange

PATH = Path(__file__).with_name("used.json")
VARIABLE = "UPDATE_USED"


def used() -> Mapping[str, list[str]]:
    """The operations' names, by the name of the client."""
    found: dict[str, list[str]] = json.loads(PATH.read_text("utf-8")) if PATH.exists() else {}
    return found


def check_used(client: str, exchanges: Iterable[Exchange]) -> None:
    """Asserts that the table says of a client what it was granted, or has the table say so."""
    granted = [one for one in exchanges if one.status == 200]
    note(client, {found.id for one in granted if (found := find(one))})


def note(name: str, operations: Iterable[str]) -> None:
    """Asserts that the table has these under a name, or has the table say so."""
    seen = sorted(operations)
    if os.environ.get(VARIABLE):
        PATH.write_text(
            json.dumps({**used(), name: seen}, indent=2, sort_keys=True) + "\n", "utf-8"
        )
    assert used().get(name) == seen, f"{VARIABLE}=1 pytest writes the table anew"
