"""The one door to the simulator: a pretend Meta, served on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import click

from wizard.credentials import Values
from wizard.threads import blocking

_IMPORT_LIMIT = 60.0


@dataclass(frozen=True)
class Simulation:
    """Where the pretend Meta answers, and the six values of its developer."""

    base_url: str
    values: Values
    about: str = ""


@asynccontextmanager
async def simulated(
    scenario: str | None = None, *, port: int = 0, delay: float = 0.0
) -> AsyncIterator[Simulation]:
    """Serves Meta until the block is left; `scenario` breaks it in that way, and `delay` seconds
    pass before each answer. Raises `click.ClickException` for a taken port and an unknown name.
    """
    # Importing the server takes 0.2 s, which a screen that is already up would feel.
    await blocking(_import, limit=_IMPORT_LIMIT)
    from wizard.simulator import (
        SCENARIOS,
        Meta,
        PortInUseError,
        UnknownScenarioError,
        create_app,
        demo_values,
        serve,
    )
    from wizard.simulator import scenario as broken

    meta = Meta(delay=delay)
    try:
        meta, values = broken(scenario, meta) if scenario else (meta, demo_values(meta))
    except UnknownScenarioError as error:
        raise click.UsageError(str(error)) from None
    async with AsyncExitStack() as stack:
        try:
            base_url = await stack.enter_async_context(serve(create_app(meta), port))
        except PortInUseError:
            raise click.ClickException(f"Port {port} is taken; name another, or none.") from None
        except OSError as error:
            raise click.ClickException(f"Port {port} can't be had: {error.strerror}.") from None
        address = SCENARIOS[scenario].address(base_url) if scenario else base_url
        yield Simulation(address, values, SCENARIOS[scenario].about if scenario else "")


def scenarios() -> Iterator[tuple[str, str]]:
    """The name of each scenario, and what it breaks."""
    from wizard.simulator import SCENARIOS

    for name, scenario in SCENARIOS.items():
        yield name, scenario.about


def _import() -> None:
    import wizard.simulator  # noqa: F401
