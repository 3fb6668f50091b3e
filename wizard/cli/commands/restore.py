"""`restore`: puts back a callback that ours took the place of, without listening."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import click

from wizard.checks.graph import version_findings
from wizard.checks.keyring_errors import finding_for_vault_error
from wizard.cli.input.options import json_option, profile_option, values_options
from wizard.cli.input.settings import settings_for, state_file
from wizard.cli.input.world import await_keyring, layout_for, progress_of, world_from_flags
from wizard.cli.output.json_text import json_text
from wizard.cli.output.lines import say, say_all
from wizard.cli.output.reports import report_lines
from wizard.findings import Finding, Report
from wizard.journeys.webhook.restoration import Restoration, collect_restoration_report
from wizard.settings import Settings
from wizard.state import Claims
from wizard.world import World

_EXAMPLES = """\b
Examples:
  whatsapp-wizard restore
  whatsapp-wizard restore --profile shop --json

Exit codes: 0 restored, or nothing to restore, 1 Meta rejected it, 3 no answer, 4 no keyring.
"""


@click.command(epilog=_EXAMPLES)
@values_options
@json_option
@profile_option
def restore(*, env: bool, env_file: Path | None, as_json: bool, profile: str | None) -> int:
    """Restore the callback URL that a killed listen replaced, without listening.

    A different URL that was registered meanwhile stays as it is.
    """
    settings = settings_for(profile, quiet=True)
    begun = time.monotonic()
    world = world_from_flags(settings, env, env_file)
    findings = asyncio.run(_restore(world, settings))
    report = Report.of(settings.profile, findings, round((time.monotonic() - begun) * 1000))
    if as_json:
        say(json_text(report.as_dict()))
    else:
        say_all(report_lines(report.in_layout(layout_for(settings, world))))
    return report.exit_code


async def _restore(world: World, settings: Settings) -> list[Finding]:
    state = state_file(settings)
    async with world:
        world.webhook = progress_of(settings).webhook
        if world.webhook.replaced:
            await await_keyring(world.load())
            if world.vault_error is not None:
                return [finding_for_vault_error(world.vault_error)]
        outcomes = await Restoration(world, state, [world.webhook.callback_url or ""]).run(
            Claims(state.folder)
        )
        return [*collect_restoration_report(outcomes), *version_findings(world.graph)]
