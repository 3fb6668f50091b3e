"""A pretend Meta on loopback: `serve(create_app(Meta()))` answers Graph calls as Meta does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.simulator.graph_api.app import create_app
from wizard.simulator.meta import Meta
from wizard.simulator.serve import PortInUseError, serve
from wizard.simulator.world.state import demo_values

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


def __getattr__(name: str) -> object:
    """What breaks a world is imported by who breaks one: most runs of the simulator don't."""
    if name in __all__:
        from wizard.simulator import faults

        found: object = getattr(faults, name)
        return found
    raise AttributeError(name)
