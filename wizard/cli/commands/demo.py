"""`demo`: the whole walk against the simulator, on screen or by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from wizard.cli.input.options import unused_profile_option
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
"""


@click.command(epilog=_EXAMPLES)
@click.option("--plain", is_flag=True, help="Run by itself and print every step and test.")
@click.option("--scenario", metavar="NAME", help="Simulate the failure NAME.")
@unused_profile_option
def demo(plain: bool, scenario: str | None) -> int:
    """Try everything: no Meta account, no network, nothing stored.

    Press ctrl+g in a field for its demo value.
    """
    if plain or not has_terminal():
        import asyncio

        from wizard.cli.runs.demo import run_by_itself

        return asyncio.run(run_by_itself(scenario))
    return run_app(lambda: _opening(scenario), demo_greeting)


def _opening(scenario: str | None) -> AbstractAsyncContextManager[Onboarding]:
    from wizard.cli.runs.demo import demonstration

    return demonstration(scenario, delay=_DELAY)
