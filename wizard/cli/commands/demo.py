"""`demo`: the whole walk against the simulator, on screen or by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wizard.cli.input.options import portal_option, unused_profile_option
from wizard.cli.runs.walk import demo_greeting, has_terminal, run_app

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from wizard.journeys.onboarding.onboarding import Onboarding


_DELAY = 0.25
"""Seconds before each pretended answer on screen, so that a test can be seen to run."""

_EXAMPLES = """\b
Examples:
  whatsapp-wizard demo
  whatsapp-wizard demo --plain
  whatsapp-wizard demo --plain --portal new
"""


@click.command(epilog=_EXAMPLES)
@click.option("--plain", is_flag=True, help="Run by itself and print every step and test.")
@click.option("--scenario", metavar="NAME", help="Simulate the failure NAME.")
@portal_option
@unused_profile_option
@click.pass_context
def demo(context: click.Context, plain: bool, scenario: str | None, layout: str | None) -> int:
    """Try everything: no Meta account, no network, nothing stored.

    Press ctrl+g in a field for its demo value.
    """
    layout = layout or context.find_root().params.get("layout")
    if plain or not has_terminal():
        import asyncio

        from wizard.cli.runs.demo import run_by_itself

        return asyncio.run(run_by_itself(scenario, layout))
    return run_app(lambda: _opening(scenario, layout), demo_greeting)


def _opening(scenario: str | None, layout: str | None) -> AbstractAsyncContextManager[Onboarding]:
    from wizard.cli.runs.demo import demonstration

    return demonstration(scenario, delay=_DELAY, layout=layout)
