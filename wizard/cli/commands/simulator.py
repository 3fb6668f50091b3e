"""`simulator`: the pretend Meta alone, for any client that speaks Graph."""

from __future__ import annotations

import asyncio
import shlex
import sys

import click

from wizard.cli.input.options import unused_profile_option
from wizard.cli.input.urls import check_url
from wizard.cli.output.lines import say
from wizard.cli.runs.simulator import Simulation, scenarios, simulated
from wizard.cli.runs.talking import Conversation
from wizard.values.credentials import CREDENTIALS, plain

_EXAMPLES = """\b
Examples:
  whatsapp-wizard simulator
  whatsapp-wizard simulator --say halo --callback http://127.0.0.1:8000/webhook
  whatsapp-wizard simulator --port 8900 --scenario access_token.expired
  whatsapp-wizard simulator --list

While it runs, type what a customer does: say TEXT, image, location, button TITLE, react EMOJI,
call, as NUMBER, as US.…
"""
_ANYBODY = "any"
_MAX_ALLOWED = 5


@click.command(epilog=_EXAMPLES)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Port to listen on; 0 for a free one."
)
@click.option(
    "--say", "texts", metavar="TEXT", multiple=True, help="Simulate a customer who writes TEXT."
)
@click.option(
    "--allow",
    "allowed",
    metavar="NUMBER|any",
    multiple=True,
    help="Allow the test number to message NUMBER, or anyone.",
)
@click.option(
    "--callback",
    metavar="URL",
    help="Register URL as the app's callback, with the printed verify token.",
)
@click.option("--scenario", metavar="NAME", help="Simulate the failure NAME.")
@click.option("--list", "as_list", is_flag=True, help="List the scenarios and exit.")
@unused_profile_option
def simulator(
    port: int,
    scenario: str | None,
    as_list: bool,
    *,
    texts: tuple[str, ...],
    allowed: tuple[str, ...],
    callback: str | None,
) -> int:
    """Answer Graph API calls on this machine as Meta does, until Ctrl+C.

    Prints its base URL, demo credentials and the allowed recipient as environment lines; they work
    nowhere else. Standard error describes the scenario and, for messages, the commands that show
    it, and each request that is not simulated.

    A customer's message waits until a callback is registered. POST /_simulator/messages sends
    messages of any type.
    """
    if as_list:
        _list()
        return 0
    return asyncio.run(_serve(port, texts, [_number(one) for one in allowed], callback, scenario))


async def _serve(
    port: int,
    texts: tuple[str, ...],
    allowed: list[str],
    callback: str | None,
    scenario: str | None,
) -> int:
    if len(allowed) > _MAX_ALLOWED:
        raise click.UsageError(
            f"A test number has {_MAX_ALLOWED} recipients at most. To allow everybody: --allow any"
        )
    check_url(callback, "--callback")
    talk = Conversation(texts, callback)
    async with simulated(
        scenario, port=port, allowed=allowed, on_unsimulated=talk.tell_unsimulated
    ) as simulation:
        for line in environment(simulation):
            say(line)
        sys.stdout.flush()
        say(simulation.about or "Press Ctrl+C to stop.", err=True)
        for number, errand in enumerate(simulation.errands):
            say(f"{'In another terminal' if number else 'To see it'}: {errand}", err=True)
        for rehearsal in simulation.rehearsals:
            say(rehearsal, err=True)
        await talk.run(simulation)
    return 0


def environment(simulation: Simulation) -> list[str]:
    """The lines that point a client, ours included, at the simulation."""
    lines = [f"WHATSAPP_WIZARD_GRAPH_URL={simulation.base_url}"]
    for name, value in simulation.values.present():
        lines.append(f"{CREDENTIALS[name].env}={shlex.quote(plain(value))}")
    return [*lines, f"WHATSAPP_RECIPIENT={simulation.customers.recipient}"]


def _number(given: str) -> str:
    """In digits, or `any`."""
    if given.strip().lower() == _ANYBODY:
        return _ANYBODY
    digits = "".join(char for char in given if char in "0123456789")
    if not 5 <= len(digits) <= 15 or any(char.isalpha() for char in given):
        raise click.UsageError(f"--allow takes a phone number or any; {given!r} is neither.")
    return digits


def _list() -> None:
    for name, about in scenarios():
        say(f"{name:<44} {about}")
