"""Named faults: a table of the ways to break a healthy world, and the one call that does it."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

from wizard.simulator.faults import app, graph, message, phone, token, waba, webhook
from wizard.simulator.faults.definitions import Scenario
from wizard.simulator.meta import Meta
from wizard.simulator.world.state import demo_values
from wizard.values.credentials import Values

__all__ = ["SCENARIOS", "Scenario", "UnknownScenarioError", "scenario"]

SCENARIOS: Mapping[str, Scenario] = {
    found.name: found
    for room in (graph, app, token, waba, phone, webhook, message)
    for found in room.SCENARIOS
}


class UnknownScenarioError(KeyError):
    """No fault has this name; the text names those that come near."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.near = difflib.get_close_matches(name, SCENARIOS, n=3, cutoff=0.5)

    def __str__(self) -> str:
        near = f"Did you mean {' or '.join(self.near)}?" if self.near else ""
        way_out = near or "To list them, run whatsapp-wizard simulator --list."
        return f"There is no scenario {self.args[0]!r}. {way_out}"


def scenario(name: str, meta: Meta | None = None) -> tuple[Meta, Values]:
    """A world broken as the name says, ready to serve, and the values that its victim has.

    `meta` is the world to break, a healthy one if left out. Raises `UnknownScenarioError`.
    """
    if name not in SCENARIOS:
        raise UnknownScenarioError(name)
    meta = meta or Meta()
    return meta, SCENARIOS[name].break_(meta, demo_values(meta))
