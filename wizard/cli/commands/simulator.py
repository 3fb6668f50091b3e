"""`simulator`: the pretend Meta alone, for any client that speaks Graph."""

from __future__ import annotations

import asyncio
import shlex
import sys

import click

from wizard.cli.input.options import unused_profile_option
from wizard.cli.output.lines import say
from wizard.cli.runs.simulator import Simulation, scenarios, simulated
from wizard.values.credentials import CREDENTIALS, plain

_EXAMPLES = """\b
Examples:
  whatsapp-wizard simulator
  whatsapp-wizard simulator --port 8900 --scenario access_token.expired
  whatsapp-wizard simulator --list
"""


@click.command(epilog=_EXAMPLES)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; 0 for a free one."
)
@click.option("--scenario", metavar="NAME", help="Simulate the failure NAME.")
@click.option("--list", "as_list", is_flag=True, help="List the scenarios and exit.")
@unused_profile_option
def simulator(port: int, scenario: str | None, as_list: bool) -> int:
    """Answer Graph API calls on this machine as Meta does, until Ctrl+C.

    Prints its base URL and demo credentials as environment lines; they work nowhere else.
    Standard error describes the scenario and, for messages, the commands that show it.
    """
    if as_list:
        _list()
        return 0
    return asyncio.run(_serve(port, scenario))


async def _serve(port: int, scenario: str | None) -> int:
    async with simulated(scenario, port=port) as simulation:
        for line in environment(simulation):
            say(line)
        sys.stdout.flush()
        say(simulation.about or "Press Ctrl+C to stop.", err=True)
        for number, errand in enumerate(simulation.errands):
            say(f"{'In another terminal' if number else 'To see it'}: {errand}", err=True)
        for rehearsal in simulation.rehearsals:
            say(rehearsal, err=True)
        await asyncio.Event().wait()
    return 0


def environment(simulation: Simulation) -> list[str]:
    """The lines that point a client, ours included, at the simulation."""
    lines = [f"WHATSAPP_WIZARD_GRAPH_URL={simulation.base_url}"]
    for name, value in simulation.values.present():
        lines.append(f"{CREDENTIALS[name].env}={shlex.quote(plain(value))}")
    return lines


def _list() -> None:
    for name, about in scenarios():
        say(f"{name:<44} {about}")
