"""`simulator`: the pretend Meta alone, for any client that speaks Graph."""

from __future__ import annotations

import asyncio
import shlex
import sys

import click

from wizard.cli.input.options import unused_profile_option
from wizard.cli.output.reports import say
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
    "--port", type=click.IntRange(0, 65535), default=0, help="A port; 0 takes a free one."
)
@click.option("--scenario", metavar="NAME", help="Break it in a named way.")
@click.option("--list", "as_list", is_flag=True, help="List the scenarios and end.")
@unused_profile_option
def simulator(port: int, scenario: str | None, as_list: bool) -> int:
    """Answer Graph calls on this machine as Meta does, until Ctrl+C.

    Prints its base URL and the credentials of its developer as environment lines; none of them
    is worth anything anywhere else. What a scenario breaks is said on standard error, with the
    commands that meet it where that is a message.
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
        say(simulation.about or "Ctrl+C ends it.", err=True)
        for number, errand in enumerate(simulation.errands):
            say(f"{'And beside it' if number else 'To meet it'}: {errand}", err=True)
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
