"""A pretend Meta on loopback: `serve(create_app(Meta()))` answers Graph calls as Meta does."""

from __future__ import annotations

from wizard.simulator.faults import SCENARIOS, Scenario, UnknownScenarioError, scenario
from wizard.simulator.graph_api.app import create_app
from wizard.simulator.meta import Meta
from wizard.simulator.serve import PortInUseError, serve
from wizard.simulator.world.state import demo_values

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
