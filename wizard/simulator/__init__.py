"""A pretend Meta on loopback: `serve(create_app(Meta()))` answers Graph calls as Meta does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.simulator.graph_api.app import create_app
from wizard.simulator.meta import Meta
from wizard.simulator.serve import PortInUseError, serve
from wizard.simulator.world.state import demo_values
from wizard.support.late_names import names_from

if TYPE_CHECKING:
    from wizard.simulator.faults import SCENARIOS, Scenario, UnknownScenarioError, scenario

__all__ = [
    "SCENARIOS",
    "Meta",
    "PortInUseError",
    "Scenario",
    "UnknownScenarioError",
    "create_app",
    "demo_values",
    "scenario",
    "serve",
]

# What breaks a world is loaded by who breaks one: most runs of the simulator don't.
__getattr__ = names_from(
    __name__, {"faults": ("SCENARIOS", "Scenario", "UnknownScenarioError", "scenario")}
)
